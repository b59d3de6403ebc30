"""Step 0.7."""

from fixtures.hosts.windows import WindowsHost
from fixtures.look import Look
from fixtures.steps import step


@step("0.7", "Who else holds these certificates")
def test_other_holders(server: WindowsHost, look: Look) -> None:
    """Holders outside the trust table (CUBE, SIP trunks, VRU PG ...) as the inventory names them."""
    look(server, "0.7")
