"""Step 0.2."""

from fixtures.hosts.managed import ManagedServer
from fixtures.tables.steps import step
from fixtures.verify.preflight import Look


@step("0.2", "Name and clock")
def test_names_and_clocks(server: ManagedServer, look: Look) -> None:
    """The host's own name is the FQDN of the inventory, and its clock is within 5 minutes of this machine's."""
    look(server, "0.2")
