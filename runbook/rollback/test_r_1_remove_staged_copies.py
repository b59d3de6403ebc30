"""Step r.1."""

from fixtures.hosts.windows import WindowsHost
from fixtures.perform import Perform
from fixtures.steps import step


@step("r.1", "Remove staged copies")
def test_remove_staged_copies(server: WindowsHost, perform: Perform) -> None:
    """What was never activated has cost nothing: only the copy that was being edited goes."""
    perform(server.rollback.discard(), unless=server.rollback.discarded)
    assert server.state.staged is None
