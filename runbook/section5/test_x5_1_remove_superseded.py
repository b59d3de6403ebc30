"""Step x5.1."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.actions.tidying import Tidying
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("x5.1", "Remove superseded certificates")
def test_remove_superseded(keeper: StoreHost, tidying: Tidying, perform: Perform) -> None:
    """Trusted entries that were a server's certificate before this change, or earlier, and are presented no more.

    Whatever their alias; what the inventory accepts (rule superseded) stays, as every other entry does. It takes
    effect at the next restart; none is made for it.
    """
    perform(tidying.commands(), unless=tidying.already)
    judge(tidying.violations())
