"""Step 0.4."""

from fixtures.hosts.managed import ManagedServer
from fixtures.tables.steps import step
from fixtures.verify.preflight import Preflight


@step("0.4", "Services")
def test_services(server: ManagedServer, preflight: Preflight) -> None:
    """Every service that will restart is there, by its name, and the host tells when it was started.

    That is asked of PowerShell: no program of cmd.exe tells it without an offset. It is used for one thing more, where
    the inventory has a server of the CCE drained: the guide knows maintenance mode as a PowerShell script alone. That
    what drains a server is there, and can run, is asked here too.
    """
    preflight(server, "0.4")
