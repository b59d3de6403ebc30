"""Step x3.4.activate."""

from checks.violation import judge
from fixtures.actions.activation import Activation
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("x3.4.activate", "Activate the trust stores of Roggers")
def test_activate_roggers(importer: StoreHost, activation: Activation, perform: Perform) -> None:
    """Move the staged copy over the live trust store in one step, then restart Tomcat if the server has it.

    Refused if the live store has changed since it was copied.
    """
    perform(activation.commands(), unless=activation.already)
    judge(activation.violations())
