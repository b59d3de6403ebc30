"""The live view on the terminal: the host and command waited for, for how long already, and the next step.

Tests cannot show it: their output is captured, and with workers they run in other processes. So a thread of the
controlling process reads the journals, in which each command stands before it is sent.
"""

from __future__ import annotations

import os
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reports.journal.watch import Doing, Watch
from reports.pages.cells import right
from reports.pages.wording import Words
from reports.terminal.screen import Screen

EACH = 1.0  # seconds between two looks
SLOW = 2.0  # a step that takes less is not shown
FIRST, AGAIN = 10.0, 30.0  # seconds of waiting before the first plain line, and between the next ones
SHOWN = 4  # processes; any more are only counted


class Live:
    """The thread of the live view."""

    def __init__(self, watch: Watch, screen: Screen) -> None:
        self.watch = watch
        self._screen = screen
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._show, name="runbook live view", daemon=True)
        self._thread.start()

    @classmethod
    def on(cls, config: pytest.Config, folder: Path, say: Words) -> Live | None:
        """Start the live view of a run; None if it is not wanted, or if there is no terminal or log to write to."""
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        unwanted = config.getoption("no_live", False) or config.getoption("plan", False)
        if unwanted or reporter is None:
            return None
        # With -s the tests write to the terminal themselves: erasing our lines would erase theirs too. A console of
        # Windows may show escape sequences as text.
        dumb = os.environ.get("TERM") == "dumb" or sys.platform == "win32"
        redraw = reporter.isatty and not dumb and config.getoption("capture", "no") != "no"
        try:
            screen = Screen(config.get_terminal_writer(), redraw=redraw)
        except (OSError, ValueError, AttributeError):
            return None
        return cls(Watch(folder, say=say), screen)

    def pause(self) -> None:
        """Erase the lines and show nothing until `resume`: a person is being asked something."""
        self._screen.be_quiet(True)

    def resume(self) -> None:
        """Show lines again."""
        self._screen.be_quiet(False)

    def stop(self) -> None:
        """Erase the lines and end the thread."""
        self._end.set()
        self._thread.join(timeout=2 * EACH)
        self._screen.close()

    def _show(self) -> None:
        try:
            while not self._end.wait(EACH):
                self._look()
        except Exception as error:  # noqa: BLE001 - a view must not end the run, nor fill its output
            self._screen.clear()
            self._screen.say(self.watch.say("live.ended", error=f"{type(error).__name__}: {error}"))
        finally:
            self.watch.close()

    def _look(self) -> None:
        doing, now = self.watch.look(), self.watch.clock()
        if self._screen.redraw:
            slow = [one for one in doing if now - one.began >= SLOW]
            self._screen.show(status(slow, now, self.watch.next_up(), self.watch.say))
            return
        for one in doing:
            if now - one.since >= FIRST and (one.said < one.since or now - one.said >= AGAIN):
                one.said = now
                self._screen.say(plain(one, now, self.watch.next_up(), self.watch.say))


def status(doing: list[Doing], now: float, following: str, say: Words) -> list[str]:
    """Return the lines for a terminal: two a process, and the next test; empty if nothing is in progress."""
    lines = []
    for one in doing[:SHOWN]:
        host, what = one.words(say)
        if not host:
            lines.append(_row("", one.title))
            continue
        lines.append(_row(_time(now - one.since, say), f"{host}{say('mark.colon')}{what}"))
        step = say("live.step_since", step=one.step, took=_time(now - one.began, say), title=one.title)
        lines.append(_row(say("live.step"), step))
    more = [_row("", say("live.more", number=len(doing) - SHOWN))] if len(doing) > SHOWN else []
    return [*lines, *more, *([_row(say("live.next"), following)] if following else [])] if lines else []


def _row(left: str, text: str) -> str:
    return f"{right(left, 11)}  {text}"


def plain(one: Doing, now: float, following: str, say: Words) -> str:
    """Describe the work of one process in a line for a log."""
    host, what = one.words(say)
    where = one.title
    if host:
        took = _time(now - one.began, say)
        where = say("live.where", host=host, what=what, step=one.step, took=took, title=one.title)
    line = say("live.waiting", clock=f"{datetime.now(UTC):%H:%M:%SZ}", took=_time(now - one.since, say), where=where)
    return say("live.and_next", line=line, following=following) if following else line


def _time(seconds: float, say: Words) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return say("live.minutes", minutes=minutes, seconds=f"{rest:02}") if minutes else say("live.seconds", seconds=rest)
