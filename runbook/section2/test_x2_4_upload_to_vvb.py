"""Step x2.4."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.actions.vvb_trust import VvbTrust
from fixtures.hosts.vvb import VvbServer
from fixtures.tables.steps import step


@step("x2.4", "Upload the CVP servers' certificates to VVBs and restart")
def test_upload_to_vvb(vvb: VvbServer, vvb_trust: VvbTrust, perform: Perform) -> None:
    """Upload those certificates of each CVP server (VXML, CallServer) that the VVB uses, to its tomcat-trust list.

    A VVB keeps one certificate per common name: the new one replaces the old one. It is changed together with the CVP
    servers of its own side and restarts once: Tomcat and Engine for secure HTTP, the whole appliance for secure SIP.
    The list is read back.
    """
    perform(vvb_trust.commands(), unless=vvb_trust.already)
    judge(vvb_trust.violations())
