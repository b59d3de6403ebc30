"""Step r.5."""

from checks.violation import judge
from fixtures.hosts.store_host import WindowsHost
from fixtures.tables.steps import step


@step("r.5", "Every trust is as it was before the change")
def test_verify(keeper: WindowsHost) -> None:
    """Each edge of the trust table works, or does not, exactly as it did before the change."""
    judge(keeper.way_back.edge_violations())
