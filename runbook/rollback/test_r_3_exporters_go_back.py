"""Step r.3."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.actions.rollback.host import HostRollback
from fixtures.hosts.cvp import CvpHost
from fixtures.tables.steps import step


@step("r.3", "CVP servers go back to their old certificates")
def test_exporters_go_back(cvp: CvpHost, rollback: HostRollback, perform: Perform) -> None:
    """Replace the keystore by the copy from before the change, then restart each service; side A before side B.

    If others have changed it since, only this change's entries are rolled back. Where the server trusts another one
    that has not returned yet, outside the trust table, its keys alone return; the rest follows with step r.4.
    """
    perform(rollback.restore(), unless=rollback.restored)
    judge(rollback.violations())
