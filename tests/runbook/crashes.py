"""Crashes in the middle of a full run on a small site with every kind of store, and what must hold after each.

Which changing commands there are is found by a first run without a crash. Each is struck at four moments: killed right
before it is sent; killed after it was sent and before its answer; its host dies in the middle of it; the network to its
host is lost. Who is killed, what of a file is left, how services return: the seed says.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.runbook.crash_world import World, is_finished, is_rolled_back, is_unharmed
from tests.runbook.crashing import Blow
from tests.runbook.kills import ROLLBACK
from tests.runbook.probes import Trust
from tests.runbook.runs import ROOT, Finished, runbook
from tests.runbook.site_lab import SiteLab, site_lab

SITE = Path(__file__).with_name("crash.yaml").read_text(encoding="utf-8")
CHANGE = "--change=K1"
MOMENTS = ("unsent", "unanswered", "host", "network")
PROCESSES = ("controller", "worker", "terminal")
RELEASE = "release the lock"
_UNTIL_ENDED, _UNTIL_KILLED = 240, 0.5  # seconds: for a run; between a terminal's SIGHUP and the end of all
_BOOTS = (0.0, 3.0)  # seconds until services are up
_IN_A_HURRY = "--wait-for-services=20"  # for a run that nobody answers
_PLUGIN = "tests.runbook.crashing"


# -- cases -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A moment of a command, the so-many-th of its host with this purpose; then `back`, or the same command again."""

    host: str
    purpose: str
    nth: int
    moment: str
    victim: str  # a process; where none dies, how the world goes on
    back: bool

    @property
    def name(self) -> str:
        """The case as a line; a test's id too."""
        bare = f"{self.host.partition('.')[0]} {self.purpose}"
        then = "back" if self.back else "again"
        return f"{bare} {self.nth} {self.moment} {self.victim} {then}".replace(" ", "-").replace("'", "")


def cases(changes: list[str], seed: int) -> list[Case]:
    """Every moment of every changing command. Each is always the same case, whatever stands around it."""
    found, seen = list[Case](), Counter[str]()
    for line in changes:
        seen[line] += 1
        host, _, purpose = line.partition(": ")
        for moment in MOMENTS:
            chosen = random.Random(f"{seed} {line} {seen[line]} {moment}")  # noqa: S311 - nothing secret hangs on it
            victim, back = chosen.choice(WAYS[moment]), chosen.choice((False, True))
            found.append(Case(host, purpose, seen[line], moment, victim, back=back))
    return found


# How a host dies: how much the line still writes, and whether a file is torn; how soon its services are up again.
DEATHS = tuple(f"{after}{torn}-{boot:g}" for after in (0, 1, 2, 9) for torn in ("", "torn") for boot in _BOOTS)
WAYS = {
    "unsent": PROCESSES,
    "unanswered": tuple(f"{process}-{when}" for process in PROCESSES for when in ("half", "sent")),
    "host": DEATHS,
    "network": ("before", "half", "sent"),
}


def blow_of(case: Case, lab: SiteLab, told: Path) -> Blow:
    """What the plugin is told."""
    process, _, when = case.victim.partition("-")
    faults: list[dict[str, Any]] = []
    if case.moment == "network":
        process, when = "", case.victim
        pages = {"pages": True} if case.host in lab.of_role("vvb") else {}
        faults = [{"host": case.host, "kind": "unreachable", **pages}]
    elif case.moment == "host":
        process, when = "", "before"
        after, _, boot = case.victim.partition("-")
        torn = after.endswith("torn")
        cut = {"kind": "power_cut", "after": int(after.removesuffix("torn")), "torn": torn, "boot": float(boot)}
        faults = [{"host": case.host, **cut}]
    file = str(lab.process.state / "faults.json")
    return Blow(case.host, case.purpose, case.nth, when or "before", process, faults, file, str(told))


# -- a case ------------------------------------------------------------------------------------------------------------


def prepared_state(folder: Path, site: str = SITE) -> Path:
    """A state of the site to start each case from."""
    with site_lab(folder, site=site):
        return folder / "state"


def changes_of(folder: Path, prepared: Path, site: str = SITE) -> list[str]:
    """Every changing command of a full run, in its order: host and purpose."""
    with site_lab(folder, site=site, like=prepared) as lab:
        ended = run(lab, folder)
        assert ended.exit_code == 0, ended.output
    return (folder / "changes").read_text(encoding="utf-8").splitlines()


def in_steps(evidence: Path, steps: Collection[str]) -> set[tuple[str, str, int]]:
    """The changing commands of a run's steps: host, purpose, and the so-many-th of its host with that purpose."""
    lines = [line for file in evidence.rglob("journal-*.jsonl") for line in file.open(encoding="utf-8")]
    entries = sorted(map(json.loads, lines), key=lambda entry: str(entry["time"]))
    seen, found = Counter[tuple[str, str]](), set[tuple[str, str, int]]()
    for entry in entries:
        if entry["event"] == "command" and entry["record"]["changes"]:
            one = entry["record"]["host"], entry["record"]["purpose"]
            seen[one] += 1
            if entry.get("step") in steps:
                found.add((*one, seen[one]))
    return found


def try_one(folder: Path, prepared: Path, case: Case, site: str = SITE, planted: Sequence[Trust] = ()) -> None:
    """Crash, look, and finish it or take it back."""
    with site_lab(folder, site=site, like=prepared) as lab:
        before = World.of(lab)
        ended = run(lab, folder, case)
        crashed = is_unharmed(lab, before)
        with_its_world_back(lab, case)
        if case.moment in ("host", "network") or case.victim.startswith("worker"):
            it_ended_well(ended, case)
        if case.back:
            is_rolled_back(lab, before, crashed, runbook(lab, folder / "out", ROLLBACK, CHANGE, "-n2"))
        else:
            is_finished(lab, before, crashed, runbook(lab, folder / "out", CHANGE, "-n2"), planted)


def run(lab: SiteLab, folder: Path, case: Case | None = None) -> Finished:
    """A full run, which is struck where there is a case."""
    evidence, said, told = folder / "out", folder / "said", folder / "told"
    command = [sys.executable, "-m", "pytest", "runbook", f"--inventory={lab.inventory_file}", f"--evidence={evidence}"]
    environment = {**os.environ, "COLUMNS": "200", "CHANGES_SEEN": str(folder / "changes")}
    if case is not None:
        environment["CRASH"] = json.dumps(asdict(blow_of(case, lab, told)))
        command += [_IN_A_HURRY] if case.moment in ("host", "network") else []
    with said.open("w", encoding="utf-8") as file:  # not a pipe: whoever is killed leaves others who hold it
        process = subprocess.Popen(
            [*command, "--no-report", CHANGE, "-n2", "-p", _PLUGIN],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        code = _wait(process, told if case and case.victim.startswith("terminal") else None)
    output = said.read_text(encoding="utf-8")
    assert case is None or told.exists(), f"it never happened: {output}"
    return Finished(code, output, evidence)


def _wait(process: subprocess.Popen[bytes], told: Path | None) -> int:
    """Until it has ended; all of its group is killed a moment after a terminal is gone."""
    try:
        if told is not None:
            while process.poll() is None and not told.exists():
                time.sleep(0.02)
            time.sleep(_UNTIL_KILLED)
            os.killpg(process.pid, signal.SIGKILL)
        return process.wait(_UNTIL_ENDED)
    except ProcessLookupError:
        return process.wait(_UNTIL_ENDED)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def with_its_world_back(lab: SiteLab, case: Case) -> None:
    """What was down is up again: whoever runs it again has seen that its hosts answer."""
    lab.fail()
    if case.moment in ("host", "network"):
        _until_it_answers(lab.endpoint(case.host, "ssh" if case.host in lab.of_role("vvb") else "winrm"))


def _until_it_answers(endpoint: tuple[str, int]) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(endpoint, timeout=2).close()
        except OSError:
            assert time.monotonic() < deadline, f"{endpoint} does not answer"
            time.sleep(0.05)
        else:
            return


def it_ended_well(ended: Finished, case: Case) -> None:
    """Whoever lives sees what has happened, says so and gives up, but for a lock that nobody needs any more."""
    assert "Traceback" not in ended.output, ended.output
    assert "INTERNALERROR" not in ended.output, ended.output
    if case.victim.startswith("worker") and ended.exit_code < 0:
        return  # what the controller sends, no worker does
    if case.purpose == RELEASE and ended.exit_code == 0:
        assert f"{case.host}: its lock" in ended.said, ended.output
        return
    assert ended.exit_code == 1, ended.output
    assert "NOT COMPLETE" in ended.output.partition("= runbook =")[2].splitlines()[1], ended.output
    assert case.host in ended.output, ended.output
