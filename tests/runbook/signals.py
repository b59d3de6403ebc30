"""A run that a signal interrupts right after a changing command of its activation, and what must hold then."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from reports.journal.chains import run_folders
from tests.runbook.blocked import not_succeeded
from tests.runbook.kills import CHANGES, FIRST_LIVE
from tests.runbook.runs import ROOT, runbook
from tests.runbook.site_lab import ADS, CVP, SiteLab

_SERVICES = ((ADS, "Tomcat9"), *((CVP, name) for name in ("callserver", "vxmlserver", "WebServicesManager")))
_FORGOTTEN = "remove the note of stopped services"
# What a run sends where everything is staged: the locks, then both activations. Tidying and the locks' end come after.
_LOCKS = 2
_LAST = max(number for number, one in enumerate(CHANGES, start=1) if _FORGOTTEN in one)
ACTIVATION = CHANGES[FIRST_LIVE - 2 : _LAST]
# Who is sent what: a terminal's Ctrl-C and its end reach the whole group, `kill` one process.
WAYS = {
    "SIGINT-group": ("SIGINT", "group"),
    "SIGHUP-group": ("SIGHUP", "group"),
    "SIGTERM-group": ("SIGTERM", "group"),
    "SIGTERM-controller": ("SIGTERM", "controller"),
    "SIGTERM-self": ("SIGTERM", "self"),
    "SIGHUP-self": ("SIGHUP", "self"),
}
TOLD = {
    "SIGINT": "interrupted by the operator (Ctrl-C)",
    "SIGTERM": "interrupted by SIGTERM",
    "SIGHUP": "interrupted by SIGHUP (its terminal is gone)",
}
_WITHIN = 240  # seconds


@dataclass(frozen=True)
class Case:
    """A signal to somebody, after which changing command of the activation, with or without workers."""

    way: str
    workers: bool
    moment: int  # of ACTIVATION, from 1

    @property
    def name(self) -> str:
        after = ACTIVATION[self.moment - 1].replace(" ", "-").replace(":", "")
        return f"{self.way}-{'workers' if self.workers else 'alone'}-{self.moment:02}-{after}"


def cases() -> list[Case]:
    """Each signal, to each process that may be sent it, at each changing command of an activation."""
    every = (Case(*one) for one in product(WAYS, (False, True), range(1, len(ACTIVATION) + 1)))
    return [case for case in every if case.workers or not case.way.endswith("self")]  # alone that is the controller


def sample(seed: int) -> list[Case]:
    """Four ways, each at a moment at which a service stands still; which one, the seed says."""
    chosen = random.Random(seed)  # noqa: S311 - nothing secret hangs on it
    stopped = [number for number, one in enumerate(ACTIVATION, start=1) if ": stop " in one]
    ways = (("SIGHUP-group", False), ("SIGHUP-group", True), ("SIGTERM-controller", False), ("SIGTERM-self", True))
    return [Case(*way, chosen.choice(stopped)) for way in ways]


@dataclass(frozen=True)
class Interrupted:
    """A run that a signal has ended: its exit code, what it said, the changing commands that it sent."""

    code: int
    output: str
    sent: list[str]

    @property
    def said(self) -> str:
        """The output with its line breaks undone."""
        return " ".join(self.output.split())


def interrupt(lab: SiteLab, evidence: Path, way: str, *arguments: str, **moment: str) -> Interrupted:
    """Run the runbook, and send it a signal at this moment (see the plugin)."""
    evidence.mkdir(parents=True, exist_ok=True)
    seen = evidence / f"changes-{len(list(evidence.glob('changes-*')))}"
    seen.touch()
    name, whom = WAYS[way]
    command = [sys.executable, "-m", "pytest", "runbook", f"--inventory={lab.inventory_file}", f"--evidence={evidence}"]
    told = {"COLUMNS": "200", "CHANGES_SEEN": str(seen), "SIGNAL": name, "SIGNAL_TO": whom, **moment}
    ended = subprocess.run(
        [*command, "--no-report", "-p", "tests.runbook.signalled", *arguments],
        cwd=ROOT,
        env={**os.environ, **told},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_WITHIN,
        start_new_session=True,
        check=False,
    )
    return Interrupted(ended.returncode, ended.stdout, seen.read_text(encoding="utf-8").splitlines())


def it_ends_well(lab: SiteLab, evidence: Path, case: Case) -> None:
    """What a signal interrupts ends: what was stopped runs, no lock is left, everything is documented and sealed."""
    workers = ["-n2"] if case.workers else []
    ended = interrupt(lab, evidence, case.way, "--change=K1", *workers, SIGNAL_AFTER=str(_LOCKS + case.moment))
    told = TOLD[WAYS[case.way][0]]
    not_succeeded(ended.code, ended.output, evidence / "K1", expected=2)
    assert told in ended.said
    assert ended.output.count("Interrupted") == 1, ended.output
    assert "Traceback" not in ended.output
    assert ended.sent[_LOCKS : _LOCKS + case.moment] == list(ACTIVATION[: case.moment])
    everything_runs(lab)
    is_documented(evidence / "K1", told)


def everything_runs(lab: SiteLab) -> None:
    """No service stands still, and nobody is locked out."""
    assert not [fqdn for fqdn in lab.hosts if list(lab.folder(fqdn).rglob("runbook-lock"))]
    still = [one for one in _SERVICES if not (lab.folder(one[0]) / "running" / one[1] / "presented.json").exists()]
    assert still == []


def is_documented(folder: Path, told: str) -> None:
    """The journals of its last run say why it ended, and all that there is is sealed."""
    run = run_folders(folder)[-1]
    assert any(told in file.read_text(encoding="utf-8") for file in run.glob("journal-*.jsonl"))
    is_sealed(folder)


def is_sealed(folder: Path) -> None:
    """Every document is there and as it was written."""
    for name in ("summary.txt", "journal.jsonl", "verification.json", "change-record.html"):
        assert (folder / name).exists()
    command = [sys.executable, "-m", "reports.verify", str(folder)]
    sealed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert sealed.returncode == 0, sealed.stdout + sealed.stderr


def it_is_finished_later(lab: SiteLab, evidence: Path) -> None:
    """The same command does the rest."""
    finished = runbook(lab, evidence, "--change=K1")
    assert finished.exit_code == 0, finished.output
    everything_runs(lab)
