"""Step 0.1.login."""

from fixtures.hosts.managed import ManagedServer
from fixtures.tables.steps import step
from fixtures.verify.preflight import Preflight


@step("0.1.login", "Log in")
def test_login(server: ManagedServer, preflight: Preflight) -> None:
    """A credential that one host refuses is not tried again in this run, so that no account gets locked."""
    preflight(server, "0.1.login")
