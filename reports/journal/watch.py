"""The work in progress of a run's processes, read from their journals while these are being written."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, ClassVar

from reports.journal.chains import Entry, parsed, text
from reports.journal.upcoming import in_words
from reports.pages.wording import Words, words

_EVENT = re.compile(rb'\{"time": "[^"]{1,40}", "event": "([a-z ]+)"')


@dataclass
class Doing:
    """The work in progress of one process. Times are those of the clock that `Watch` was given."""

    step: str  # its id
    title: str
    host: str  # of the step
    began: float
    purpose: str = ""  # of the command that was sent last
    target: str = ""  # the host that it was sent to
    asked: float = 0  # when it was sent first: polling sends it again and again
    waiting: bool = False  # no answer has come
    changed: str = ""  # the purpose of the last command that changes something
    idle: float = 0  # when the step began or the last answer came
    said: float = -1  # when its last line was written, on a terminal that is not redrawn

    @property
    def since(self) -> float:
        """The moment at which the current wait, or the time without a command, began."""
        return self.asked if self.waiting else self.idle

    def wait(self, target: str, purpose: str, now: float) -> None:
        """Begin to wait. Polling sends one command many times: that is one wait."""
        if (self.target, self.purpose) != (target, purpose):
            self.target, self.purpose, self.asked, self.said = target, purpose, now, -1
        self.waiting = True

    def words(self, say: Words) -> tuple[str, str]:
        """Return the host, and what is waited for there."""
        what = self.purpose if self.waiting else say("live.idle")
        # The change comes first: a narrow terminal cuts the end, and "wait until it has done so" says little.
        if self.changed and self.changed != what:
            what = say("live.then", changed=self.changed, what=what)
        return (self.target if self.waiting else self.host), what


@dataclass
class Watch:
    """A follower of all journals in a run's folder."""

    folder: Path
    clock: Callable[[], float] = time.monotonic
    order: list[str] = field(default_factory=list)  # all tests, in the order in which they run
    closing: str = ""  # the work after the last step has ended
    say: Words = field(default_factory=words)
    _names: dict[str, str] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)
    _next: int = 0
    _doing: dict[str, Doing] = field(default_factory=dict)
    _files: dict[str, tuple[BinaryIO, bytes]] = field(default_factory=dict)

    def look(self) -> list[Doing]:
        """Read the new lines and return the work in progress, the longest wait first."""
        for path in self.folder.glob("journal-*.jsonl"):
            for line in self._new_lines(path):
                self._take(path.name, line)
        if self.closing:
            if self.closing not in self._doing:
                now = self.clock()
                self._doing = {self.closing: Doing("", self.closing, "", now, idle=now)}
            return list(self._doing.values())
        return sorted(self._doing.values(), key=lambda doing: doing.since)

    def next_up(self) -> str:
        """Return the first test that has not begun, in words; empty if there is none."""
        while self._next < len(self.order) and self.order[self._next] in self._begun:
            self._next += 1
        return in_words(self.order[self._next], self._names, self.say) if self._next < len(self.order) else ""

    def close(self) -> None:
        """Close the files."""
        for file, _ in self._files.values():
            file.close()
        self._files.clear()

    def _new_lines(self, path: Path) -> Iterator[bytes]:
        if path.name not in self._files:
            try:
                self._files[path.name] = path.open("rb"), b""
            except OSError:
                return
        file, rest = self._files[path.name]
        *lines, rest = (rest + file.read()).split(b"\n")
        self._files[path.name] = file, rest
        yield from lines

    def _take(self, source: str, line: bytes) -> None:
        found = _EVENT.match(line)
        event = found[1] if found else b""
        if event == b"command":
            self._answered(source)
        elif event in self._TAKEN and (entry := parsed(line)) is not None:
            self._TAKEN[event](self, source, entry)

    def _answered(self, source: str) -> None:
        doing = self._doing.get(source)
        if doing is not None:
            doing.waiting, doing.idle = False, self.clock()

    def _begin(self, source: str, entry: Entry) -> None:
        given = entry.get("step")
        step: Entry = given if isinstance(given, dict) else {}
        now = self.clock()
        self._doing[source] = Doing(text(step, "id"), self._title(step), text(step, "host"), now, idle=now)
        self._begun.add(text(entry, "test"))

    def _title(self, step: Entry) -> str:
        return self.say.title(text(step, "id"), text(step, "title"))

    def _send(self, source: str, entry: Entry) -> None:
        doing = self._doing.get(source)
        if doing is not None:
            doing.wait(text(entry, "host"), text(entry, "purpose"), self.clock())
            if entry.get("changes") is True:
                doing.changed = doing.purpose

    def _wait(self, source: str, entry: Entry) -> None:
        doing = self._doing.get(source)
        if doing is not None:
            doing.wait(text(entry, "host"), text(entry, "text"), self.clock())

    def _judged(self, source: str, entry: Entry) -> None:
        self._doing.pop(source, None)
        self._begun.add(text(entry, "test"))

    def _collected(self, _source: str, entry: Entry) -> None:
        names = entry.get("names")
        if isinstance(names, dict):
            self._names |= {str(test): str(name) for test, name in names.items()}

    # Only short lines are worth parsing: of an answer, it is enough to know that it came.
    _TAKEN: ClassVar[dict[bytes, Callable[[Watch, str, Entry], None]]] = {
        b"step": _begin,
        b"sending": _send,
        b"waiting": _wait,
        b"verdict": _judged,
        b"collected": _collected,
    }
