"""Step 1.2.d."""

from checks.violation import judge
from fixtures.actions.activation import Activation
from fixtures.actions.perform import Perform
from fixtures.hosts.cce import CceHost
from fixtures.tables.steps import step


@step("1.2.d", "Activate the trust store and restart Apache Tomcat")
def test_activate_ads(ads: CceHost, activation: Activation, perform: Perform) -> None:
    """Move the staged copy over the live trust store in one step, then restart Tomcat; the principal ADS comes last.

    Refused if the live store has changed since it was copied.
    """
    perform(activation.commands(), unless=activation.already)
    judge(activation.violations())
