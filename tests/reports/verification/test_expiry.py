"""expiry.ics: read back by the library, and held against what RFC 5545 says of lines."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from fixtures.evidence import Verdict
from fixtures.system.visible import visible
from reports.verification import expiry
from reports.verification.verification import Certificate, Result, Verification
from tests.reports import sample
from tests.reports.nights import RUN, Judged
from tests.reports.verification.test_prometheus import found

TEXT = st.text(st.characters(codec="utf-8") | st.sampled_from("\r\n\\;,"), max_size=120)


def events(text: bytes) -> list[Event]:
    return [one for one in Calendar.from_ical(text).walk("VEVENT") if isinstance(one, Event)]


def calendar(site: Path, *records: Judged) -> bytes:
    return expiry.text(found(site, *records))


def test_a_certificate_is_one_event_with_a_reminder_60_days_before(tmp_path: Path) -> None:
    leaf = sample.leaf(100)
    text = calendar(
        tmp_path,
        sample.handshake(5061, kind="CallServer", leaf=leaf),
        sample.handshake(8443, kind="CallServer", leaf=leaf),
        sample.edge(kind="CallServer", leaf=leaf, purpose="secure SIP"),
        sample.edge(Verdict.FAILS, kind="CallServer", importer="vvb1", leaf=leaf),
    )
    (event,) = events(text)
    assert event.decoded("dtstart") == leaf.not_after
    assert str(event["summary"]) == f"Certificate expires: CallServer of {sample.CVP}"
    assert str(event["description"]).splitlines()[-3:] == [
        f"Presented by: {sample.CVP}:5061 (CallServer)",
        f"Presented by: {sample.CVP}:8443 (CallServer)",
        f"Trusted by: {sample.AW} (secure SIP)",
    ]
    (alarm,) = event.walk("VALARM")
    assert str(alarm["action"]) == "DISPLAY"
    assert alarm.decoded("trigger") == timedelta(days=-60)
    assert b"TRIGGER:-P60D\r\n" in text


def test_an_event_keeps_its_name_from_night_to_night_and_a_renewed_certificate_has_another(tmp_path: Path) -> None:
    nights = [
        calendar(tmp_path / name, sample.handshake(leaf=sample.leaf(days, last=last)))
        for name, days, last in (("1", 100, "0B"), ("2", 99, "0B"), ("3", 1095, "0C"))
    ]
    first, second, renewed = (str(events(text)[0]["uid"]) for text in nights)
    assert first == second == f"{31 * 'aa'}0b@pcce-certificate-runbook"
    assert renewed != first


def test_what_expires_first_stands_first(tmp_path: Path) -> None:
    text = calendar(
        tmp_path,
        sample.handshake(1, leaf=sample.leaf(300, last="01")),
        sample.handshake(2, leaf=sample.leaf(-5, last="02")),
        sample.handshake(3),
    )
    assert [str(event["uid"])[62:64] for event in events(text)] == ["02", "01"]


@given(subject=TEXT, host=TEXT)
def test_lines_are_as_the_standard_says_whatever_stands_in_them(subject: str, host: str) -> None:
    leaf = sample.leaf()
    one = Certificate(host, 8111, "WSM", subject, subject, leaf.sha256, leaf.not_before, leaf.not_after, 100)
    text = expiry.text(
        Verification(1, "Vienna", "", "", "verify", RUN, sample.NOON, "1", Result.ALL_RIGHT, (), (one,), ())
    )
    lines = text.split(b"\r\n")
    assert lines.pop() == b""
    assert not [line for line in lines if len(line) > 75 or b"\n" in line or b"\r" in line]
    assert [line for line in lines if line.startswith((b"BEGIN:", b"END:"))] == [
        b"BEGIN:VCALENDAR",
        b"BEGIN:VEVENT",
        b"BEGIN:VALARM",
        b"END:VALARM",
        b"END:VEVENT",
        b"END:VCALENDAR",
    ]
    (event,) = events(text)
    assert not [line for line in lines if any(byte < 32 or byte == 127 for byte in line)]
    shown = [visible(name) for name in (subject, host)]
    assert f"Subject: {shown[0]}\nIssuer: {shown[0]}\n" in str(event["description"])
    assert f"Presented by: {shown[1]}:8111 (WSM)" in str(event["description"])
