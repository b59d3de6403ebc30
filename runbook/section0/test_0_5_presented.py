"""Step 0.5."""

from fixtures.hosts.endpoint import Endpoint
from fixtures.tables.steps import step
from fixtures.verify.preflight import Preflight


@step("0.5", "What is presented and which trusts work now")
def test_presented(endpoint: Endpoint, preflight: Preflight) -> None:
    """Record the certificates on all ports, and which edges of the trust table work, before anything changes."""
    preflight(endpoint, "0.5")
