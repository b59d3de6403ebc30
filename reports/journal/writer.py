"""The journal: each action before it happens, and its result, one JSON line each, chained by hash.

A line is written and flushed before a command is sent: if the process dies, the file shows how far it came.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from io import FileIO

START = "0" * 64  # what the first line names as the line before it
UNWRITTEN = "unwritten"  # the field for the number of lines missing before a line


class JournalBrokenError(Exception):
    """Raised if a journal is not as it was written; the message names file and line."""


@dataclass(frozen=True)
class Journal:
    """A journal file as read. `last`: the hash of its last whole line; `truncated`: the process died while writing."""

    entries: tuple[dict[str, Any], ...]
    last: str
    truncated: bool


class JournalWriter:
    """The journal of one process in a run's folder, `journal-<pid>.jsonl`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"journal-{os.getpid()}.jsonl"
        self.last = START
        self._file: FileIO = self.path.open("xb", buffering=0)
        self._size = 0
        self._unwritten = 0  # lines since the last that was written

    def write(self, event: str, **what: object) -> None:
        """Add a line and hand it to the operating system before returning.

        Raises OSError if it cannot be written: then no part of it stays, and the next line has the number of missing
        lines.
        """
        entry = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event}
        missing = {UNWRITTEN: self._unwritten} if self._unwritten else {}
        # ASCII: anything that a host printed, even invalid Unicode, can be written and read back
        line = json.dumps(entry | what | missing | {"previous": self.last}, default=_plain).encode("ascii")
        try:
            self._add(line + b"\n")
        except OSError:
            self._unwritten += 1
            raise
        self._unwritten = 0
        self.last = sha256(line).hexdigest()

    def _add(self, data: bytes) -> None:
        left = data
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError:
            with suppress(OSError):
                self._file.truncate(self._size)
                self._file.seek(self._size)
            raise
        self._size += len(data)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot stand in a journal")


def read(path: Path, last: str = "") -> Journal:
    """Read the journal in `path` and check its chain. Raises JournalBrokenError.

    `last`: the hash of the last line if known from elsewhere: the chain alone cannot show that whole lines are missing
    at the end. An incomplete last line, as a killed process leaves it, is left out; `truncated` is then True.
    """
    *lines, rest = path.read_bytes().split(b"\n")
    entries = []
    previous = START
    for number, line in enumerate(lines, start=1):
        entries.append(_entry(path, number, line, previous))
        previous = sha256(line).hexdigest()
    if last and previous != last:
        raise JournalBrokenError(f"{path}: the last line is not the one that was written last (its hash is {previous})")
    return Journal(entries=tuple(entries), last=previous, truncated=bool(rest))


def _entry(path: Path, number: int, line: bytes, previous: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise JournalBrokenError(f"{path}:{number}: not a line of a journal") from error
    if not isinstance(entry, dict) or entry.get("previous") != previous:
        raise JournalBrokenError(f"{path}:{number}: does not follow the line before it: one of the two was changed")
    return entry
