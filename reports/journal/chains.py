"""The journals of a run as they lie on disk, in whatever state: what can be read of them, and what is wrong with them.

`reports.journal.writer.read` refuses a journal that is not as it was written. Documents are made all the same, and say
so.
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
_TOLD = 3  # faults that are named one by one
CUT_OFF = "is cut off: the process ended while it wrote"
HOLE = "could not be written: was the disk full?"
_NEVER = 253_402_300_800_000  # the year 10000, in milliseconds: datetime ends there


@dataclass(frozen=True)
class Chain:
    """One process's journal: its readable entries, the hash of every whole line, and its faults in words."""

    run: str  # the name of the run's folder
    file: str
    entries: tuple[Entry, ...]
    lines: tuple[bytes, ...]  # what the entries were read from
    hashes: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def last(self) -> str:
        """The hash of the last whole line."""
        return self.hashes[-1] if self.hashes else START

    @property
    def worker(self) -> str:
        """The worker that wrote it (gw0); empty for the process that controls the run."""
        return next((text(entry, "worker") for entry in self.entries if entry["event"] == "run"), "")

    @property
    def exit_code(self) -> int | None:
        """The exit code in its end line; None if there is none: the process was killed, or lives."""
        codes = [entry.get("exit_code") for entry in self.entries if entry["event"] == "end"]
        return codes[-1] if codes and isinstance(codes[-1], int) else None


def text(entry: Entry, name: str) -> str:
    """A field of an entry if it is text, else nothing."""
    value = entry.get(name)
    return value if isinstance(value, str) else ""


def milliseconds(entry: Entry) -> int | None:
    """The moment at which an entry was written, in ms since 1970; None if it has none."""
    try:
        moment = int(datetime.fromisoformat(text(entry, "time")).timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if 0 <= moment < _NEVER else None


def scan(path: Path) -> Chain:
    """Read a journal file and its faults, whatever is in it; never raises."""
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
    """A line of a journal; None if it is none."""
    if not (line.startswith(b"{") and line.endswith(b"}")):
        return None  # json would also read UTF-16
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return entry if isinstance(entry, dict) and isinstance(entry.get("event"), str) else None


def run_folders(site_folder: Path) -> list[Path]:
    """The folders of a change's runs, oldest first; no link is followed."""
    if what_else(site_folder / "runs") == "a link":
        return []
    return sorted(path for path in site_folder.glob("runs/*") if what_else(path) == "a folder")


def lives(run_folder: Path) -> bool:
    """True if a run's processes are at work: it gave a sign of life lately, and one of its processes is there."""
    beat = Beat.of(run_folder)
    silence = beat.silence if beat is not None else None
    lately = silence is not None and silence < DEAD_AFTER
    processes = [path.stem.rpartition("-")[2] for path in run_folder.glob("journal-*.jsonl")]
    return lately and any(_exists(int(process)) for process in processes if process.isdecimal())


def _exists(process: int) -> bool:
    if sys.platform == "win32":
        return True  # asking would need more than the standard library: there the sign of life alone has to do
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True  # somebody else's
    return True


def chains_of(run_folder: Path) -> list[Chain]:
    """All journals of a run, the oldest process first."""
    chains = [scan(path) for path in sorted(run_folder.glob("journal-*.jsonl"))]
    return sorted(chains, key=lambda chain: text(chain.entries[0], "time") if chain.entries else "")
