"""Step x3.4.activate."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import WindowsHost
from fixtures.tables.steps import step


@step("x3.4.activate", "Activate the trust stores of Roggers")
def test_activate_roggers(importer: WindowsHost, perform: Perform) -> None:
    """The staged copy is moved over the live trust store in one step, then Tomcat restarts where the server has it.

    Refused when the live store is no longer the one that was copied.
    """
    perform(importer.activation.commands(), unless=importer.activation.already)
    judge(importer.activation.violations())
