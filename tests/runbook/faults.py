"""A fault of the lab that comes exactly at a step, and what must hold then; cases are found by a run without faults."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jks

from tests.runbook.fault_table import DEADLINE, FAULTS, Fault, Line
from tests.runbook.runs import ROOT, Finished
from tests.runbook.site_lab import JRE, SECOND, SiteLab, site_lab
from tests.runbook.snapshots import END, LOCK, STEPS

LONGEST = 150.0  # seconds that a run may take in which something fails
_HURRY = ("--wait-for-services=1", "--no-report")
# No word of Python's may reach an operator.
PYTHON = re.compile(
    r"Traceback|object at 0x|<class |\b(?:Key|Value|Type|Attribute|Index|Unicode\w*)Error\b|\bNone\b|[^\W_]__[^\W_]"
)
_DECLARED = re.compile(r'@step\("(?P<step>[^"]+)"')


# -- the steps ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Walk:
    """A command that walks through steps: a change, its rollback, its cleaning up."""

    name: str
    folders: tuple[str, ...]
    options: tuple[str, ...] = ("--change=K1",)

    def paths(self, steps: Sequence[str]) -> list[str]:
        """The files of these steps."""
        return [path for path, step in _files(self.folders) if step in steps]


WALKS = (
    Walk("change", tuple(f"runbook/section{number}" for number in range(6))),
    Walk("rollback", ("runbook/rollback",)),
    Walk("cleanup", ("runbook/cleanup",), ("--change=K1", "--older-than=0")),
)


def _files(folders: Sequence[str]) -> Iterator[tuple[str, str]]:
    for path in sorted(path for folder in folders for path in (ROOT / folder).rglob("test_*.py")):
        for found in _DECLARED.finditer(path.read_text(encoding="utf-8")):
            yield str(path.relative_to(ROOT)), found["step"]


@dataclass(frozen=True)
class Step:
    """A step of a walk: the state of the lab right before it, what came before it, and what it was heard to send."""

    walk: Walk
    name: str
    until: tuple[str, ...]  # the steps of its walk as far as this one
    state: Path
    lines: tuple[Line, ...]
    shells: frozenset[str]  # those that were open already


@dataclass(frozen=True)
class Case:
    """A fault at a step, and whom it meets."""

    step: Step
    fault: Fault
    host: str
    options: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Step, fault and bare host."""
        once = ", once" if "times" in self.options else ""
        return f"{self.step.name}: {self.fault.name}{once}: {self.host.partition('.')[0]}"


@dataclass(frozen=True)
class Site:
    """A site on which every step was walked through: its text, its steps, its stores' passwords."""

    text: str
    steps: tuple[Step, ...]
    passwords: Mapping[tuple[str, str], str]  # host and further store


def walk(folder: Path, text: str, walks: Sequence[Walk] = WALKS) -> Site:
    """Walk through all steps of a site without a fault, and keep the state before each."""
    steps: list[Step] = []
    with site_lab(folder, site=text) as lab:
        passwords = {store: lab.store_password(*store) for store in stores(lab)}
        for one in walks:
            snapshots = folder / one.name
            snapshots.mkdir()
            watched = {"SNAPSHOTS": str(snapshots), "LAB_STATE": str(lab.process.state)}
            done = _run(lab, folder / "out", [*one.folders, *one.options, "-p", "tests.runbook.snapshots"], watched)
            assert done.exit_code == 0, done.output
            steps += _steps(one, snapshots)
    return Site(text, tuple(steps), passwords)


def _steps(one: Walk, snapshots: Path) -> Iterator[Step]:
    names = (snapshots / STEPS).read_text(encoding="utf-8").splitlines()
    every = [json.loads(line) for line in _heard(snapshots / END)]
    for number, name in enumerate(names[:-1]):
        begin, end = (len(_heard(snapshots / other)) for other in names[number : number + 2])
        shells = frozenset(line["shell"] for line in every[:begin] if line.get("shell"))
        yield Step(one, name, tuple(names[: number + 1]), snapshots / name, tuple(every[begin:end]), shells)


def _heard(state: Path) -> list[str]:
    return (state / "audit.jsonl").read_text(encoding="utf-8").split("\n")[:-1]


def cases(site: Site, seed: int) -> list[Case]:
    """Each fault at each step that meets it; at which host, by which line and how often, the seed says."""
    found = []
    for step in site.steps:
        for fault in FAULTS:
            chance = random.Random(f"{seed} {step.name} {fault.name}")  # noqa: S311 - nothing secret hangs on it
            if met := list(fault.meets(step.lines, step.shells)):
                host, own = chance.choice(met)
                options = {name: _named(site, value) for name, value in {**fault.options, **own}.items()}
                times = {"times": 1} if fault.countable and chance.random() < 0.5 else {}
                found.append(Case(step, fault, host, {**options, **times}))
    random.Random(seed).shuffle(found)  # noqa: S311 - an order, not a secret
    return found


def sample(site: Site, seed: int, number: int) -> list[Case]:
    """The first so many of them, each of another kind and at another step."""
    chosen: list[Case] = []
    for case in cases(site, seed):
        if all(case.fault.kind != one.fault.kind and case.step != one.step for one in chosen):
            chosen.append(case)
    return chosen[:number]


def _named(site: Site, value: object) -> object:
    (ads,) = re.findall(r"fqdn: (\S+), role: ads", site.text)[:1]
    return value.replace("{ads}", ads) if isinstance(value, str) and value == "{ads}" else value


# -- what must hold ----------------------------------------------------------------------------------------------------


def attempt(site: Site, case: Case, folder: Path) -> list[str]:
    """What is wrong with how a run takes this fault, and with the run after it."""
    try:
        with site_lab(folder, site=site.text, like=case.step.state) as lab:
            return list(_attempted(site, lab, case, folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _attempted(site: Site, lab: SiteLab, case: Case, folder: Path) -> Iterator[str]:
    ran = running(lab)
    told = _failing(lab, case, folder)
    print(f"== {case.name}: {told.exit_code}", *_findings(told), sep="\n", flush=True)
    stopped = ran - running(lab)
    locked = {fqdn for fqdn in lab.hosts if list(lab.folder(fqdn).rglob(LOCK))}
    yield from _opened(site, lab)
    yield from _told(told, case, stopped, locked)
    lab.fail()
    again = _run(lab, folder / "out", _command(case))
    if again.exit_code:
        yield f"the same command does not finish: exit code {again.exit_code}"
        yield from (again.output.splitlines() if "runbook =" not in again.output else _summary(again))
    yield from (f"{host}: {service} does not run in the end" for host, service in ran - running(lab))
    yield from (f"{fqdn}: locked in the end" for fqdn in lab.hosts if list(lab.folder(fqdn).rglob(LOCK)))
    yield from _opened(site, lab)


def _failing(lab: SiteLab, case: Case, folder: Path) -> Finished:
    file = folder / "faults.json"
    file.write_text(json.dumps({"faults": [{"host": case.host, "kind": case.fault.kind, **case.options}]}), "utf-8")
    armed = {"FAULT_AT": case.step.name, "FAULTS": str(file), "LAB_FAULTS": str(lab.process.state / "faults.json")}
    hurried = {"HURRIED": str(DEADLINE)} if case.fault.hurried else {}
    return _run(lab, folder / "out", [*_command(case), "-p", "tests.runbook.faulty"], {**armed, **hurried})


def _command(case: Case) -> list[str]:
    return [*case.step.walk.paths(case.step.until), *case.step.walk.options]


def _run(lab: SiteLab, evidence: Path, arguments: Sequence[str], environment: Mapping[str, str] = {}) -> Finished:
    """A run that must end by itself; its output as wide as it is written."""
    command = [sys.executable, "-m", "pytest", f"--inventory={lab.inventory_file}", f"--evidence={evidence}", *_HURRY]
    ended = subprocess.run(
        [*command, *arguments],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "250", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    return Finished(ended.returncode, ended.stdout + ended.stderr, evidence)


def _told(done: Finished, case: Case, stopped: set[tuple[str, str]], locked: set[str]) -> Iterator[str]:
    """What is wrong with how a run ended: what it said, and what it left."""
    yield from (f"a word of Python's: {word}" for word in dict.fromkeys(PYTHON.findall(done.output)))
    summary = "\n".join(_summary(done))
    named = {fqdn for fqdn in (case.host, *_others(case)) if fqdn in summary}
    if done.exit_code and not named:
        yield f"exit code {done.exit_code}, and {case.host} is not named"
    if done.exit_code not in (0, 1, 10):
        yield f"exit code {done.exit_code}"
    if done.exit_code == 0 and (stopped or locked):
        yield f"exit code 0, and left: {stopped} {locked}"
    yield from (f"{host}: {service} was left stopped unnamed" for host, service in stopped if service not in summary)
    yield from (f"{host}: a lock was left unnamed" for host in locked if not _says(done, host, "lock"))


def _others(case: Case) -> list[str]:
    return [str(case.options["name"])] if "name" in case.options else []


def _says(done: Finished, *words: str) -> bool:
    return any(all(word in line for word in words) for line in done.output.splitlines())


def _summary(done: Finished) -> list[str]:
    """What the run said in the end."""
    _, _, said = done.output.partition("= runbook =")
    return said.splitlines()[1:] or done.output.splitlines()


def _findings(done: Finished) -> list[str]:
    """Of that, what went wrong and what a person is warned of."""
    lines = _summary(done)
    end = next((number for number, line in enumerate(lines) if line.startswith("Trust")), len(lines))
    return lines[:end]


def stores(lab: SiteLab) -> Iterator[tuple[str, str]]:
    """Every live store: its host, and which of the host's it is."""
    for fqdn in lab.keepers:
        yield fqdn, ""
        if lab.hosts[fqdn]["role"] == "ads" and lab.release(fqdn) in SECOND:
            yield fqdn, SECOND[lab.release(fqdn)]
        if lab.hosts[fqdn]["role"] == "cvp":
            yield fqdn, JRE


def _opened(site: Site, lab: SiteLab) -> Iterator[str]:
    """The stores that do not open, or not with every key."""
    for fqdn, further in stores(lab):
        try:
            jks.KeyStore.load(str(lab.store_file(fqdn, further)), site.passwords[fqdn, further])
        except (OSError, jks.util.KeystoreException) as error:
            yield f"{fqdn}: {further or 'the live store'} does not open: {error}"


def running(lab: SiteLab) -> set[tuple[str, str]]:
    """What runs: host and service."""
    files = ((fqdn, lab.folder(fqdn).glob("running/*/presented.json")) for fqdn in lab.hosts)
    return {(fqdn, path.parent.name) for fqdn, paths in files for path in paths}
