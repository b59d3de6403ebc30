"""Step x1.5.activate."""

from checks.violation import judge
from fixtures.actions.found.trust_first import TrustFirst
from fixtures.actions.perform import Perform
from fixtures.hosts.cvp import CvpHost
from fixtures.tables.steps import step


@step("x1.5.activate", "Make CVP servers trust each other's new certificates before any presents its own")
def test_activate_trust_first(cvp: CvpHost, trust_first: TrustFirst, perform: Perform) -> None:
    """Only where step 0.8 has found that a CVP server trusts another one; nothing is sent to any other server.

    The trusted certificates that are staged for the server go live in a copy of their own, and its services restart.
    Its new keys follow with step 1.4.iii, and with them a second restart. Side A before B.
    """
    perform(trust_first.commands(), unless=trust_first.already)
    judge(trust_first.violations())
