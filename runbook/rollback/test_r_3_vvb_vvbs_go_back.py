"""Step r.3.vvb."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.actions.rollback.vvb import VvbRollback
from fixtures.hosts.vvb import VvbServer
from fixtures.tables.steps import step


@step("r.3.vvb", "VVBs go back to the old certificates")
def test_vvbs_go_back(vvb: VvbServer, vvb_rollback: VvbRollback, perform: Perform) -> None:
    """Delete the entries of this change, upload the earlier ones again, and restart the VVB together with its side."""
    perform(vvb_rollback.commands(), unless=vvb_rollback.already)
    judge(vvb_rollback.violations())
