"""Step 0.1."""

from fixtures.hosts.windows import WindowsHost
from fixtures.look import Look
from fixtures.steps import step


@step("0.1", "Reached, logged in, elevated")
def test_reach(server: WindowsHost, look: Look) -> None:
    """The login has the rights of an elevated administrator."""
    look(server, "0.1")
