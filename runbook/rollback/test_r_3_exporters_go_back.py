"""Step r.3."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.actions.rollback.host import HostRollback
from fixtures.hosts.cvp import CvpHost
from fixtures.tables.steps import step


@step("r.3", "CVP servers go back to their old certificates")
def test_exporters_go_back(cvp: CvpHost, rollback: HostRollback, perform: Perform) -> None:
    """The keystore returns to its bytes from before the change, then each service restarts; side A before side B."""
    perform(rollback.restore(), unless=rollback.restored)
    judge(rollback.violations())
