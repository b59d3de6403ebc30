from __future__ import annotations

from typing import Any

import pytest
from allure_commons.model2 import Attachment, Status

from fixtures.evidence import NothingToDoRecord, Verdict, When
from reports.allure_report.steps import command_text, steps_of, timed
from reports.journal.collected import Collected, Record
from reports.pages.wording import words
from tests.reports import sample


class Steps:
    """The steps of some records, their attachments' texts by title."""

    def __init__(self, *records: Record, **other: Any) -> None:
        self.texts: dict[str, str] = {}
        self.all = steps_of(Collected("test", records=list(records), **other), self._attach)
        self.names = [step.name for step in self.all]

    def _attach(self, name: str, text: str) -> Any:
        self.texts[name] = text
        return Attachment(name=name)


def test_commands_about_one_certificate_stand_under_its_name() -> None:
    shared = sample.command(purpose="Import both", subjects=("a", "b"))
    read = sample.command(purpose="Read", subjects=())
    steps = Steps(
        sample.command(purpose="Make a", subjects=("a",)),
        shared,
        sample.command(purpose="Check a", subjects=("a",)),
        read,
    )
    assert steps.names == ["a", "Import both", "Read"]
    assert [step.name for step in steps.all[0].steps] == ["Make a", "Check a"]
    assert [step.name for step in steps.all[1].steps] == ["a", "b"]


def test_a_command_takes_the_time_it_took() -> None:
    (group,) = Steps(sample.command(), sample.command(seconds=3)).all
    assert (group.start, group.stop) == (1795348800000, 1795348803000)
    assert group.steps[0].stop - group.steps[0].start == 1250


@pytest.mark.parametrize(
    ("exit_code", "worked", "status"),
    [(0, True, Status.PASSED), (1, True, Status.PASSED), (0, False, Status.FAILED), (None, False, Status.BROKEN)],
)
def test_a_command_that_did_not_work_marks_its_step_and_its_certificate(
    exit_code: int | None,
    worked: bool,  # noqa: FBT001 - a case's column
    status: str,
) -> None:
    (group,) = Steps(sample.command(), sample.command(exit_code=exit_code, worked=worked, finding="why")).all
    assert (group.status, group.steps[1].status) == (status, status)
    assert group.steps[1].statusDetails.message == "why"


def test_an_attachment_says_all_about_a_command() -> None:
    command = sample.command(worked=False, finding="no such alias", subjects=("a", "b"), exit_code=None)
    text = command_text(command, words())
    assert text == (
        "Host:              cvp1.pcce.example.com\n"
        "Purpose:           Generate wsm_certificate\n"
        "Changes something: yes\n"
        "About:             a, b\n"
        "Sent:              2026-11-22 12:00:00 UTC\n"
        "Duration:          1.25 s\n"
        "Exit code:         no answer came\n"
        "Worked:            no: no such alias\n\n"
        "--- Command ---\n"
        "@keytool.exe -genkeypair -alias wsm_certificate -storepass:env RUNBOOK_STORE\n\n"
        "--- Standard output ---\n"
        "Generating 2,048 bit RSA key pair\r\nfor: CN=cvp1\n\n"
        "--- Standard error ---\n"
        "(empty)\n"
    )


@pytest.mark.parametrize(
    ("records", "name"),
    [
        ((sample.certificate(When.BEFORE, "x"), sample.certificate()), "wsm_certificate: replaced"),
        ((sample.certificate(When.BEFORE), sample.certificate()), "wsm_certificate: unchanged"),
        ((sample.certificate(),), "wsm_certificate (after)"),
    ],
)
def test_certificates_before_and_after(records: tuple[Record, ...], name: str) -> None:
    steps = Steps(*records)
    assert steps.names == [name]
    assert [attachment.name for attachment in steps.all[0].attachments] == [
        f"Certificate {record.when}: wsm_certificate"  # type: ignore[union-attr]
        for record in records
    ]
    assert "Key: RSA 2048\n\n-----BEGIN" in steps.texts["Certificate after: wsm_certificate"]


def test_a_store_is_shown_as_a_difference() -> None:
    steps = Steps(
        sample.listing(When.BEFORE, "a, key, AA", "b, key, BB"),
        sample.listing(When.AFTER, "a, key, AA", "b, key, CC", "c"),
    )
    assert steps.names == [r"Store C:\Cisco\CVP\conf\security\.keystore: 2 entries added, 1 removed"]
    assert steps.texts["Difference"].splitlines() == [
        "--- before", "+++ after", "@@ -1,2 +1,3 @@", " a, key, AA", "-b, key, BB", "+b, key, CC", "+c",
    ]  # fmt: skip
    assert steps.texts["Entries after"] == "a, key, AA\nb, key, CC\nc\n"


def test_the_first_listing_before_and_the_last_after_count() -> None:
    one, two = When.BEFORE, When.AFTER
    steps = Steps(*(sample.listing(*each) for each in ((one, "a"), (one, "b"), (two, "b"), (two, "a"))))
    assert steps.names[0].endswith(": unchanged")
    assert "Difference" not in steps.texts


def test_a_store_seen_once_is_listed() -> None:
    steps = Steps(sample.listing(When.BEFORE, "a", store="S"))
    assert (steps.names, steps.texts) == (["Store S before: 1 entry"], {"Entries before": "a\n"})


def test_edges_are_steps_with_verdicts_and_one_attachment() -> None:
    steps = Steps(*(sample.edge(verdict, kind=verdict.name, messages=("because",)) for verdict in Verdict))
    (trust,) = steps.all
    assert [step.status for step in trust.steps] == [Status.PASSED, Status.FAILED, Status.BROKEN, Status.SKIPPED]
    assert trust.status == Status.FAILED
    assert trust.steps[1].statusDetails.message == "because"
    assert list(steps.texts) == ["Trust"]
    assert steps.texts["Trust"].count("because") == 4


def test_what_was_found_before_the_change_fails_nothing() -> None:
    edges = [sample.edge(verdict, when=When.BEFORE) for verdict in Verdict]
    (trust,) = Steps(*edges).all
    assert trust.status == Status.PASSED
    assert [step.status for step in trust.steps] == [Status.PASSED, *3 * [Status.SKIPPED]]


def test_handshakes_share_one_attachment() -> None:
    steps = Steps(sample.handshake(), sample.handshake(8443))
    assert [step.name for step in steps.all[0].steps] == [f"{sample.CVP}:8111 WSM", f"{sample.CVP}:8443 WSM"]
    assert steps.texts["TLS handshakes"].count("TLSv1.2") == 2


def test_notes_come_first() -> None:
    steps = Steps(
        sample.command(),
        warnings=[(sample.CVP, "disk"), ("", "clock")],
        nothing=[
            NothingToDoRecord(sample.CVP, ("a", "b"), everything=False, reason="current"),
            NothingToDoRecord("h", (), everything=True),
        ],
    )
    assert steps.names[:4] == [
        f"Warning: {sample.CVP}: disk", "Warning: clock", "Nothing to do: a, b (current)", "Nothing to do: h",
    ]  # fmt: skip


def test_a_step_without_a_time_gets_one() -> None:
    steps = Steps(sample.edge()).all
    timed(steps, 7)
    assert {(step.start, step.stop) for step in (steps[0], steps[0].steps[0])} == {(7, 7)}
