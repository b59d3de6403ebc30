"""Step 0.2."""

from fixtures.hosts.managed import ManagedServer
from fixtures.tables.steps import step
from fixtures.verify.preflight import Preflight


@step("0.2", "Name and clock")
def test_names_and_clocks(server: ManagedServer, preflight: Preflight) -> None:
    """The host's own name is the FQDN of the inventory, and its clock is within 5 minutes of this machine's."""
    preflight(server, "0.2")
