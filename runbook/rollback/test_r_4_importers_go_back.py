"""Step r.4."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import WindowsHost
from fixtures.tables.steps import step


@step("r.4", "Trust stores return")
def test_importers_go_back(trust_store: WindowsHost, perform: Perform) -> None:
    """Each trust store returns to its bytes from before, then what reads it restarts; the principal ADS comes last."""
    perform(trust_store.way_back.restore(), unless=trust_store.way_back.restored)
    judge(trust_store.way_back.violations())
