"""Step 0.4."""

from fixtures.hosts.managed import ManagedServer
from fixtures.look import Look
from fixtures.steps import step


@step("0.4", "Services")
def test_services(server: ManagedServer, look: Look) -> None:
    """Every service that will restart is there, by its name, and the host tells when it was started.

    That is asked of PowerShell, the one thing it is used for: no program of cmd.exe tells it without an offset.
    """
    look(server, "0.4")
