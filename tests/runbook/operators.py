"""Two operators at one site: two whole runs, of which one may die, at whatever machine, container or time of day."""

from __future__ import annotations

import json
import os
import random
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from fixtures.system import clock
from lab.windows.failing import KILLED
from tests.runbook.kills import CHANGES, works
from tests.runbook.probes import section_1
from tests.runbook.runs import ROOT, runbook
from tests.runbook.site_lab import DUO, SiteLab, site_lab

HERE, MACHINE, CONTAINER = "here", "machine", "container"
BESIDE, AFTER_A_KILL, KILLED_DURING = "beside", "after-a-kill", "killed-during"
# What the second operator does; the first makes change K1.
SECOND: Mapping[str, tuple[str, ...]] = {
    "same": ("--change=K1",),
    "other": ("--change=K2",),
    "rollback": ("runbook/rollback", "--change=K1"),
    "cleanup": ("runbook/cleanup", "--change=first", "--older-than=0"),
    "verify": ("-m", "verify"),
    "break": ("--change=K2", "--break-lock=K1"),
}
STEPS = (0, 200, -200, 10800, -10800)  # seconds by which the time of day jumps before the second run
_DURING = ("-genkeypair", "-importkeystore", "move /y", "sc stop")
_SLOW, _LONG = 20, 400  # seconds
_NAMES = {MACHINE: "elsewhere", CONTAINER: "runner"}
_SPACES = {MACHINE: ["--uts"], CONTAINER: ["--uts", "--pid", "--mount-proc", "--kill-child=KILL"]}
_SLACK = 500_000_000  # nanoseconds between a command's end and its line in the audit log


@dataclass(frozen=True)
class Pair:
    """Who does what, where, when. `moment`: changing commands of the first run before the second one starts."""

    number: int
    second: str
    where: str
    how: str
    step: int
    moment: int
    shared: bool  # whether both keep their evidence in one folder
    workers: bool

    @property
    def name(self) -> str:
        """Its name in the job's record."""
        evidence = "shared" if self.shared else "apart"
        workers = "-workers" if self.workers else ""
        return f"{self.number:02}-{self.second}-{self.where}-{self.how}-{self.moment}-{self.step:+}-{evidence}{workers}"

    @property
    def slow(self) -> str:
        """The command of the first run that takes its time; in the midst of which it is killed, if so."""
        return _DURING[self.moment % len(_DURING)] if self.how == KILLED_DURING else "-genkeypair"


def pairs(seed: int, count: int = 50) -> list[Pair]:
    """So many pairs, each thing that a second operator may do as often as any other."""
    chosen = random.Random(seed)  # noqa: S311 - an order, not a secret
    found = []
    for number in range(count):
        second = list(SECOND)[number % len(SECOND)]
        how = chosen.choice((BESIDE, AFTER_A_KILL, KILLED_DURING))
        # A lock of a run that lives out of sight may be broken by hand: then nobody but the person knows.
        places = (HERE,) if second == "break" and how == BESIDE else (HERE, HERE, MACHINE, CONTAINER)
        where = chosen.choice(places)
        shared = where != MACHINE and chosen.random() < 0.6
        moment = chosen.randrange(0 if how == BESIDE else 1, len(CHANGES) - 4)
        found.append(
            Pair(
                number + 1,
                second,
                where,
                how,
                chosen.choice((*STEPS, 0)),
                moment,
                shared,
                workers=how == BESIDE and chosen.random() < 0.3,
            )
        )
    return found


@dataclass
class Operator:
    """Somebody who runs the runbook: on which machine, by which clock, and where the evidence goes."""

    lab: SiteLab
    folder: Path
    evidence: Path
    where: str = HERE
    hidden: Path | None = None  # what this operator's container does not see of the file system

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.log.touch()
        self.set_clock(0)

    @property
    def log(self) -> Path:
        """What `operator_log` has noted."""
        return self.folder / "log"

    def set_clock(self, seconds: int) -> None:
        """Let the time of day of this operator's machine jump."""
        with (self.folder / "clock").open("r+b" if (self.folder / "clock").exists() else "wb") as file:
            file.write(struct.pack("q", seconds))

    def start(self, *arguments: str, kill_after: int = 0) -> subprocess.Popen[str]:
        """Begin a run."""
        paths = [] if any(one.startswith("runbook") for one in arguments) else ["runbook"]
        told = [f"--inventory={self.lab.inventory_file}", f"--evidence={self.evidence}", "--no-report"]
        plugins = ["-p", "tests.runbook.operator_log"]
        plugins += ["-p", "tests.runbook.killed_controller"] if kill_after else []
        command = [sys.executable, "-m", "pytest", *paths, *told, *plugins, *arguments]
        environment = {
            **os.environ,
            "COLUMNS": "200",
            "OPERATOR_LOG": str(self.log),
            "CHANGES_SEEN": str(self.folder / "changes"),
            "KILL_AFTER": str(kill_after),
            "CLOCK_FILE": str(self.folder / "clock"),
            "LD_PRELOAD": str(_shim(self.lab.process.state.parent)),
        }
        return subprocess.Popen(
            [*_space(self.where, self.hidden), *command],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def noted(self) -> list[tuple[str, int, str, str]]:
        """What it has noted so far."""
        text = self.log.read_text(encoding="utf-8")
        return [tuple(json.loads(line)) for line in text[: text.rfind("\n") + 1].splitlines()]

    def sent(self, host: str, text: str, moment: int) -> bool:
        """Whether a command that ended at a host at this moment (`clock.ticks`) was one of its own."""
        notes = [one for one in self.noted() if one[2:] == (host, text)]
        begins = [one[1] for one in notes if one[0] == "begins"]
        ends: list[float] = [*(one[1] for one in notes if one[0] == "ends"), float("inf")]
        return any(begun - _SLACK <= moment <= ended + _SLACK for begun, ended in zip(begins, ends, strict=False))


def _space(where: str, hidden: Path | None) -> list[str]:
    """How a program is started on another machine (by its name), or in a container."""
    if where == HERE:
        return []
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    hide = f"mount -t tmpfs none '{hidden}'; " if hidden else ""
    # The shell stays the first process: what that one sends to itself, SIGKILL included, is ignored in a container.
    line = f'{hide}hostname {_NAMES[where]}; "$@"; exit $?'
    return ["unshare", *user, "--fork", *_SPACES[where], "sh", "-c", line, "sh"]


@cache
def _shim(folder: Path) -> Path:
    """The library that shifts the time of day."""
    source, library = Path(__file__).with_name("clock_shim.c"), folder / "clock_shim.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True)
    return library


@dataclass(frozen=True)
class Ended:
    """A run that has ended."""

    code: int
    output: str

    @property
    def said(self) -> str:
        """The output with its line breaks undone."""
        return " ".join(self.output.split())

    @property
    def refused(self) -> bool:
        """Whether somebody else's lock has stopped it."""
        return "lock: owner: expected nobody, found" in self.said

    @property
    def saw_the_other(self) -> bool:
        """Whether section 0 has stopped it, because it has seen another run's change half done."""
        return self.code == 1 and "presented = stored" in self.said and "step 0.5 on" in self.said

    @property
    def found_it_stopped(self) -> bool:
        """Whether section 0 has stopped it: the first change was killed before it had started a service again."""
        return self.code == 1 and "stopped by change K1" in self.said

    @property
    def took_over(self) -> bool:
        """Whether it has taken over a dead run's lock."""
        return "was taken over from change" in self.said


def they_never_meet(state: Path, folder: Path, pair: Pair) -> None:
    """Let the two run, and see what must hold; then the first change is finished, whatever has come of it."""
    with site_lab(folder, site=DUO, like=state) as lab:
        lab.edit_inventory(renew="all")
        seen = len(lab.audit())
        lab.fail(kind="slow", match=pair.slow, seconds=_SLOW if pair.how == KILLED_DURING else 1, times=3)
        first = Operator(lab, folder / "one", folder / "out", pair.where)
        contained = pair.where == CONTAINER
        second = Operator(
            lab,
            folder / "two",
            folder / "out" if pair.shared else folder / "out-two",
            CONTAINER if contained else HERE,
            folder / "out" if contained and not pair.shared else None,
        )
        ended = _both(pair, first, second)
        _never_at_once(lab, [first, second], seen)
        _each_says_the_truth(pair, *ended)
        left = [fqdn for fqdn in lab.hosts if list(lab.folder(fqdn).rglob("runbook-lock"))]
        assert bool(left) <= (pair.how != BESIDE and not ended[1].took_over), left
        third = pair.second in ("other", "break") and not ended[1].found_it_stopped
        _is_finished(lab, folder, "K3" if third else "K1", left)


def _both(pair: Pair, first: Operator, second: Operator) -> tuple[Ended, Ended]:
    kill_after = pair.moment if pair.how == AFTER_A_KILL else 0
    one = first.start("--change=K1", *(["-n2"] if pair.workers else []), kill_after=kill_after)
    if pair.how == AFTER_A_KILL:
        one.wait(_LONG)
    elif pair.how == KILLED_DURING:
        _wait(lambda: _is_under_way(first, pair.slow), one)
        os.killpg(one.pid, signal.SIGKILL)
    else:
        _wait(lambda: len(first.noted()) >= 2 * pair.moment, one)
    for operator in (first, second) if pair.where != MACHINE else (second,):
        operator.set_clock(pair.step)
    two = second.start(*SECOND[pair.second])
    outputs = [run.communicate(timeout=_LONG)[0] for run in (one, two)]
    return Ended(one.returncode, outputs[0]), Ended(two.returncode, outputs[1])


def _is_under_way(operator: Operator, part: str) -> bool:
    notes = [one for one in operator.noted() if part in one[3]]
    return bool(notes) and notes[-1][0] == "begins"


def _wait(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + _LONG
    while not condition() and process.poll() is None:
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.02)


def _never_at_once(lab: SiteLab, operators: Sequence[Operator], seen: int) -> None:
    """Every change at a host is of the operator who holds its lock."""
    holders: dict[str, list[Operator]] = {}
    for moment, line in _changes(lab, seen):
        who = [one for one in operators if one.sent(line["host"], line["text"], moment)]
        if line["exit_code"] == KILLED or not (who or line["alone"]):
            continue  # it ended with its shell; or it reads, while another one changed something
        if "runbook-lock" not in line["text"]:
            holding = holders.get(line["host"], [])
            assert [one for one in who if one in holding], f"{line['text']}: not of who held the lock"
        elif line["exit_code"] == 0:
            holders[line["host"]] = [] if "@rmdir" in line["text"] else who


def _changes(lab: SiteLab, seen: int) -> Iterator[tuple[int, dict[str, Any]]]:
    shift = time.time_ns() - clock.ticks()
    for line in lab.audit()[seen:]:
        if line["changed"]:
            yield int(datetime.fromisoformat(line["time"]).timestamp() * 1e9) - shift, line


def _each_says_the_truth(pair: Pair, first: Ended, second: Ended) -> None:
    killed = pair.how != BESIDE
    for one in (first, second):
        assert "Traceback" not in one.output, one.output
        if one.refused:
            assert one.code == 1, one.output
            for words in ("found change K", " of ", " on ", "(process ", ", since ", "Wait until", "--break-lock ID"):
                assert words in one.said, one.output
    if killed:
        assert first.code in (-signal.SIGKILL, 128 + signal.SIGKILL, 1), first.output  # 1: `unshare` of a killed one
    else:
        assert first.code == 0 or first.refused or _clock_told(pair, first), first.output
        assert not any(one.took_over or "was broken by" in one.said for one in (first, second)), second.output
    if pair.second == "verify":
        assert second.code in (0, 1, 10), second.output
    elif _clock_told(pair, second):
        assert second.code == 1, second.output
    elif killed and not second.found_it_stopped:
        _a_dead_one_s_lock(pair, second)
    else:
        assert second.code == 0 or second.refused or second.saw_the_other or second.found_it_stopped, second.output


def _clock_told(pair: Pair, one: Ended) -> bool:
    """Whether section 0 has stopped a run whose machine is hours off."""
    return abs(pair.step) > 300 and "clock: difference to this machine" in one.said


def _a_dead_one_s_lock(pair: Pair, second: Ended) -> None:
    if pair.second == "break":
        assert second.code == 0, second.output
        assert second.took_over or "was broken by --break-lock: change K1" in second.said
    elif pair.where == MACHINE:
        assert second.refused, second.output
        assert "it ran on another machine" in second.said
    elif pair.where == CONTAINER and not pair.shared and not second.took_over:
        # Where the kernel has given the number of the dead one's name space to the second, that one knows.
        assert second.refused, second.output
        assert "neither its process nor its heartbeat can be seen from here" in second.said
    else:
        assert second.code == 0, second.output
        assert second.took_over, second.output


def _is_finished(lab: SiteLab, folder: Path, change: str, left: Sequence[str]) -> None:
    """A change by somebody who knows that the first run is dead: all is well then.

    The first change itself, but for where another one may have changed what it has copied: then a third.
    """
    lab.fail()
    done = runbook(lab, folder / "out", f"--change={change}", *(["--break-lock=K1"] if left else []), within=_LONG)
    assert done.exit_code == 0, done.output
    assert all(lab.entries(fqdn) for fqdn in lab.hosts)
    assert all(works(lab, edge) for edge in section_1(lab))
    assert not [fqdn for fqdn in lab.hosts if list(lab.folder(fqdn).rglob("runbook-lock"))]
