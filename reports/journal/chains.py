"""The journals of a run as found on disk, in whatever state: their readable entries and their faults.

`reports.journal.writer.read` refuses a damaged journal. Documents are still made from its readable entries, and name
its faults.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from fixtures.run.heartbeat import DEAD_AFTER, Beat
from fixtures.system.plain_files import read_plain, what_else
from reports.journal.writer import START, UNWRITTEN

Entry = dict[str, Any]
_TOLD = 3  # faults named one by one
CUT_OFF = "is cut off: the process ended while it wrote"
HOLE = "could not be written: was the disk full?"
_NEVER = 253_402_300_800_000  # the year 10000, in milliseconds: datetime ends there


@dataclass(frozen=True)
class Chain:
    """The journal of one process: its readable entries, the hash of every whole line, and its faults in words."""

    run: str  # the name of the run's folder
    file: str
    entries: tuple[Entry, ...]
    lines: tuple[bytes, ...]  # those of the entries
    hashes: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def last(self) -> str:
        """The hash of the last whole line."""
        return self.hashes[-1] if self.hashes else START

    @property
    def worker(self) -> str:
        """The worker that wrote it (gw0); empty for the controlling process."""
        return next((text(entry, "worker") for entry in self.entries if entry["event"] == "run"), "")

    @property
    def exit_code(self) -> int | None:
        """The exit code in its end line; None without one: the process was killed, or is running."""
        codes = [entry.get("exit_code") for entry in self.entries if entry["event"] == "end"]
        return codes[-1] if codes and isinstance(codes[-1], int) else None


def text(entry: Entry, name: str) -> str:
    """Return a field of an entry if it is text, else an empty string."""
    value = entry.get(name)
    return value if isinstance(value, str) else ""


def milliseconds(entry: Entry) -> int | None:
    """Return the moment at which an entry was written, in ms since 1970; None if it has no valid one."""
    try:
        moment = int(datetime.fromisoformat(text(entry, "time")).timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if 0 <= moment < _NEVER else None


def scan(path: Path) -> Chain:
    """Read a journal file and note its faults; never raises, whatever the file holds."""
    try:
        *lines, rest = read_plain(path).split(b"\n")
    except OSError as error:
        return Chain(path.parent.name, path.name, (), (), (), (f"it cannot be read: {error.strerror}",))
    entries, readable, hashes, faults = [], [], [], []
    previous = START
    for number, line in enumerate(lines, start=1):
        entry = parsed(line)
        if entry is None:
            faults.append(f"line {number} is not a line of a journal")
        else:
            entries.append(entry)
            readable.append(line)
            if entry.get("previous") != previous:
                faults.append(f"line {number} does not follow the line before it: one of the two was changed")
            if missing := entry.get(UNWRITTEN):
                faults.append(f"{missing} lines before line {number} {HOLE}")
        previous = sha256(line).hexdigest()
        hashes.append(previous)
    if rest:
        faults.append(f"line {len(lines) + 1}, the last, {CUT_OFF}")
    if len(faults) > _TOLD:
        faults[_TOLD:] = [f"{len(faults) - _TOLD} more lines are not as they were written"]
    return Chain(path.parent.name, path.name, tuple(entries), tuple(readable), tuple(hashes), tuple(faults))


def parsed(line: bytes) -> Entry | None:
    """Parse a line of a journal; None if it is not one."""
    if not (line.startswith(b"{") and line.endswith(b"}")):
        return None  # json would also read UTF-16
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return entry if isinstance(entry, dict) and isinstance(entry.get("event"), str) else None


def run_folders(site_folder: Path) -> list[Path]:
    """Return the folders of a change's runs, oldest first; links are not followed."""
    if what_else(site_folder / "runs") == "a link":
        return []
    return sorted(path for path in site_folder.glob("runs/*") if what_else(path) == "a folder")


def lives(run_folder: Path) -> bool:
    """True if a run is in progress: its last heartbeat is recent, and at least one of its processes exists."""
    beat = Beat.of(run_folder)
    silence = beat.silence if beat is not None else None
    lately = silence is not None and silence < DEAD_AFTER
    processes = [path.stem.rpartition("-")[2] for path in run_folder.glob("journal-*.jsonl")]
    return lately and any(_exists(int(process)) for process in processes if process.isdecimal())


def _exists(process: int) -> bool:
    if sys.platform == "win32":
        return True  # a look would need more than the standard library: the heartbeat alone decides
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True  # it exists, and belongs to another user
    return True


def chains_of(run_folder: Path) -> list[Chain]:
    """Return all journals of a run, that of the oldest process first."""
    chains = [scan(path) for path in sorted(run_folder.glob("journal-*.jsonl"))]
    return sorted(chains, key=lambda chain: text(chain.entries[0], "time") if chain.entries else "")
