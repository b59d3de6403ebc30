"""Step 0.1."""

from fixtures.hosts.windows_server import WindowsServer
from fixtures.tables.steps import step
from fixtures.verify.preflight import Look


@step("0.1", "Reached, logged in, elevated")
def test_reach(windows: WindowsServer, look: Look) -> None:
    """The login has the rights of an elevated administrator."""
    look(windows, "0.1")
