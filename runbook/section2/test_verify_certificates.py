"""Verification of section 2: certificates."""

from fixtures.hosts.endpoint import Endpoint
from fixtures.tables.steps import step
from fixtures.verify.certificates import verify_certificates


@step("v2.certificates", "Verify the certificates that VOS nodes present")
def test_verify_certificates(presenter: Endpoint) -> None:
    """Each certificate on each port meets the policy, and the node (or the inventory's fingerprint) confirms it."""
    verify_certificates(presenter, "2")
