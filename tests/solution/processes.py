"""Every process below another one, and its environment, as Linux tells them while they live."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

EACH = 0.003  # seconds between two looks


@dataclass(frozen=True)
class Seen:
    """A process as it was found."""

    pid: int
    command: str
    environment: bytes

    @classmethod
    def of(cls, pid: int) -> Seen:
        """A process as it is now; without a command where there is none."""
        command = _read(pid, "cmdline").replace(b"\0", b" ").decode(errors="replace")
        return cls(pid, command, _read(pid, "environ"))

    @property
    def names(self) -> set[str]:
        """The names of its variables."""
        return {one.partition(b"=")[0].decode() for one in self.environment.split(b"\0") if one}


@dataclass
class Tree:
    """The processes below one that is watched."""

    root: Seen
    seen: dict[tuple[int, str], Seen] = field(default_factory=dict)

    def look(self) -> None:
        """Take in all that are there now."""
        above = [self.root.pid]
        while above:
            parent = above.pop()
            for pid in _children(parent):
                above.append(pid)
                found = Seen.of(pid)
                # Between fork and exec a process is still its parent, environment included; right after that it has
                # none for a moment.
                is_its_own = found.command not in ("", Seen.of(parent).command) and found.environment
                if is_its_own and Seen.of(pid).command == found.command:
                    self.seen.setdefault((pid, found.command), found)


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(one) for task in tasks for one in (task / "children").read_bytes().split()]
    except OSError:
        return []


def _read(pid: int, what: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{what}").read_bytes()
    except OSError:
        return b""


def watched(
    command: Sequence[str], cwd: Path, environment: dict[str, str], log: Path, within: float
) -> tuple[int, Tree]:
    """Run a command and look at its processes all the time; its exit code, and what was seen."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        until = time.monotonic() + within
        try:
            while not (root := Seen.of(process.pid)).environment and process.poll() is None:
                time.sleep(EACH)
            tree = Tree(root)
            while process.poll() is None:
                assert time.monotonic() < until, log.read_text(encoding="utf-8")
                tree.look()
                time.sleep(EACH)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait(10)
    return process.returncode, tree
