"""Whatever hosts have said: no document and no terminal shows a character that steers, hides or turns others around."""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ET
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import allure_commons
import pytest
from allure_commons import model2
from allure_commons.logger import AllureFileLogger

from fixtures.evidence import GateRecord, Verdict, When
from fixtures.system.visible import visible
from reports import compare, render, verify
from reports.allure_report.evidence import EvidenceIntoAllure
from reports.journal.collected import Collected, Outcome, Told
from reports.journal.writer import JournalWriter
from reports.terminal import summary
from reports.terminal.screen import Screen
from reports.verification import junit
from tests.fixtures.nasty import ALL, FORBIDDEN
from tests.reports import sample
from tests.reports.changes import Book

SHOWN = visible(ALL)
SEEN = "owned"  # a word of it that every door lets through
_BOUND = {"host", "exporter", "importer", "step", "id", "phase", "section", "file_name", "pem", "kind", "sha256"}
SITE = "CHG0012345"


def spoilt(record: Any) -> Any:
    """The same record, with every text in it that a host, a file or an inventory has a say in made nasty."""
    changes: dict[str, Any] = {}
    for one in fields(record):
        value = getattr(record, one.name)
        if is_dataclass(value):
            changes[one.name] = spoilt(value)
        elif type(value) is str and one.name not in _BOUND:
            changes[one.name] = f"{value}{ALL}"
        elif isinstance(value, tuple) and value and isinstance(value[0], str):
            changes[one.name] = tuple(f"{each}{ALL}" for each in value)
    return replace(record, **changes)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A change and everything that hosts, certificates and the inventory can say in it, made into documents."""
    folder = tmp_path_factory.mktemp("out") / SITE
    book = Book(folder, user=f"ada{ALL}", machine=f"jump{ALL}", inventory=f"a{ALL}.yaml", options={"-k": ALL})
    gate = GateRecord(sample.CVP, "cube", "trustpoint", "voice", (f"WSM{ALL}",), False, "", "", sample.NOON, "no")
    of_edge: Any = {"leaf": sample.leaf(), "messages": ("m",), "proof": ("p",), "store": "s", "purpose": "p"}
    records = [
        sample.command(),
        sample.command(worked=False, exit_code=1, stdout="x", finding="exit code 1"),
        sample.certificate(When.BEFORE, leaf=sample.leaf()),
        sample.certificate(When.AFTER, leaf=sample.leaf()),
        sample.listing(When.BEFORE, "a, trustedCertEntry, AA"),
        sample.listing(When.AFTER, "b, trustedCertEntry, BB"),
        sample.handshake(leaf=sample.leaf()),
        gate,
        *(sample.edge(verdict, alias=str(verdict), **of_edge) for verdict in Verdict),
        sample.edge(importer=f"forged{ALL}", exporter=f"forged{ALL}"),  # by somebody who can write a journal
    ]
    nasty = [spoilt(record) for record in records]
    book.step("1.1.iii", sample.CVP, *nasty, warning=f"careful{ALL}")
    book.step("1.4.iii", sample.CVP, *nasty, outcome="failed", said=f"wrong{ALL}\nline two{ALL}", phase="activate")
    book.step("v1.trust", sample.AW, *nasty, outcome="failed", said=f"wrong{ALL}", phase="verify")
    book.end(1)
    assert render.main([str(folder), "--no-report"]) in (0, 1)
    return folder


DOCUMENTS = (
    "summary.txt",
    "change-record.html",
    "verification.json",
    "verification.prom",
    "expiry.ics",
    "journal.jsonl",
)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_hides_nothing(site: Path, name: str) -> None:
    text = (site / name).read_bytes().decode().replace("\r\n", "\n")
    assert SEEN in text
    assert FORBIDDEN.findall(text) == []


def test_what_programs_read_says_what_hosts_said(site: Path) -> None:
    found = json.loads((site / "verification.json").read_text(encoding="utf-8"))
    told = {edge["alias"] for edge in found["edges"]} | {one["subject"] for one in found["certificates"]}
    assert any("\x1b]0;owned\x07" in text and "\u202e" in text for text in told)


def test_allures_results_and_attachments_hide_nothing(site: Path) -> None:
    files = [*site.glob("runs/*/allure-results/*")]
    assert {file.suffix for file in files} >= {".json", ".txt", ".properties"}
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert FORBIDDEN.findall(text) == [], file.name
        if file.suffix == ".json":
            assert [one for one in _texts(json.loads(text)) if FORBIDDEN.search(one)] == [], file.name
    assert any(SEEN in file.read_text(encoding="utf-8") for file in files if file.suffix == ".json")
    assert any(SEEN in file.read_text(encoding="utf-8") for file in files if file.suffix == ".txt")


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [*map(str, value), *(text for one in value.values() for text in _texts(one))]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []


def test_allures_result_of_a_step_that_ended_well_is_shown_too(tmp_path: Path) -> None:
    collected = Collected(
        "test_it", step=sample.step(), records=[spoilt(sample.command())], warnings=[("a", ALL)], ended=True
    )
    result: Any = model2.TestResult(uuid="1", start=1, stop=2)
    logger: Any = AllureFileLogger(tmp_path)  # type: ignore[no-untyped-call]
    allure_commons.plugin_manager.register(logger)
    try:
        EvidenceIntoAllure(sample.run(tmp_path), lambda: collected).report_result(result)
    finally:
        allure_commons.plugin_manager.unregister(logger)
    (attached,) = tmp_path.glob("*-attachment.txt")
    assert FORBIDDEN.findall(attached.read_text(encoding="utf-8")) == []
    names = [step.name for step in result.steps]
    assert any(SEEN in name for name in names)
    assert not [name for name in names if FORBIDDEN.search(name)]


def test_the_terminal_of_every_command_hides_nothing(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (site / f"added{ALL.replace('/', '').encode('utf-8', 'replace').decode()}".replace("\0", "")).write_text(
        "x", encoding="utf-8"
    )
    (tmp_path / "other.json").write_text(f'{{"schema": "{ALL[:20]}"}}', encoding="utf-8")
    odd = str(tmp_path / "no\x1b[2J\u202e")
    commands: list[Any] = [
        lambda: verify.main([str(site)]),
        lambda: render.main([str(site), "--no-report"]),
        lambda: compare.main([str(site), str(site)]),
        lambda: verify.main([odd]),
        lambda: render.main([odd]),
        lambda: compare.main([odd, odd]),
        lambda: compare.main([str(tmp_path / "other.json"), odd]),
    ]
    for command in commands:
        command()
        said = capsys.readouterr()
        assert said.out + said.err
        assert FORBIDDEN.findall(said.out + said.err) == []


def test_the_summary_is_measured_as_it_is_shown() -> None:
    told = Told("1.1.iii", "title", sample.CVP, Outcome.FAILED, ALL, warnings=(("h", ALL),))
    lines = [line.text for line in summary.lines(sample.run(Path("/a")), [told], width=60)]
    assert any(SEEN in line for line in lines)
    assert FORBIDDEN.findall("".join(lines)) == []


def test_junits_file_hides_nothing(tmp_path: Path) -> None:
    file = tmp_path / "junit.xml"
    suite = ET.Element("testsuite")
    case = ET.SubElement(suite, "testcase", name="a\u202eb")
    ET.SubElement(case, "failure", message="turned \u202e\u2066 around\u200b").text = "a\nb\u2028c\x85"
    file.write_bytes(ET.tostring(suite, encoding="utf-8"))
    junit.correct(file)
    text = file.read_text(encoding="utf-8")
    assert FORBIDDEN.findall(text) == []
    assert r"turned \u202e\u2066 around\u200b" in text
    assert "a\nb\\u2028c" in text


def test_the_live_view_hides_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "out").open("w", encoding="utf-8") as out:
        monkeypatch.setattr(sys, "stdout", out)

        class Writer:
            fullwidth, width_of_current_line = 500, 0

            def write_raw(self, msg: str, *, flush: bool = False) -> None:
                del msg, flush

        screen = Screen(Writer(), redraw=False)
        screen.say(ALL)
        screen.close()
    text = (tmp_path / "out").read_text(encoding="utf-8")
    assert text.startswith(r"a\x1b]0;owned\x07b")
    assert FORBIDDEN.findall(text) == []


def test_a_journal_hides_nothing_and_is_read_back(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path)
    writer.write("warning", host="a", text=ALL)
    writer.close()
    assert FORBIDDEN.findall(writer.path.read_text(encoding="ascii")) == []
    assert json.loads(writer.path.read_text(encoding="ascii"))["text"] == ALL
