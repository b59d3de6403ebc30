"""Step r.4."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.actions.rollback.host import HostRollback
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("r.4", "Trust stores return")
def test_importers_go_back(trust_store: StoreHost, rollback: HostRollback, perform: Perform) -> None:
    """Replace each trust store by the copy from before the change, then restart its services; the principal ADS last.

    If others have changed it since, only this change's entries are rolled back.
    """
    perform(rollback.restore(), unless=rollback.restored)
    judge(rollback.violations())
