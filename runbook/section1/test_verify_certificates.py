"""Verification of section 1: certificates."""

from fixtures.hosts.windows import WindowsHost
from fixtures.steps import step
from fixtures.verification import verify_certificates


@step("v1.certificates", "Verify the certificates that are presented")
def test_verify_certificates(server: WindowsHost) -> None:
    """Each certificate on each port meets the policy, and is the one that the host's own store holds."""
    verify_certificates(server)
