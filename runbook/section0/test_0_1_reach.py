"""Step 0.1."""

from fixtures.hosts.server import WindowsServer
from fixtures.look import Look
from fixtures.tables.steps import step


@step("0.1", "Reached, logged in, elevated")
def test_reach(windows: WindowsServer, look: Look) -> None:
    """The login has the rights of an elevated administrator."""
    look(windows, "0.1")
