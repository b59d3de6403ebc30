"""Step r.4."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.actions.rollback.host import HostRollback
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("r.4", "Trust stores return")
def test_importers_go_back(keeper: StoreHost, rollback: HostRollback, perform: Perform) -> None:
    """Replace each trust store by the copy from before the change, then restart its services; the principal ADS last.

    If others have changed it since, only this change's entries are rolled back. A CVP server whose keys returned first
    (step r.3), because it trusts another one outside the trust table, gets the rest of its keystore back here.
    """
    perform(rollback.restore_rest(), unless=rollback.restored)
    judge(rollback.violations())
