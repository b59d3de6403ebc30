"""Step 0.3."""

from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step
from fixtures.verify.preflight import Preflight


@step("0.3", "Keystore or trust store")
def test_stores(keeper: StoreHost, preflight: Preflight) -> None:
    """The store exists, opens with its password, is of the right type, and is the one that its service reads."""
    preflight(keeper, "0.3")
