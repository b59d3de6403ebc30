"""What a person has confirmed: a line in Allure, in the summary, and in what is read back from a journal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from allure_commons.model2 import Status

from fixtures.evidence import GateRecord
from reports.allure_report.steps import steps_of
from reports.journal import history
from reports.journal.collected import Collected, Told
from reports.journal.writer import JournalWriter
from reports.terminal import summary
from tests.reports import sample

PASSED = GateRecord(
    sample.CVP,
    "cube1",
    "SIP TLS trustpoint",
    "voice team",
    ("wsm_certificate SHA-256 AB:CD",),
    passed=True,
    finding="",
    by="mara",
    when=sample.NOON,
    means="terminal",
)
CLOSED = replace(PASSED, passed=False, finding="nobody has confirmed it", by="")
HOLDS = "cube1 holds the new certificates (SIP TLS trustpoint; done by voice team): "
TO_HOLD = HOLDS.replace("holds", "is to hold")
LINES = {
    PASSED: f"{HOLDS}confirmed by mara (terminal, 2026-11-22 12:00:00 UTC)",
    CLOSED: f"{TO_HOLD}not confirmed: nobody has confirmed it (terminal, 2026-11-22 12:00:00 UTC)",
}


def collected() -> Collected:
    return Collected("t", sample.step("1.4.iii"), records=[PASSED, CLOSED], ended=True)


def test_allure_shows_each_with_its_certificates() -> None:
    passed, closed = steps_of(collected(), lambda *_: None)
    assert (passed.name, passed.status) == (f"Gate: {LINES[PASSED]}", Status.PASSED)
    assert (closed.name, closed.status) == (f"Gate: {LINES[CLOSED]}", Status.FAILED)
    assert [step.name for step in passed.steps] == list(PASSED.certificates)


def test_the_summary_lists_them_before_the_warnings() -> None:
    told = Told.of(collected())
    said = summary.lines(sample.run(Path("out")), [told], [("", "late")], 300)
    assert [line.text for line in said][1:] == [
        "Gates:",
        f"  {sample.CVP}: {LINES[PASSED]}",
        f"  {sample.CVP}: {LINES[CLOSED]}",
        "Warnings:",
        "  late",
    ]


def test_they_come_back_from_a_journal(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path)
    writer.write("run", run=sample.run(tmp_path))
    writer.write("step", step=sample.step("1.4.iii"), test="t")
    writer.write("gate", record=PASSED)
    writer.write("verdict", test="t", outcome="done", reason="")
    writer.close()
    (page,) = history.of(tmp_path).pages
    assert page.collected.records == [PASSED]
