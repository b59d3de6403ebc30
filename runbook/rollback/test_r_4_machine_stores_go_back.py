"""Step r.4.machine."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.actions.rollback.machine_stores import MachineRollback
from fixtures.hosts.windows_server import WindowsServer
from fixtures.tables.steps import step


@step("r.4.machine", "Take this change's certificates out of machine stores")
def test_machine_stores_go_back(windows: WindowsServer, machine_rollback: MachineRollback, perform: Perform) -> None:
    """The certificates that this change has added to the stores of the Windows machine itself are taken out again.

    By now every CVP server presents its earlier certificates, which have stayed there.
    """
    perform(machine_rollback.commands(), unless=machine_rollback.already)
    judge(machine_rollback.violations())
