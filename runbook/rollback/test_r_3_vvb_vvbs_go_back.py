"""Step r.3.vvb."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.hosts.vvb import VvbServer
from fixtures.tables.steps import step


@step("r.3.vvb", "VVBs go back to the old certificates")
def test_vvbs_go_back(vvb: VvbServer, perform: Perform) -> None:
    """What this change brought is deleted, what stood there before is uploaded, and the VVB restarts with its side."""
    perform(vvb.way_back.commands(), unless=vvb.way_back.already)
    judge(vvb.way_back.violations())
