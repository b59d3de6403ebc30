"""Step 0.6."""

from fixtures.hosts.windows import WindowsHost
from fixtures.look import Look
from fixtures.steps import step


@step("0.6", "What will be deleted is self-signed")
def test_self_signed(server: WindowsHost, look: Look) -> None:
    """A certificate signed by a CA is not replaced by a self-signed one, unless the inventory says so for that host."""
    look(server, "0.6")
