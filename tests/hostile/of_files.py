"""Parsers of files: inventories, machine lists, plans, and evidence that somebody may have altered."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checks.x509 import der, fields, names, signatures
from checks.x509.certificate import Certificate, Policy, certificate_violations
from fixtures.inventory.aw.draft import inventory_text
from fixtures.inventory.aw.hosts import solution
from fixtures.inventory.aw.machines import MachineListError, parse_machines
from fixtures.inventory.load import InventoryError, load
from fixtures.plan.approval import read_plan
from fixtures.plan.pins import pins_of
from fixtures.run.heartbeat import FILE as HEARTBEAT
from fixtures.run.heartbeat import Beat
from fixtures.run.restart_times import earlier_runs
from fixtures.secrets.leak_search import Search
from reports import compare
from reports.allure_report import combine, node
from reports.allure_report import history as allure_history
from reports.allure_report import page as allure_page
from reports.compare import CannotCompare
from reports.journal import chains, history, merged, outages
from reports.journal import writer as journal
from reports.journal.parts import parts
from reports.journal.writer import JournalBrokenError
from reports.pages.wording import words
from reports.plan import content
from reports.record import left, stores
from reports.seal import manifest
from reports.seal.manifest import ManifestError
from reports.verification import junit
from tests.checks import odd
from tests.hostile import samples
from tests.hostile.parser import Parser, each, in_file

_NOW = datetime(2026, 11, 30, tzinfo=UTC)


def _certificate(data: bytes) -> None:
    one = Certificate(data)
    assert one.text
    assert one.pem
    one.issued_by(one)
    certificate_violations("h", "s", "a.example.com", one, Policy(), remedy="", now=_NOW)
    fields.read.cache_clear()
    signatures.public_key.cache_clear()


def _name(text: str) -> None:
    """A name whose letters are these."""
    assert names.read(odd.name(text.encode())).canonical
    names._attribute.cache_clear()


def _der(data: bytes) -> None:
    for of in (der.SEQUENCE, der.SET, der.INTEGER):
        try:
            der.elements(data, of)
        except der.NotDer:
            continue
    der.identifier(data)


def _pem(text: str) -> None:
    Certificate.all_from_pem(text)


def _machines(data: bytes) -> None:
    inventory_text(solution(parse_machines(data, "m.csv"), "m.csv", "example.com"))


def _plan(path: Path) -> None:
    plan = read_plan(path)
    if isinstance(plan.get("observed"), dict):
        pins_of(plan["observed"])


def _shown_plan(path: Path) -> None:
    plan = content.read(path.parent)
    assert plan is not None
    plan.numbers, plan.hosts, plan.nothing_to_do, plan.is_rollback  # noqa: B018 - whatever a page asks of it


def _journal(data: bytes, folder: Path) -> None:
    """Everything that documents read out of a journal."""
    run = folder / "CHG1" / "runs" / "20261122T120000Z-change"
    run.mkdir(parents=True, exist_ok=True)
    file = run / "journal-1.jsonl"
    file.write_bytes(data)
    told = history.of(run)
    shares = parts([told])
    left.left(shares, [told])
    stores.stores(shares)
    merged.write(folder / "CHG1", chains.chains_of(run))
    merged.known_from(folder / "CHG1" / merged.NAME)
    journal.read(file)


def _commands(text: str) -> None:
    """The commands in a journal, of which documents read what was done."""
    for pattern in (left._OWN, left._LOCK):
        list(left._paths(pattern, text))
    for module in (stores, outages):
        for pattern in vars(module).values():
            if isinstance(pattern, re.Pattern):
                pattern.search(text)


def _allure_result(path: Path) -> None:
    into = path.parent / "into"
    if into.exists():
        for one in into.iterdir():
            one.unlink()
        into.rmdir()
    combine.combine([path.parent], into, words())


def _searched(data: bytes) -> None:
    search = Search({"secret-of-the-store": "a", "tomcat99": "b", "aaaaaaaa": "c"})
    search.add("file", data)
    search.finish()


_CERTIFICATE = ("checks.x509.fields", "checks.x509.names")
_INVENTORY = ("fixtures.inventory.values", "fixtures.inventory.aw.hosts")
PARSERS = (
    Parser(
        "certificates",
        each(_certificate),
        (),
        samples.CERTIFICATES,
        ("checks.x509.fields", "checks.x509.names"),
        wide=False,
    ),
    Parser("der", each(_der), (der.NotDer,), samples.CERTIFICATES, ("checks.x509.fields",), wide=False),
    Parser("names", each(_name), (), ("\u0301\u0316", "Example  GmbH", "\ufdfa"), ("checks.x509.names",)),
    Parser("pem", each(_pem), (ValueError,), (samples.PEM,), ("checks.x509.certificate",)),
    Parser(
        "inventories", in_file(load, "inventory.yaml"), (InventoryError,), samples.INVENTORIES, _INVENTORY, wide=False
    ),
    Parser(
        "machine lists",
        each(_machines),
        (MachineListError,),
        samples.MACHINES,
        ("fixtures.inventory.aw.machines", "fixtures.inventory.aw.draft"),
        wide=False,
    ),
    Parser("plans", in_file(_plan, "plan.json"), (pytest.UsageError,), samples.plan_files(), (), wide=False),
    Parser("shown plans", in_file(_shown_plan, "plan.json"), (ValueError,), samples.plan_files(), (), wide=False),
    Parser("journals", (_journal,), (JournalBrokenError,), samples.journals(), ("reports.journal.watch",), wide=False),
    Parser(
        "commands",
        each(_commands),
        (),
        samples.COMMANDS,
        ("reports.record.left", "reports.record.stores", "reports.journal.outages"),
    ),
    Parser(
        "manifests", each(manifest.parse), (ManifestError,), samples.MANIFESTS, ("reports.seal.manifest",), wide=False
    ),
    Parser(
        "verifications",
        in_file(compare._read),
        (CannotCompare,),
        ("{}",),
        ("reports.verification.comparison",),
        wide=False,
    ),
    Parser("allure results", in_file(_allure_result, "1-result.json"), (), samples.RESULTS, (), wide=False),
    Parser("allure history", in_file(allure_history.points), (), samples.HISTORIES, (), wide=False),
    Parser(
        "allure page",
        each(allure_page.closed),
        (allure_page.PageError,),
        samples.ALLURE,
        ("reports.allure_report.page",),
    ),
    Parser("junit", in_file(junit.correct), (), samples.JUNIT, (), wide=False),
    Parser(
        "measured",
        in_file(lambda path: earlier_runs(path.parent.parent, "a"), "measured.json"),
        (),
        samples.MEASURED,
        (),
        wide=False,
    ),
    Parser(
        "heartbeats",
        in_file(lambda path: Beat.of(path.parent), HEARTBEAT),
        (),
        ("1 2 00000000000000000003\n",),
        ("fixtures.run.heartbeat",),
        wide=False,
    ),
    Parser("npm", each(node._npm_error), (), ("npm error x //a:b@c\n",), ("reports.allure_report.node",)),
    Parser(
        "last search", each(_searched), (), ("secret-of-the-store",), ("fixtures.secrets.leak_patterns",), wide=False
    ),
)
