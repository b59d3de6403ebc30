"""Step 0.3."""

from fixtures.hosts.windows import WindowsHost
from fixtures.look import Look
from fixtures.tables.steps import step


@step("0.3", "Keystore or trust store")
def test_stores(keeper: WindowsHost, look: Look) -> None:
    """The store exists, opens with its password as the right type, and is the one its service is told to read."""
    look(keeper, "0.3")
