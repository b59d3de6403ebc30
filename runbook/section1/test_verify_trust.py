"""Verification of section 1: trust."""

from fixtures.hosts.windows import WindowsHost
from fixtures.steps import step
from fixtures.verification import verify_trust


@step("v1.trust", "Verify the trust in the other servers")
def test_verify_trust(server: WindowsHost) -> None:
    """Every certificate this server must trust is in its store under the documented alias.

    It is what the other server presents now, and the service that uses the store started after its last write.
    """
    verify_trust(server)
