"""Step r.1."""

from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import WindowsHost
from fixtures.tables.steps import step


@step("r.1", "Remove staged copies")
def test_remove_staged_copies(keeper: WindowsHost, perform: Perform) -> None:
    """What was never activated has cost nothing: only the copy that was being edited goes."""
    perform(keeper.way_back.discard(), unless=keeper.way_back.discarded)
    assert keeper.state.staged is None
