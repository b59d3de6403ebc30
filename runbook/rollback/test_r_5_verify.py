"""Step r.5."""

from checks.violation import judge
from fixtures.actions.rollback.host import HostRollback
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("r.5", "Every trust is as it was before the change")
def test_verify(keeper: StoreHost, rollback: HostRollback) -> None:
    """Each trust that worked before the change works, and no other does."""
    judge(rollback.edge_violations())
