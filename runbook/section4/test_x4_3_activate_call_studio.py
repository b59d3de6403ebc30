"""Step x4.3.activate."""

from checks.violation import judge
from fixtures.actions.activation import Activation
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("x4.3.activate", "Activate the trust store of Call Studio")
def test_activate_call_studio(importer: StoreHost, activation: Activation, perform: Perform) -> None:
    """Move the staged copy over the live trust store in one step; Call Studio reads it at its next start."""
    perform(activation.commands(), unless=activation.already)
    judge(activation.violations())
