"""Step x1.6."""

from checks.violation import judge
from fixtures.actions.found.machine_stores import MachineTrusts
from fixtures.actions.perform import Perform
from fixtures.hosts.windows_server import WindowsServer
from fixtures.tables.steps import step


@step("x1.6", "Add new certificates to machine stores that hold the old ones")
def test_add_to_machine_stores(windows: WindowsServer, machine_trusts: MachineTrusts, perform: Perform) -> None:
    """Only where step 0.8 has found a certificate that changes in a store of the Windows machine itself.

    CiscoCertUtil brings a CVP server's certificate there for a VRU PG. The new one is added beside the old one, before
    its server presents it, and is read back; the old one stays.
    """
    perform(machine_trusts.commands(), unless=machine_trusts.already)
    judge(machine_trusts.violations())
