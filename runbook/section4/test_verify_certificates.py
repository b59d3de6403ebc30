"""Verification of section 4: certificates."""

from fixtures.hosts.endpoint import Endpoint
from fixtures.tables.steps import step
from fixtures.verify.certificates import verify_certificates


@step("v4.certificates", "Verify the certificates that web services present")
def test_verify_certificates(presenter: Endpoint) -> None:
    """Each certificate on each port meets the policy, and is confirmed by the inventory's fingerprint or CA file."""
    verify_certificates(presenter, "4")
