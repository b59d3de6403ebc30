"""Step r.1."""

from fixtures.actions.perform import Perform
from fixtures.actions.rollback.host import HostRollback
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("r.1", "Remove staged copies")
def test_remove_staged_copies(keeper: StoreHost, rollback: HostRollback, perform: Perform) -> None:
    """Remove only the copies that were being edited: they were never activated, so nothing else changes."""
    perform(rollback.discard(), unless=rollback.discarded)
    assert keeper.state.staged is None
