"""Step 0.4."""

from fixtures.hosts.windows import WindowsHost
from fixtures.look import Look
from fixtures.steps import step


@step("0.4", "Services")
def test_services(server: WindowsHost, look: Look) -> None:
    """Every service that will restart is there, by its name."""
    look(server, "0.4")
