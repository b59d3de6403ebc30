"""What is going on, read from journals while they are written, and shown on a terminal or in a log."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.controller import Controller
from reports.journal.watch import Doing, Watch
from reports.journal.writer import JournalWriter
from reports.pages.wording import words
from reports.terminal.live import SHOWN, Live, plain, status
from tests.reports import sample, slow_steps
from tests.reports.terminal.emulated import Shared, Terminal
from tests.reports.test_run import command, start

SAY = words()
TEST = "runbook/section1/test_x.py::test_x[cvp1.pcce.example.com]"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[JournalWriter]:
    writer = JournalWriter(tmp_path)
    writer.write("run", run=sample.run(tmp_path))
    yield writer
    writer.close()


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    made = Watch(tmp_path, Clock(), [TEST, "a.py::test_restart_them[aw1]"])
    yield made
    made.close()


def sends(journal: JournalWriter, purpose: str, *, changes: bool = False) -> None:
    journal.write("sending", host=sample.CVP, text="@sc", purpose=purpose, changes=changes)


def at(watch: Watch, now: float) -> list[Doing]:
    assert isinstance(watch.clock, Clock)
    watch.clock.now = now
    return watch.look()


def test_a_command_is_waited_for_since_it_was_sent(journal: JournalWriter, watch: Watch) -> None:
    journal.write("step", step=sample.step("1.4.iii", title="Restart"), test=TEST)
    assert status(at(watch, 10), 12, "", SAY) == [
        "        2 s  cvp1.pcce.example.com: no command is running; looking",
        "       step  1.4.iii, 2 s: Restart",
    ]
    sends(journal, "stop Tomcat9", changes=True)
    at(watch, 20)
    journal.write("command", record=sample.command())
    sends(journal, "wait until Tomcat9 has stopped")
    assert status(at(watch, 30), 95, watch.next_up(), SAY) == [
        " 1 min 05 s  cvp1.pcce.example.com: stop Tomcat9, then wait until Tomcat9 has stopped",
        "       step  1.4.iii, 1 min 25 s: Restart",
        "       next  restart them on aw1",
    ]


def test_asking_again_and_again_is_one_wait(journal: JournalWriter, watch: Watch) -> None:
    journal.write("step", step=sample.step(), test=TEST)
    for now in range(0, 50, 5):
        sends(journal, "wait until it has stopped")
        at(watch, now)
        journal.write("command", record=sample.command())
        at(watch, now + 1)
    sends(journal, "wait until it has stopped")
    (doing,) = at(watch, 50)
    assert doing.since == 0


def test_what_is_waited_for_without_a_command_is_shown_too(journal: JournalWriter, watch: Watch) -> None:
    journal.write("step", step=sample.step("1.1.iii"), test=TEST)
    sends(journal, "whose is the lock?")
    journal.write("command", record=sample.command())
    journal.write("waiting", host=sample.CVP, text="wait until that run's workers have ended")
    assert at(watch, 3)[0].words(SAY) == (sample.CVP, "wait until that run's workers have ended")


def test_a_step_that_has_ended_is_not_shown(journal: JournalWriter, watch: Watch) -> None:
    journal.write("step", step=sample.step(), test=TEST)
    assert at(watch, 0)
    journal.write("verdict", test=TEST, outcome="done", reason="")
    assert at(watch, 1) == []
    assert status([], 1, "anything", SAY) == []


def test_the_longest_wait_comes_first_and_many_are_counted() -> None:
    doing = [Doing("1.1", "Look", f"host{number}", 0) for number in range(SHOWN + 3)]
    assert status(doing, 5, "", SAY)[-1].strip() == "and 3 more hosts"


def test_steps_are_named_as_the_process_that_collected_them_names_them(journal: JournalWriter, watch: Watch) -> None:
    journal.write("collected", tests=2, names={TEST.partition("[")[0]: "1.1.iii Generate certificates"})
    watch.look()
    assert watch.next_up() == "1.1.iii on cvp1.pcce.example.com: Generate certificates"
    journal.write("step", step=sample.step(), test=TEST)
    journal.write("verdict", test="a.py::test_restart_them[aw1]", outcome="done", reason="")
    watch.look()
    assert watch.next_up() == ""


def test_a_line_that_is_being_written_is_waited_for(tmp_path: Path, watch: Watch) -> None:
    line = b'{"time": "2026", "event": "step", "step": {"id": "1.1", "host": "aw1"}, "test": "t"}\n'
    file = tmp_path / "journal-1.jsonl"
    file.write_bytes(b"\xff\n{}\n" + line[:40])
    assert watch.look() == []
    file.write_bytes(b"\xff\n{}\n" + line)
    assert [doing.host for doing in watch.look()] == ["aw1"]


class Log:
    redraw = False

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, line: str) -> None:
        self.said.append(line)


def test_a_log_gets_a_line_after_ten_seconds_and_each_thirty(journal: JournalWriter, watch: Watch) -> None:
    log = Log()
    live = Live.__new__(Live)
    live.watch, live._screen = watch, log  # type: ignore[assignment]
    journal.write("step", step=sample.step("1.4.iii", title="Restart"), test=TEST)
    sends(journal, "stop Tomcat9")
    for now in range(75):
        assert isinstance(watch.clock, Clock)
        watch.clock.now = now
        live._look()
    said = [line.partition(" ")[2] for line in log.said]
    assert [line.partition(" and")[0] for line in said] == ["10 s", "40 s", "1 min 10 s"]
    assert said[0] == (
        "10 s and waiting: cvp1.pcce.example.com: stop Tomcat9; step 1.4.iii, 10 s: Restart; next: restart them on aw1"
    )


@pytest.mark.parametrize("redraw", [True, False], ids=["terminal", "log"])
def test_it_keeps_quiet_while_a_person_is_asked_something(
    journal: JournalWriter,
    watch: Watch,
    monkeypatch: pytest.MonkeyPatch,
    redraw: bool,  # noqa: FBT001
) -> None:
    on = Shared(monkeypatch, redraw=redraw, width=80)
    live = Live.__new__(Live)
    live.watch, live._screen = watch, on.screen
    plugin = Controller(None, None)  # type: ignore[arg-type]
    plugin._live = live
    journal.write("step", step=sample.step("1.4.iii", title="Restart"), test=TEST)
    sends(journal, "stop Tomcat9")
    at(watch, 0)
    look_at(live, 20)
    assert "stop Tomcat9" in on.terminal.text()

    plugin.pytest_runbook_question(asking=True)
    on.writer.write("\nGo on? ")
    before = on.terminal.text()
    look_at(live, 60)
    assert on.terminal.text() == before
    assert before.endswith("Go on?")

    plugin.pytest_runbook_question(asking=False)
    on.writer.write("\n")
    look_at(live, 100)
    assert "1 min 40 s" in on.terminal.text()
    on.screen.close()


def look_at(live: Live, now: float) -> None:
    assert isinstance(live.watch.clock, Clock)
    live.watch.clock.now = now
    live._look()


def test_the_documents_are_waited_for_too(watch: Watch) -> None:
    watch.closing = "making the documents"
    (doing,) = at(watch, 5)
    assert status(watch.look(), 8, "", SAY) == ["             making the documents"]
    assert plain(doing, 17, "", SAY).endswith("12 s and waiting: making the documents")


def test_a_run_that_only_lists_its_tests_has_no_end_to_tell_of(tmp_path: Path) -> None:
    said = start(tmp_path, "--no-report", "--collect-only", slow_steps.__file__)
    assert "= runbook =" not in said
    assert not (tmp_path / "summary.txt").exists()


@pytest.mark.parametrize("option", ["no_live", "plan"])
def test_who_wants_no_live_view_has_none(pytestconfig: pytest.Config, tmp_path: Path, option: str) -> None:
    class Config:
        pluginmanager = pytestconfig.pluginmanager

        def getoption(self, name: str, default: object) -> object:
            return name == option or default

    assert Live.on(Config(), tmp_path, SAY) is None  # type: ignore[arg-type]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pty module on Windows")
@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "worker"])
def test_on_a_terminal_it_is_shown_and_leaves_no_trace(tmp_path: Path, workers: tuple[str, ...]) -> None:
    import pty

    words, surroundings = command(tmp_path, "--no-report", *workers, slow_steps.__file__, "-k", "1_4_iii and cvp1")
    child, terminal = pty.fork()
    if child == 0:
        os.execve(words[0], words, surroundings | {"SLOW": "3", "TERM": "xterm"})  # noqa: S606 - no shell is wanted
    said = b""
    while True:
        try:
            said += os.read(terminal, 65536)
        except OSError:  # how a terminal says that the other side has gone
            break
    os.close(terminal)
    os.waitpid(child, 0)
    text = said.decode().replace("\r\n", "\n")
    assert "cvp1.pcce.example.com: stop Tomcat9" in text
    assert "step  1.4.iii" in text
    screen = Terminal(80)
    screen.feed(text)
    assert "stop Tomcat9" not in screen.text()
    assert "1 step done" in screen.text()
