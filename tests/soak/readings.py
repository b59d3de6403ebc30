"""Readings that fail, one at a time: what a verification, section 0 and a plan that looks make of each.

The project's own code looks at a lab in this process, over its real connections, with shorter deadlines. Every reading
command that it sends is found by a first look without faults; then each is answered in every wrong way, and what the
look calls a trust is held against Java's own word.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pluggy
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificate

from checks.violation import CouldNotFindOut, WrongState
from fixtures.connections.backend import Backend, Result
from fixtures.connections.session import HostSession, Variables
from fixtures.evidence import EdgeRecord, EvidenceHooks, Verdict
from fixtures.hosts.store_host import StoreHost
from fixtures.inventory.load import load
from fixtures.inventory.model import Host
from fixtures.plan.observation import TIDY, Observation
from fixtures.plan.observed import Observed
from fixtures.run.run import PLAN, VERIFY
from fixtures.scope.edges import Edge
from fixtures.secrets.credentials import SecretStore
from fixtures.site import Site
from fixtures.tables.roles import StoreKey
from fixtures.verify.certificates import verify_certificates
from fixtures.verify.preflight import CHECKS, Preflight
from tests.checks.java import java_takes_path
from tests.fixtures.doing import verify_trust
from tests.fixtures.hosts.given import look_at
from tests.fixtures.hosts.small import Kept
from tests.fixtures.made_runs import made_run
from tests.runbook.faults import PYTHON
from tests.runbook.site_lab import SiteLab

DEADLINE = 4.0  # seconds for a command, in place of a minute or more
LONGEST_LOOK = 60.0  # seconds for all that one look does
SECTIONS = ("1", "2", "3", "4")

# -- the wrong answers -------------------------------------------------------------------------------------------------

_MISSING = "'it' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n"
FAULTS: Mapping[str, Mapping[str, Any]] = {
    "its program is missing": {"kind": "answers", "code": 1, "says": _MISSING},
    "access denied": {"kind": "answers", "code": 5, "says": "Access is denied.\r\n"},
    "another exit code": {"kind": "answers", "code": 87, "says": "The parameter is incorrect.\r\n"},
    "nothing printed": {"kind": "answers"},
    "garbage": {"kind": "answers", "says": "\x1b[2J\u2592\u2592 \x00 %s {0} \\ ???\r\n\r\n7\r\n"},
    "cut in the middle": {"kind": "answers", "cut": True},
    "another language": {"kind": "answers", "code": 1, "says": "エラー: アクセスが拒否されました。\r\n"},
    "no answer in time": {"kind": "slow", "seconds": DEADLINE + 3},
}


# -- looking -----------------------------------------------------------------------------------------------------------


class Hurried:
    """A backend whose deadlines are shorter: the connection is the real one."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backend, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "_backend":
            super().__setattr__(name, value)
        else:
            setattr(self._backend, name, value)

    def run(self, command: str, *, stdin: bytes | None = None, within: float = 60, **how: Any) -> Result:
        return self._backend.run(command, stdin=stdin, within=min(within, DEADLINE), **how)


class HurriedSite(Site):
    """A site whose hosts are asked in a hurry."""

    def _hosts_session(
        self, host: Host, variables: Variables, open_backend: Callable[[], Backend], *more: Any, **how: Any
    ) -> HostSession:
        return super()._hosts_session(host, variables, lambda: Hurried(open_backend()), *more, **how)


@dataclass(frozen=True)
class Job:
    """One thing that a run looks at."""

    kind: str  # certificates, trust, section 0, plan
    host: str
    detail: str  # section or step


@dataclass
class Looked:
    """What came of looking."""

    edges: list[EdgeRecord] = field(default_factory=list)
    told: list[str] = field(default_factory=list)  # all that an operator would read
    sent: dict[Job, set[tuple[str, str]]] = field(default_factory=dict)  # host and text of reading commands
    seconds: float = 0.0


def jobs(site: Site) -> Iterator[Job]:
    """All that a verification, section 0 and a plan that looks do on a site."""
    for fqdn in site.servers:
        for section in SECTIONS:
            yield Job("certificates", fqdn, section)
            yield Job("trust", fqdn, section)
        for step in CHECKS:
            yield Job("section 0", fqdn, step)
        for step in dict.fromkeys(edge.row.step for edge in site.edges_to(fqdn)):
            yield Job("plan", fqdn, step)
        if isinstance(site.servers[fqdn], StoreHost):
            yield Job("plan", fqdn, TIDY)


def look(lab: SiteLab, folder: Path, wanted: Callable[[Job], bool] = lambda _: True) -> Looked:
    """Do these jobs on the lab, each kind as a run of its own does, and keep what is told."""
    looked, begun = Looked(), time.monotonic()
    for kind in (VERIFY, PLAN):
        kept = Kept()
        site = _site(lab, folder, kind, kept)
        observation, first = Observation(site, Observed()), Preflight(site)
        try:
            for job in jobs(site):
                if (job.kind == "plan") is (kind == PLAN) and wanted(job):
                    before = len(kept.commands)
                    looked.told += _do(site, job, observation, first)
                    looked.sent[job] = {(one.host, one.text) for one in kept.commands[before:]}
                    site.stage = object()
        finally:
            site.close()
        looked.edges += kept.edges
        looked.told += [text for _, text in kept.warnings] + [told for one in kept.edges for told in one.messages]
    looked.seconds = time.monotonic() - begun
    return looked


def _do(site: Site, job: Job, observation: Observation, first: Preflight) -> list[str]:
    """What an operator is told of one job. Anything else than the two outcomes of the project's own is a fault."""
    host = site.servers[job.host]
    try:
        match job.kind:
            case "certificates":
                verify_certificates(host, job.detail)
            case "trust":
                verify_trust(host, job.detail)
            case "section 0":
                first(host, job.detail)
            case _:
                look_at(observation, job.detail, job.host)
    except (WrongState, CouldNotFindOut) as outcome:
        return [str(outcome)]
    return []


def _site(lab: SiteLab, folder: Path, kind: str, kept: Kept) -> Site:
    run_folder = folder / f"{kind}-{time.monotonic_ns()}"
    run_folder.mkdir(parents=True)
    shop, hooks = SecretStore(), pluggy.PluginManager("pytest")
    hooks.add_hookspecs(EvidenceHooks)
    hooks.register(kept)
    inventory = load(lab.inventory_file, shop).inventory
    run = made_run(
        run_folder,
        kind=kind,
        change="",
        site=inventory.site,
        release=inventory.release,
        inventory=lab.inventory_file,
        site_folder=folder,
        wait_for_services=1,
        observe=kind == PLAN,
    )
    return HurriedSite(inventory, run, hooks.hook, shop, may_change=False)


# -- Java's word -------------------------------------------------------------------------------------------------------


def oracle(lab: SiteLab, folder: Path) -> dict[tuple[str, str, str, str], bool]:
    """Whether Java trusts each edge of the site, by the stores on the lab's drives and what its ports present."""
    site = _site(lab, folder, VERIFY, Kept())
    return {_name(edge): _trusts(lab, site, edge) for edge in site.edges if not edge.row.optional}


def _name(edge: Edge) -> tuple[str, str, str, str]:
    return edge.importer.fqdn, edge.row.store, edge.exporter.fqdn, edge.row.kind


def _trusts(lab: SiteLab, site: Site, edge: Edge) -> bool:
    exporter = site.exporter(edge)
    endpoint = exporter.host.connect_to, exporter.host.port(exporter.presented(edge.row.kind).ports[0])
    fqdn = edge.importer.fqdn
    if edge.row.store is StoreKey.TOMCAT_TRUST:
        leaf = exporter.leaf(edge.row.kind)
        held = (load_pem_x509_certificate(pem) for pem in lab.trust_list(fqdn).values())
        return leaf is not None and leaf.der in {one.public_bytes(Encoding.DER) for one in held}
    kind = "JCEKS" if edge.importer.role == "cvp" else "JKS"
    return java_takes_path(lab.store_file(fqdn), kind, lab.store_password(fqdn), endpoint)


def contradictions(looked: Looked, truth: Mapping[tuple[str, str, str, str], bool]) -> list[str]:
    """What was called otherwise than Java calls it, and what no operator must read."""
    found = []
    for one in looked.edges:
        trusts = truth.get((one.importer, one.store, one.exporter, one.kind))
        if trusts is None:
            continue  # an ECDSA certificate, which no server of this site has
        if one.verdict is (Verdict.FAILS if trusts else Verdict.HOLDS):
            found.append(f"{one.importer} {one.exporter} {one.kind}: {one.verdict}, Java: {trusts}: {one.messages}")
    found += [f"not for an operator: {text}" for text in looked.told if PYTHON.search(text)]
    if looked.seconds > LONGEST_LOOK:
        found.append(f"{looked.seconds:.0f} s")
    return found


# -- cases -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One reading command of one host, and the wrong way in which it is answered."""

    host: str
    text: str
    fault: str

    @property
    def name(self) -> str:
        return json.dumps([self.host, self.text, self.fault])


def cases(first: Looked) -> list[Case]:
    """Every reading command that was sent, in every wrong way, in one order."""
    commands = sorted({command for sent in first.sent.values() for command in sent})
    return [Case(host, text, fault) for host, text in commands for fault in FAULTS if _can_fail_so(text, fault)]


def _can_fail_so(text: str, fault: str) -> bool:
    """The pages of an appliance are no command line: what fails there is tested where they are walked."""
    del fault
    return not text.startswith("cmplatform ")


def attempt(lab: SiteLab, folder: Path, case: Case, first: Looked, truth: Mapping[Any, bool]) -> list[str]:
    """Look again at whatever has sent the command, which is answered wrongly now."""
    concerned = {job for job, sent in first.sent.items() if (case.host, case.text) in sent}
    lab.fail(host=case.host, match=f"^{re.escape(case.text)}$", **FAULTS[case.fault])
    try:
        looked = look(lab, folder, concerned.__contains__)
    finally:
        with suppress(OSError):
            lab.fail()
    return contradictions(looked, truth)
