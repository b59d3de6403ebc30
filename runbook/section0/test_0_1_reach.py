"""Step 0.1."""

from fixtures.hosts.windows_server import WindowsServer
from fixtures.tables.steps import step
from fixtures.verify.preflight import Preflight


@step("0.1", "Reached, logged in, elevated")
def test_reach(windows: WindowsServer, preflight: Preflight) -> None:
    """The login has the rights of an elevated administrator."""
    preflight(windows, "0.1")
