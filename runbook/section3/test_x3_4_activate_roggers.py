"""Step x3.4.activate."""

from checks.violation import judge
from fixtures.actions.activation import Activation
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("x3.4.activate", "Activate the trust stores of Roggers")
def test_activate_roggers(importer: StoreHost, activation: Activation, perform: Perform) -> None:
    """The staged copy is moved over the live trust store in one step, then Tomcat restarts where the server has it.

    Refused when the live store is no longer the one that was copied.
    """
    perform(activation.commands(), unless=activation.already)
    judge(activation.violations())
