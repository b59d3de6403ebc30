from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.pages.cells import clipped
from reports.terminal import screen
from tests.reports.terminal.emulated import Shared, Terminal

WORDS = st.text("ab 証書。.", min_size=1, max_size=45)
PYTESTS = st.tuples(
    st.just("write"), st.builds(str.__add__, st.text("ab .", min_size=1, max_size=45), st.sampled_from(["", "\n"]))
)
OURS = st.tuples(st.just("show"), st.lists(WORDS, max_size=3))


@pytest.fixture
def shared() -> Iterator[Shared]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        made = Shared(monkeypatch)
        yield made
        made.screen.close()


@given(events=st.lists(st.one_of(PYTESTS, OURS), max_size=12))
def test_what_pytest_wrote_is_left_as_if_nothing_had_been_shown(events: list[tuple[str, object]]) -> None:
    alone = Terminal(20)
    with pytest.MonkeyPatch.context() as monkeypatch:
        shared = Shared(monkeypatch)
        for kind, what in events:
            if kind == "write":
                shared.writer.write(str(what))
                alone.feed(str(what))
            else:
                assert isinstance(what, list)
                shared.screen.show(what)
        shared.screen.close()
        assert shared.terminal.text() == alone.text()
        # After a line that is exactly full nothing is shown, so that the cursor stands where it stood.
        assert (shared.terminal.row, shared.terminal.column) == (alone.row, alone.column)


def test_lines_stand_below_what_pytest_is_writing(shared: Shared) -> None:
    shared.writer.write("test.py ..")
    shared.screen.show(["12 s  cvp1: stop", "next  1.4.iv"])
    assert shared.terminal.text() == "test.py ..\n12 s  cvp1: stop\nnext  1.4.iv"
    shared.screen.show(["13 s  cvp1: stop"])
    assert shared.terminal.text() == "test.py ..\n13 s  cvp1: stop"
    shared.writer.write(".\n")
    assert shared.terminal.text() == "test.py ..."


def test_nothing_is_shown_while_pytest_is_writing(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "QUIET", 60)
    shared.writer.write("..")
    shared.screen.show(["12 s"])
    assert shared.terminal.text() == ".."


def test_plain_lines_stand_on_lines_of_their_own(shared: Shared) -> None:
    shared.writer.write("test.py ..")
    for seconds in (10, 40):
        shared.screen.say(f"{seconds} s")
    shared.writer.write(".")
    shared.screen.say("70 s")
    assert shared.terminal.text() == "test.py ..\n10 s\n40 s\n.\n70 s"


@pytest.mark.parametrize(
    ("line", "shown"),
    [("abc", "abc"), ("a" * 30, "a" * 8 + ".."), ("\x1b[2Jb\n", "\\x1b[2Jb\\n"), ("証" * 9, "証" * 4 + "..")],
)
def test_a_line_fits_and_moves_no_cursor(line: str, shown: str) -> None:
    assert clipped(line, 10) == shown


def test_after_its_end_the_writer_is_pytests_again(shared: Shared) -> None:
    shared.screen.show(["12 s"])
    shared.screen.close()
    shared.screen.close()
    shared.writer.write("..")
    assert shared.terminal.text() == ".."
