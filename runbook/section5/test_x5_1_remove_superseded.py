"""Step x5.1."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.actions.tidying import Tidying
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("x5.1", "Remove superseded certificates")
def test_remove_superseded(keeper: StoreHost, tidying: Tidying, perform: Perform) -> None:
    """Remove trusted entries that were a server's certificate before this change, or earlier, and no longer are.

    The alias does not matter. Entries that the inventory accepts (rule superseded) stay, as do all others. The removal
    takes effect at the next restart of the services; this step restarts nothing.
    """
    perform(tidying.commands(), unless=tidying.already)
    judge(tidying.violations())
