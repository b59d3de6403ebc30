"""Crashes in the middle of a full run on a small site with every kind of store, and what must hold after each.

Which changing commands there are is found by a first run without a crash. Each is struck at four moments: killed right
before it is sent; killed after it was sent and before its answer; its host dies in the middle of it; the network to its
host is lost. Who is killed, what of a file is left, how services return: the seed says.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import jks

from tests.runbook.crashing import Blow
from tests.runbook.kills import ROLLBACK
from tests.runbook.probes import Trust, anchors_in_use, leaf
from tests.runbook.runs import ROOT, Finished, runbook
from tests.runbook.site_lab import JRE, SECOND, SiteLab, site_lab
from tests.runbook.whole import whole
from tests.solution.watched import untrusting

SITE = Path(__file__).with_name("crash.yaml").read_text(encoding="utf-8")
CHANGE = "--change=K1"
MOMENTS = ("unsent", "unanswered", "host", "network")
PROCESSES = ("controller", "worker", "terminal")
OWN = ("wsm_certificate", "vxml_certificate", "callserver_certificate")
RELEASE = "release the lock"
NOTHING = "there is nothing to take back"
_UNTIL_ENDED, _UNTIL_KILLED = 240, 0.5  # seconds: for a run; between a terminal's SIGHUP and the end of all
_BOOTS = (0.0, 3.0)  # seconds until services are up
_IN_A_HURRY = "--wait-for-services=20"  # for a run that nobody answers
_PLUGIN = "tests.runbook.crashing"
StoreName = tuple[str, str]  # host, and the file of a further store


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
    """Every moment of every changing command; each second one is taken back."""
    chosen = random.Random(seed)  # noqa: S311 - nothing secret hangs on it
    found, seen = list[Case](), Counter[str]()
    for number, line in enumerate(changes):
        seen[line] += 1
        host, _, purpose = line.partition(": ")
        for at, moment in enumerate(MOMENTS):
            victim = chosen.choice(WAYS[moment])
            found.append(Case(host, purpose, seen[line], moment, victim, back=(number + at) % 2 == 1))
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


# -- what there is -----------------------------------------------------------------------------------------------------


def stores(lab: SiteLab) -> list[StoreName]:
    """Every store that a run may write."""
    further = [(fqdn, SECOND[lab.release(fqdn)]) for fqdn in lab.of_role("ads") if lab.release(fqdn) in SECOND]
    further += [(fqdn, JRE) for fqdn in lab.of_role("cvp")]
    return [*((fqdn, "") for fqdn in lab.keepers), *further]


@dataclass(frozen=True)
class World:
    """What hosts hold: each store's bytes, each appliance's trust list, the private keys in use, what services run."""

    stores: dict[StoreName, bytes]
    trust: dict[str, dict[str, bytes]]
    keys: frozenset[bytes]
    own: dict[str, dict[str, str]]  # the certificates of those keys
    running: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, lab: SiteLab) -> World:
        """As it is now. Fails where a store does not open."""
        for fqdn, further in stores(lab):
            lab.entries(fqdn, further)
        cvps = lab.of_role("cvp")
        return cls(
            {(fqdn, further): lab.store_file(fqdn, further).read_bytes() for fqdn, further in stores(lab)},
            {vvb: lab.trust_list(vvb) for vvb in lab.of_role("vvb")},
            frozenset(key for fqdn in cvps for _, key in lab.keys(fqdn)),
            {fqdn: {alias: lab.entries(fqdn)[alias] for alias in OWN} for fqdn in cvps},
            running(lab),
        )


def kept_keys(lab: SiteLab) -> frozenset[bytes]:
    """Every private key that some store of a host holds, a live one or a copy. A copy may be cut off."""
    found: set[bytes] = set()
    for fqdn in lab.of_role("cvp"):
        for file in lab.folder(fqdn).rglob(".keystore"):
            with suppress(Exception):  # a torn copy: pyjks raises many things
                opened = jks.KeyStore.load(str(file), lab.store_password(fqdn)).private_keys
                found |= {entry.pkey_pkcs8 for entry in opened.values()}
    return frozenset(found)


def running(lab: SiteLab) -> frozenset[tuple[str, str]]:
    """The services that run now: host and name."""
    notes = ((fqdn, note) for fqdn in lab.hosts for note in lab.folder(fqdn).glob("running/*/presented.json"))
    return frozenset((fqdn, note.parent.name) for fqdn, note in notes)


# -- a case ------------------------------------------------------------------------------------------------------------


def prepared_state(folder: Path) -> Path:
    """A state of the site to start each case from."""
    with site_lab(folder, site=SITE):
        return folder / "state"


def changes_of(folder: Path, prepared: Path, site: str = SITE) -> list[str]:
    """Every changing command of a full run, in its order: host and purpose."""
    with site_lab(folder, site=site, like=prepared) as lab:
        ended = run(lab, folder)
        assert ended.exit_code == 0, ended.output
    return (folder / "changes").read_text(encoding="utf-8").splitlines()


def try_one(folder: Path, prepared: Path, case: Case, site: str = SITE) -> None:
    """Crash, look, and finish it or take it back."""
    with site_lab(folder, site=site, like=prepared) as lab:
        before = World.of(lab)
        ended = run(lab, folder, case)
        crashed = is_unharmed(lab, before)
        with_its_world_back(lab, case)
        if case.moment in ("host", "network") or case.victim.startswith("worker"):
            it_ended_well(ended, case)
        if case.back:
            is_taken_back(lab, before, crashed, runbook(lab, folder / "out", ROLLBACK, CHANGE, "-n2"))
        else:
            is_finished(lab, before, crashed, runbook(lab, folder / "out", CHANGE, "-n2"))


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


# -- what must hold ----------------------------------------------------------------------------------------------------


def is_unharmed(lab: SiteLab, before: World) -> World:
    """Right after the crash: every live store opens, and every key that was in use is there."""
    now = World.of(lab)
    assert before.keys | now.keys <= kept_keys(lab), "a private key is lost"
    return now


def it_ended_well(ended: Finished, case: Case) -> None:
    """Whoever lives sees what has happened, says so and gives up, but for a lock that nobody needs any more."""
    assert "Traceback" not in ended.output, ended.output
    assert "INTERNALERROR" not in ended.output, ended.output
    if case.victim == "worker" and ended.exit_code < 0:
        return  # what the controller sends, no worker does
    if case.purpose == RELEASE and ended.exit_code == 0:
        assert f"{case.host}: its lock" in ended.said, ended.output
        return
    assert ended.exit_code == 1, ended.output
    assert "NOT COMPLETE" in ended.output.partition("= runbook =")[2].splitlines()[1], ended.output
    assert case.host in ended.output, ended.output


def is_finished(lab: SiteLab, before: World, crashed: World, finished: Finished) -> None:
    """All is done: every certificate is new, every trust works, every key that was in use is kept."""
    assert finished.exit_code == 0, finished.output
    now = World.of(lab)
    assert untrusting(lab, whole(lab)) == []
    assert [edge for edge in whole(lab) if not works(lab, edge)] == []
    for fqdn, own in now.own.items():
        assert {alias for alias in OWN if own[alias] == before.own[fqdn][alias]} == set()
    for (fqdn, further), content in before.stores.items():
        if now.stores[fqdn, further] == content:
            continue
        copies = [one.read_bytes() for one in lab.folder(fqdn).rglob(f"runbook-K1/before/{_name(lab, fqdn, further)}")]
        assert content in copies, f"{fqdn} {further}: no copy from before"
        assert not [alias for alias in lab.entries(fqdn, further) if alias.endswith("_old")]
    nothing_is_left(lab, before, before.keys | crashed.keys | now.keys)


def works(lab: SiteLab, edge: Trust) -> bool:
    """Whether what the importer's service has loaded holds what the exporter presents."""
    presented = hashlib.sha256(leaf(*lab.endpoint(edge.exporter, edge.port))).hexdigest()
    return presented in (anchors_in_use(lab, edge) or ())


def is_taken_back(lab: SiteLab, before: World, crashed: World, back: Finished) -> None:
    """Every store holds its bytes, every appliance trusts whom it trusted, every key that was in use is kept.

    Where the crash came before anything of the change was left anywhere, that is said.
    """
    if any(path for fqdn in lab.keepers for path in lab.folder(fqdn).rglob("runbook-K1")):
        assert back.exit_code == 0, back.output
    else:
        assert back.exit_code == 0 or NOTHING in back.said, back.output
    now = World.of(lab)
    assert {one for one, content in now.stores.items() if content != before.stores[one]} == set()
    assert _certificates(now) == _certificates(before)
    nothing_is_left(lab, before, before.keys | crashed.keys)


def nothing_is_left(lab: SiteLab, before: World, keys: frozenset[bytes]) -> None:
    """No lock, no staged copy, no service that stands still; no key lost."""
    for fqdn in lab.keepers:
        assert not list(lab.folder(fqdn).rglob("runbook-lock")), fqdn
        assert [path for path in lab.folder(fqdn).rglob("runbook-K1/staged/*") if path.is_file()] == []
    assert keys <= kept_keys(lab), "a private key is lost"
    assert before.running - running(lab) == frozenset()


def _name(lab: SiteLab, fqdn: str, further: str) -> str:
    return lab.store_file(fqdn, further).name


def _certificates(world: World) -> dict[str, dict[str, bytes]]:
    """What trust lists hold, by its file: the description before the certificate says who uploaded it, and when."""
    return {
        vvb: {name: content[content.index(b"-----BEGIN") :] for name, content in entries.items()}
        for vvb, entries in world.trust.items()
    }
