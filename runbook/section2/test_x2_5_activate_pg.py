"""Step x2.5.activate."""

from checks.violation import judge
from fixtures.actions.activation import Activation
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("x2.5.activate", "Activate the trust stores of PGs")
def test_activate_pg(importer: StoreHost, activation: Activation, perform: Perform) -> None:
    """Move the staged copy over the live trust store in one step, then restart Apache Tomcat if the host has it."""
    perform(activation.commands(), unless=activation.already)
    judge(activation.violations())
