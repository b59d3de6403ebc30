"""Verification of section 1: certificates."""

from fixtures.hosts.endpoint import Endpoint
from fixtures.tables.steps import step
from fixtures.verify.certificates import verify_certificates


@step("v1.certificates", "Verify the certificates that CVP and ADS servers present")
def test_verify_certificates(presenter: Endpoint) -> None:
    """Each certificate on each port meets the policy, and is confirmed by the host itself."""
    verify_certificates(presenter, "1")
