"""Many runs in a row on one lab, and what each of them leaves: shells, sockets, threads, files."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.lab.hosts.labs import LabInside, lab_inside
from tests.runbook.kills import ROLLBACK
from tests.runbook.runs import Finished, runbook

# A run of each kind; {n} is the number of its cycle. Most have nothing to do.
RUNS: Mapping[str, tuple[str, ...]] = {
    "nothing to do": ("--change=N{n}",),
    "verified": ("-m", "verify"),
    "renewed": ("--change=R{n}",),
    "taken back": (ROLLBACK, "--change=R{n}"),
    "cleaned up": ("runbook/cleanup", "--change=R{n}", "--older-than=0"),
}
NOTHING = "nothing to do"
CYCLE = ("verified", *(NOTHING,) * 4, "renewed", NOTHING, "taken back", "cleaned up", NOTHING)
_OF_A_CHANGE = "runbook-R"  # keeps the last copy of each key that a change has made until its certificate expires
_PATIENCE = 5.0  # seconds until a connection that the client has closed is closed here


@dataclass(frozen=True)
class Left:
    """What there is when a run has ended; `kept`: files in the folders of changes that made keys."""

    shells: int
    commands: int
    sockets: int
    threads: int
    memory: int  # MB of the lab's process
    temporary: frozenset[str]
    files: frozenset[str]
    kept: int

    def more_than(self, before: Left) -> list[str]:
        """What has grown since."""
        numbers = ("shells", "commands", "sockets", "threads")
        grown = [one for one in numbers if getattr(self, one) > getattr(before, one)]
        return [*grown, *sorted(self.temporary - before.temporary), *sorted(self.files - before.files)]


@dataclass
class Row:
    """A lab in this process, and the runs on it so far."""

    lab: LabInside
    folder: Path
    inventory: Path
    every: list[Left] = field(default_factory=list)

    def run(self, kind: str, cycle: int) -> Finished:
        """One run more; what it leaves is noted."""
        self._ask_for("all" if kind == "renewed" else "needed")
        words = [word.format(n=cycle) for word in RUNS[kind]]
        done = runbook(None, self.folder / "out" / str(cycle), f"--inventory={self.inventory}", *words)
        self.every.append(self._settled())
        return done

    def _ask_for(self, renew: str) -> None:
        content = yaml.safe_load(self.inventory.read_text(encoding="utf-8"))
        content["certificate"]["renew"] = renew
        self.inventory.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")

    def _settled(self) -> Left:
        """What is left once connections are closed: they are given some time."""
        deadline = time.monotonic() + _PATIENCE
        now = self._now()
        while self.every and now.more_than(self.every[-1]) and time.monotonic() < deadline:
            time.sleep(0.1)
            now = self._now()
        return now

    def _now(self) -> Left:
        servers: list[Any] = [one.winrm._server for one in self.lab.lab.hosts.values() if one.winrm]
        drives = [path for path in (self.folder / "state" / "hosts").rglob("*") if path.is_file()]
        return Left(
            shells=sum(len(one.shells) for one in servers),
            commands=sum(one.shells.running for one in servers),
            sockets=sum(_is_a_socket(path) for path in Path("/proc/self/fd").iterdir()),
            threads=threading.active_count(),
            memory=_resident(),
            temporary=frozenset(path.name for path in (self.folder / "temporary").iterdir()),
            files=frozenset(str(path) for path in drives if _OF_A_CHANGE not in str(path)),
            kept=sum(_OF_A_CHANGE in str(path) for path in drives),
        )


def _is_a_socket(path: Path) -> bool:
    try:
        return str(path.readlink()).startswith("socket:")
    except OSError:  # it was this listing's own
        return False


def _resident() -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) // 1000 for line in lines if line.startswith("VmRSS:"))


def told(every: Sequence[Left]) -> str:
    """The last of them as figures."""
    one = every[-1]
    numbers = f"{one.shells} shells, {one.commands} commands, {one.sockets} sockets, {one.threads} threads"
    files = f"{len(one.files)} files on hosts, {one.kept} kept of changes, {len(one.temporary)} temporary"
    return f"run {len(every)}: {numbers}, {one.memory} MB, {files}"


@contextmanager
def row_of_runs(folder: Path, state: Path, site: str) -> Iterator[Row]:
    """A lab of this site on this state, which it changes; runs have a folder of their own for temporary files."""
    (folder / "temporary").mkdir()
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = str(folder / "temporary")
    try:
        with lab_inside(folder, state, site=site) as lab:
            yield Row(lab, folder, folder / "inventory" / "site.yaml")
    finally:
        os.environ.pop("TMPDIR")
        os.environ |= {} if before is None else {"TMPDIR": before}
