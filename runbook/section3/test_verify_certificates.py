"""Verification of section 3: certificates."""

from fixtures.hosts.endpoint import Endpoint
from fixtures.tables.steps import step
from fixtures.verify.certificates import verify_certificates


@step("v3.certificates", "Verify the certificates that Roggers, PGs, ADS servers and ECE present")
def test_verify_certificates(presenter: Endpoint) -> None:
    """Each certificate on each port meets the policy, and the host (or the inventory's fingerprint) confirms it."""
    verify_certificates(presenter, "3")
