"""A run that is killed right after one of its changing commands, and what must hold when it has been seen to.

A kill right before a command leaves what a kill right after the one before it leaves: hosts cannot tell them apart.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from fixtures.evidence import CommandRecord
from reports.journal import history
from reports.journal.chains import run_folders
from reports.record.stores import At
from reports.record.story import Story
from tests.runbook.planned import planned, unplanned
from tests.runbook.probes import Trust, loaded_anchors, section_1, trusts
from tests.runbook.runs import ROOT, Finished, runbook
from tests.runbook.site_lab import ADS, CVP, SiteLab

ROLLBACK = "runbook/rollback"
OWN = ("wsm_certificate", "vxml_certificate", "callserver_certificate")
_LOCKED = ("awa: take the lock", "cvpa: take the lock")
_RELEASED = ("awa: release the lock", "cvpa: release the lock")


def _copied(host: str) -> tuple[str, ...]:
    new = ("make the change's folder", "allow Administrators and SYSTEM only", "copy from before")
    return (*(f"{host}: {one}" for one in (*new, "keep the copy from before")), *_staged(host))


def _staged(host: str) -> tuple[str, ...]:
    return (f"{host}: remember the live store as it is", f"{host}: make the staged copy")


def _imported(host: str) -> tuple[str, ...]:
    lines = ("send 1 certificates", "unpack them", "import them into the staged copy")
    return tuple(f"{host}: {one}" for one in lines)


def _activated(host: str, store: str) -> tuple[str, ...]:
    return (f"{host}: note which entries this change writes", f"{host}: activate {store}")


def _returned(host: str, store: str) -> tuple[str, ...]:
    lines = ("keep what is taken back: its keys exist nowhere else", "copy the copy from before")
    return tuple(
        f"{host}: {one}" for one in (*lines, f"return {store} to what it was", "forget when the store was tidied")
    )


def _restarted(host: str, *services: str) -> tuple[str, ...]:
    lines = ("note {} before it is stopped", "stop {}", "start {}")
    restarts = (f"{host}: {line.format(service)}" for service in services for line in lines)
    return (*restarts, f"{host}: remove the note of stopped services")


_CVP_SERVICES = ("callserver", "vxmlserver", "WebServicesManager")
# Every changing command of a renewal of everything, in its order, on the two hosts of the fixture `one_way_duo`.
CHANGES = (
    *_LOCKED,
    *_copied("cvpa"),
    *(f"cvpa: delete the old {alias}" for alias in OWN),
    *(f"cvpa: generate {alias} for {CVP}" for alias in OWN),
    *_copied("awa"),
    *_imported("awa"),
    *_imported("cvpa"),
    *_activated("awa", "cacerts"),
    *_restarted("awa", "Tomcat9"),
    *_activated("cvpa", ".keystore"),
    *_restarted("cvpa", *_CVP_SERVICES),
    *_staged("awa"),
    f"awa: remove the superseded entry {CVP}_old",
    "awa: note that the store was tidied",
    *_activated("awa", "cacerts"),
    *_RELEASED,
)
# The same of the way back from there.
CHANGES_BACK = (
    *_LOCKED,
    *_staged("awa"),
    *_imported("awa"),
    *_activated("awa", "cacerts"),
    *_restarted("awa", "Tomcat9"),
    *_returned("cvpa", ".keystore"),
    *_restarted("cvpa", *_CVP_SERVICES),
    *_returned("awa", "cacerts"),
    *_restarted("awa", "Tomcat9"),
    *_RELEASED,
)
MOMENTS_BACK = range(1, len(CHANGES_BACK) + 1)
FIRST_LIVE = CHANGES.index("awa: activate cacerts") + 1
_UNTIL_KILLED = 120  # seconds


def named(moment: int, changes: tuple[str, ...] = CHANGES) -> str:
    """A moment as a test's id."""
    return f"{moment:02}-{changes[moment - 1].replace(' ', '-').replace(':', '')}"


def sample(seed: int) -> tuple[int, int]:
    """One moment before the first store goes live and one after it; which ones, the seed says."""
    chosen = random.Random(seed)  # noqa: S311 - nothing secret hangs on it
    return chosen.randrange(1, FIRST_LIVE), chosen.randrange(FIRST_LIVE, len(CHANGES) + 1)


@dataclass(frozen=True)
class World:
    """What hosts hold and who trusts whom, as this client sees it."""

    stores: dict[str, bytes]
    entries: dict[str, dict[str, str]]
    verdicts: dict[Trust, bool]

    @classmethod
    def of(cls, lab: SiteLab) -> World:
        """The world as it is now; every service that trusts must run."""
        entries = {fqdn: lab.entries(fqdn) for fqdn in lab.hosts}
        return cls(store_bytes(lab), entries, {edge: works(lab, edge) for edge in section_1(lab)})


def store_bytes(lab: SiteLab) -> dict[str, bytes]:
    """Every live store."""
    return {fqdn: lab.store_file(fqdn).read_bytes() for fqdn in lab.hosts}


def works(lab: SiteLab, edge: Trust) -> bool:
    """Whether the importer's running service trusts what the exporter presents now."""
    anchors = loaded_anchors(lab, edge)
    assert anchors is not None, f"{edge.service} of {edge.importer} does not run"
    exporter = lab.hosts[edge.exporter]
    return trusts(anchors, edge.exporter, exporter["address"], exporter["ports"][edge.port])


def run_and_kill(lab: SiteLab, evidence: Path, moment: int, *arguments: str) -> list[str]:
    """Run the runbook and kill it right after its so-many-th changing command; the commands that were sent."""
    evidence.mkdir(parents=True, exist_ok=True)
    seen = evidence / f"changes-{len(list(evidence.glob('changes-*')))}"
    paths = [] if any(argument.startswith("runbook") for argument in arguments) else ["runbook"]
    command = [sys.executable, "-m", "pytest", *paths, f"--inventory={lab.inventory_file}", f"--evidence={evidence}"]
    ended = subprocess.run(
        [*command, "--no-report", "-p", "tests.runbook.killed_controller", *arguments],
        cwd=ROOT,
        env={**os.environ, "CHANGES_SEEN": str(seen), "KILL_AFTER": str(moment)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_UNTIL_KILLED,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stdout + ended.stderr
    return seen.read_text(encoding="utf-8").splitlines()


def nothing_is_left_open(lab: SiteLab) -> None:
    """No lock, no staged copy, every service running."""
    for fqdn in lab.hosts:
        folder = lab.folder(fqdn)
        assert not list(folder.rglob("runbook-lock"))
        assert [path for path in folder.rglob("runbook-K1/staged/*") if path.is_file()] == []
    services = {(ADS, "Tomcat9"), *((CVP, name) for name in ("callserver", "vxmlserver", "WebServicesManager"))}
    assert {
        one for one in services if not (lab.folder(one[0]) / "running" / one[1] / "presented.json").exists()
    } == set()


def is_finished(lab: SiteLab, before: World, finished: Finished) -> None:
    """The same command has finished the job, and no key that was in use is lost."""
    assert finished.exit_code == 0, finished.output
    now = World.of(lab)
    assert all(now.verdicts.values())
    assert all(now.entries[CVP][alias] != before.entries[CVP][alias] for alias in OWN)
    for fqdn, name in ((ADS, "cacerts"), (CVP, ".keystore")):
        (copy,) = lab.folder(fqdn).rglob(f"runbook-K1/before/{name}")
        assert copy.read_bytes() == before.stores[fqdn]
    assert set(now.entries[ADS]) == set(before.entries[ADS])  # nothing is left under {alias}_old
    nothing_is_left_open(lab)


def is_rolled_back(lab: SiteLab, before: World, live: dict[str, bytes], back: Finished) -> None:
    """Every store holds its bytes from before, every edge has its verdict, and no key that was live is lost."""
    assert back.exit_code == 0, back.output
    assert World.of(lab) == before
    if live[CVP] != before.stores[CVP]:
        (copy,) = lab.folder(CVP).rglob("runbook-K1/undone/.keystore")
        assert copy.read_bytes() == live[CVP]
    nothing_is_left_open(lab)


def finish_after_kill(lab: SiteLab, evidence: Path, moment: int) -> None:
    """Kill a run, give the same command again, and see that all is done and nothing is lost."""
    before, plan = World.of(lab), planned(lab, evidence.with_name("plan"))
    seen = len(lab.audit())
    kill(lab, evidence, moment, before)
    is_finished(lab, before, runbook(lab, evidence, "--change=K1"))
    assert unplanned(plan, lab.audit()[seen:]) == []


def take_back_after_kill(lab: SiteLab, evidence: Path, moment: int) -> None:
    """Kill a run, take it back, and see that all is as it was."""
    before, plan = World.of(lab), planned(lab, evidence.with_name("plan"), ROLLBACK)
    kill(lab, evidence, moment, before)
    live, seen = store_bytes(lab), len(lab.audit())
    is_rolled_back(lab, before, live, runbook(lab, evidence, ROLLBACK, "--change=K1"))
    assert unplanned(plan, lab.audit()[seen:]) == []


def kill(lab: SiteLab, evidence: Path, moment: int, before: World) -> None:
    """Kill a renewal. Before its first activation no live store may differ by a byte."""
    assert run_and_kill(lab, evidence, moment, "--change=K1") == list(CHANGES[:moment])
    if moment < FIRST_LIVE:
        assert store_bytes(lab) == before.stores
    the_record_is_right(lab, evidence, before)


def the_record_is_right(lab: SiteLab, evidence: Path, before: World) -> None:
    """Host by host, what the record calls live or only staged is so on the disks; else it says that nobody knows."""
    story = Story.of([history.of(run) for run in run_folders(evidence / "K1")])
    assert story is not None
    told = {stand.host: stand for stand in story.stores}
    sent = [one for part in story.parts for one in part.records if isinstance(one, CommandRecord)]
    unanswered = {one.host for one in sent if one.changes and one.exit_code is None}
    for fqdn, content in store_bytes(lab).items():
        stand = told.get(fqdn)
        if stand is None or stand.at is None:
            assert content == before.stores[fqdn]
        elif stand.at is At.UNSURE:
            assert fqdn in unanswered
        else:
            assert (stand.at, content == before.stores[fqdn]) == (At.LIVE, False)
        if fqdn not in unanswered:
            assert (stand is not None and stand.pending) == (fqdn in staged_files(lab))


def staged_files(lab: SiteLab) -> set[str]:
    """The hosts on which a staged copy of change K1 lies."""
    return {fqdn for fqdn in lab.hosts if any(one.is_file() for one in lab.folder(fqdn).rglob("runbook-K1/staged/*"))}
