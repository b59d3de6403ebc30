"""Step 0.1.login."""

from fixtures.hosts.managed import ManagedServer
from fixtures.tables.steps import step
from fixtures.verify.preflight import Preflight


@step("0.1.login", "Log in")
def test_login(server: ManagedServer, preflight: Preflight) -> None:
    """A refused credential is never tried a second time in a run, so that no account is locked by it."""
    preflight(server, "0.1.login")
