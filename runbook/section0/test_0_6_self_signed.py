"""Step 0.6."""

from fixtures.hosts.cvp import CvpHost
from fixtures.tables.steps import step
from fixtures.verify.preflight import Preflight


@step("0.6", "What will be deleted is self-signed")
def test_self_signed(cvp: CvpHost, preflight: Preflight) -> None:
    """A certificate signed by a CA is only replaced by a self-signed one if the inventory allows it for that host."""
    preflight(cvp, "0.6")
