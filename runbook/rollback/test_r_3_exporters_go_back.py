"""Step r.3."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.hosts.cvp import CvpHost
from fixtures.tables.steps import step


@step("r.3", "CVP servers go back to their old certificates")
def test_exporters_go_back(cvp: CvpHost, perform: Perform) -> None:
    """The keystore returns to its bytes from before the change, then each service restarts; side A before side B."""
    perform(cvp.way_back.restore(), unless=cvp.way_back.restored)
    judge(cvp.way_back.violations())
