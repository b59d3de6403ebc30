"""Step 1.4.iii."""

from checks.violation import judge
from fixtures.actions.activation import Activation
from fixtures.actions.perform import Perform
from fixtures.hosts.cvp import CvpHost
from fixtures.tables.steps import step


@step("1.4.iii", "Activate the keystore and restart the CVP services")
def test_activate_cvp(cvp: CvpHost, activation: Activation, perform: Perform) -> None:
    """Move the staged copy over the live keystore in one step, then restart each service once; side A before side B.

    Refused if an ADS server that trusts this server now would lose that trust. If others hold its certificates too
    (`also_trusted_by`), a person confirms first that they have the new ones. Services that were stopped before the
    change stay stopped. Verified by the certificates that all ports present afterwards.
    """
    perform(activation.commands(), unless=activation.already)
    judge(activation.violations())
