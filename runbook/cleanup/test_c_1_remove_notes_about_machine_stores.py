"""Step c.1.machine."""

from checks.violation import judge
from fixtures.actions.found.cleanup import MachineCleanup
from fixtures.actions.perform import Perform
from fixtures.hosts.windows_server import WindowsServer
from fixtures.tables.steps import step


@step("c.1.machine", "Remove a change's note about machine stores")
def test_remove_notes_about_machine_stores(
    windows: WindowsServer, machine_cleanup: MachineCleanup, perform: Perform
) -> None:
    """Remove the note of what the change has added to the machine's own stores: then no rollback takes it out.

    It stays while it is younger than `--older-than`. What was added stays.
    """
    perform(machine_cleanup.commands(), unless=machine_cleanup.already)
    machine_cleanup.evidence()
    judge(machine_cleanup.violations())
