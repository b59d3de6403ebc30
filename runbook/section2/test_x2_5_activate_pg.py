"""Step x2.5.activate."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import WindowsHost
from fixtures.tables.steps import step


@step("x2.5.activate", "Activate the trust stores of PGs")
def test_activate_pg(importer: WindowsHost, perform: Perform) -> None:
    """The staged copy is moved over the live trust store in one step; Apache Tomcat restarts where the host has one."""
    perform(importer.activation.commands(), unless=importer.activation.already)
    judge(importer.activation.violations())
