"""Step 0.5."""

from fixtures.hosts.endpoint import Endpoint
from fixtures.tables.steps import step
from fixtures.verify.preflight import Look


@step("0.5", "What is presented and which trusts work now")
def test_presented(endpoint: Endpoint, look: Look) -> None:
    """The certificates on all ports and the edges of the trust table as they are before anything changes."""
    look(endpoint, "0.5")
