"""Step c.1."""

from checks.violation import judge
from fixtures.actions.cleanup import Cleanup
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("c.1", "Remove what a change has left on a host")
def test_remove_what_a_change_has_left(keeper: StoreHost, cleanup: Cleanup, perform: Perform) -> None:
    """Remove the change's folders beside the stores, with the copies from before it: then no rollback is possible.

    A folder stays while it is younger than `--older-than`, and while it holds the last copy of something that could
    still be used. Refused if the change is not finished on the host.
    """
    perform(cleanup.commands(), unless=cleanup.already)
    cleanup.evidence()
    judge(cleanup.violations())
