"""Sites on which trusts were planted that no table names: whoever was given a CVP server's certificate by hand."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.runbook.kills import ROLLBACK
from tests.runbook.monitor import Monitor
from tests.runbook.probes import Trust, leaf
from tests.runbook.runs import Finished, runbook
from tests.runbook.site_lab import SiteLab, site_lab
from tests.runbook.whole import whole

_SITE = """
site: found
release: "12.5(1)"
certificate:
  {organizational_unit: Contact Center, organization: Found, locality: San Jose, state: California, country: US,
   validity_days: 1095, san: required, renew: all, renew_below_days: 180}
credentials: {windows: {username: 'LAB\\runbook'}, cvp_local: {username: administrator}}
role_credentials: {cvp: cvp_local, cvp_reporting: cvp_local}
"""
_PRESENTED = {"cvp": ("wsm", "vxml", "callserver_sip"), "cvp_reporting": ("wsm",)}
_READ_BY = {"ads": "Tomcat9", "rogger": "Tomcat9", "cvp": "WebServicesManager", "cvp_reporting": "WebServicesManager"}
_ALIASES = ("{port} of {host}", "{host}_{port}", "{host}-callback", "import {number}", "{host} {{{port}}}", "%{host}%")

_OTHERS = (("cvpb", "cvp", 0.8), ("cvpc", "cvp", 0.2), ("rpt", "cvp_reporting", 0.6), ("rgra", "rogger", 0.4))


@dataclass(frozen=True)
class Planted:
    """An entry that a store holds from the beginning, of what another server (or its own) presents on a port.

    `store`: one of the Windows machine's own; empty: the Java store.
    """

    importer: str
    exporter: str
    port: str
    alias: str
    store: str = ""


@dataclass(frozen=True)
class PlantedSite:
    """A site file with such entries."""

    roles: dict[str, str]  # by FQDN
    sides: dict[str, str]
    planted: tuple[Planted, ...]

    @property
    def text(self) -> str:
        """The site file."""
        hosts = [
            {"fqdn": fqdn, "role": role, "side": self.sides[fqdn], **_more(role, fqdn)}
            for fqdn, role in self.roles.items()
        ]
        planted = [{key: value for key, value in vars(one).items() if value} for one in self.planted]
        return _SITE + yaml.safe_dump({"hosts": hosts, "exchanged": planted})

    def trusts(self) -> list[Trust]:
        """The trusts planted in Java stores, as the monitor knows trusts."""
        return [
            Trust(one.importer, _READ_BY[self.roles[one.importer]], one.exporter, one.port, "", one.alias)
            for one in self.planted
            if not one.store
        ]

    @property
    def in_machines(self) -> list[Planted]:
        """Those planted in machines' own stores."""
        return [one for one in self.planted if one.store]


def _more(role: str, fqdn: str) -> dict[str, object]:
    if role == "cvp":
        return {"also_trusted_by": []}
    return {"principal": True} if fqdn.startswith("awa") else {}


def planted(seed: int) -> PlantedSite:
    """A random site of an ADS server, CVP servers and sometimes others, with one to eight planted trusts."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret hangs on it
    names = {"awa": "ads", "cvpa": "cvp", **{one: role for one, role, likely in _OTHERS if chance.random() < likely}}
    roles = {f"{name}.found.example": role for name, role in names.items()}
    every = [one for number in range(chance.randint(1, 8)) for one in _planted(chance, roles, number)]
    sides = {fqdn: "B" if fqdn.startswith("cvpb") else "A" for fqdn in roles}
    return PlantedSite(roles, sides, tuple({(one.importer, one.alias): one for one in every}.values()))


def _planted(chance: random.Random, roles: dict[str, str], number: int) -> Iterator[Planted]:
    """One of them, if the table does not have it already."""
    importer = chance.choice([*roles])
    exporter = chance.choice([fqdn for fqdn, role in roles.items() if role in _PRESENTED])
    port = chance.choice(_PRESENTED[roles[exporter]])
    words = {"port": port, "host": exporter.partition(".")[0], "number": number}
    alias = chance.choice(_ALIASES).format(**words)
    if importer != exporter and chance.random() < 0.25:
        yield Planted(importer, exporter, port, alias, chance.choice(("MY", "ROOT", "CA")))
    elif (roles[importer], port) != ("ads", "wsm"):
        yield Planted(importer, exporter, port, alias)


def three_entries() -> PlantedSite:
    """What the guides have engineers plant: secure JMX, and Courtesy Callback in the secure mode; one more by hand."""
    awa, cvpa, cvpb, rpt = (f"{name}.found.example" for name in ("awa", "cvpa", "cvpb", "rpt"))
    return PlantedSite(
        {awa: "ads", cvpa: "cvp", cvpb: "cvp", rpt: "cvp_reporting"},
        {awa: "A", cvpa: "A", cvpb: "B", rpt: "A"},
        (
            Planted(cvpa, cvpa, "wsm", "vxml_wsm_certificate"),
            Planted(cvpa, rpt, "wsm", "reporting"),
            Planted(cvpb, rpt, "wsm", "reporting"),
            Planted(rpt, cvpa, "callserver_sip", "callserver_a"),
            Planted(rpt, cvpb, "callserver_sip", "callserver_b"),
            Planted(awa, cvpb, "vxml", "by hand"),
        ),
    )


def renewed_and_taken_back(site: PlantedSite, folder: Path) -> list[str]:
    """What is wrong after everything on such a site was renewed and rolled back, and in between."""
    with site_lab(folder, site=site.text) as lab:
        before = {fqdn: lab.store_file(fqdn).read_bytes() for fqdn in lab.keepers}
        machines = _in_machines(lab)
        done, monitor = _watched(lab, site, folder, "--change=F1")
        return [
            *_ended(done, monitor, site),
            *_fallen_behind(lab, site),
            *_taken_back(lab, site, folder, before),
            *(f"other certificates in {place}" for place, held in _in_machines(lab).items() if held != machines[place]),
        ]


def _in_machines(lab: SiteLab) -> dict[tuple[str, str], set[str]]:
    """What every machine's own stores hold, by SHA-1."""
    return {(fqdn, store): lab.machine_store(fqdn, store) for fqdn in lab.hosts for store in ("MY", "ROOT", "CA")}


def _watched(lab: SiteLab, site: PlantedSite, folder: Path, *arguments: str) -> tuple[Finished, Monitor]:
    with Monitor(lab, [*site.trusts(), *whole(lab)]) as monitor:
        done = runbook(lab, folder / "out", *arguments)
    return done, monitor


def _ended(done: Finished, monitor: Monitor, site: PlantedSite) -> Iterator[str]:
    if done.exit_code:
        yield f"exit code {done.exit_code}: {done.output}"
    yield from (f"never seen to work: {one}" for one in site.trusts() if one not in monitor.worked)
    # Where a server trusts its own certificate, its services restart one after the other, as one host's restart.
    others = [one for one in site.trusts() if one.importer != one.exporter]
    yield from (f"broken {times} times: {one}" for one, times in monitor.broken.items() if one in others)


def _fallen_behind(lab: SiteLab, site: PlantedSite) -> Iterator[str]:
    """The entries that do not hold what their server presents now, and certificates from before that still stand."""
    held = {fqdn: lab.entries(fqdn) for fqdn in lab.keepers}
    for one in site.in_machines:
        new = hashlib.sha1(leaf(*lab.endpoint(one.exporter, one.port)), usedforsecurity=False).hexdigest()
        if new not in lab.machine_store(one.importer, one.store):
            yield f"not brought: {one}"
    for one in site.planted:
        if one.store:
            continue
        presented = hashlib.sha256(leaf(*lab.endpoint(one.exporter, one.port))).hexdigest()
        if presented not in held[one.importer].values():
            yield f"not brought: {one}"
        if "%" not in one.alias and held[one.importer].get(one.alias.lower()) != presented:
            yield f"not under its alias: {one}"
    yield from (f"{fqdn} keeps {alias}" for fqdn, every in held.items() for alias in every if alias.endswith("_old"))


def _taken_back(lab: SiteLab, site: PlantedSite, folder: Path, before: dict[str, bytes]) -> Iterator[str]:
    back, monitor = _watched(lab, site, folder, ROLLBACK, "--change=F1")
    yield from (f"rollback: {one}" for one in _ended(back, monitor, site))
    yield from (
        f"{fqdn}: other bytes" for fqdn, content in before.items() if lab.store_file(fqdn).read_bytes() != content
    )
