"""Step 0.4."""

from fixtures.hosts.managed import ManagedServer
from fixtures.tables.steps import step
from fixtures.verify.preflight import Preflight


@step("0.4", "Services")
def test_services(server: ManagedServer, preflight: Preflight) -> None:
    """Every service that will be restarted exists under its name, and the host reports when it was started.

    PowerShell reads the start time, because no program of cmd.exe prints it in UTC. Where the inventory asks for calls
    to be drained, this step also checks that the host has the means: the service controller of CVP, or the script of
    maintenance mode on a server of the CCE, which needs PowerShell too.
    """
    preflight(server, "0.4")
