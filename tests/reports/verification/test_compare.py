"""What differs between two nights, and nothing else, is told: on the terminal and as a page."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.evidence import Verdict
from reports import compare, render
from reports.pages.wording import words
from reports.verification import comparison, verification
from reports.verification.comparison import Comparison
from reports.verification.verification import Certificate, Edge, Finding, Result, Verification
from tests.reports import sample
from tests.reports.nights import RUN, Judged, night

STORE = r"%JAVA_HOME%\lib\security\cacerts"
SAME = "Nothing differs. Certificates: 1, trusts: 1."

OLD, NEW = sample.leaf(100), sample.leaf(1000, last="0C")
NIGHT: list[Judged] = [sample.handshake(kind="WSM", leaf=OLD), sample.edge(leaf=OLD, store=STORE)]


def made(site: Path, *records: Judged, **facts: object) -> Path:
    """The folder of a verification that found these records."""
    night(site, *records, **facts)  # type: ignore[arg-type]
    assert render.main([str(site), "--no-report"]) == 0
    return site


def told(a: Path, b: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What is said of two folders, without the two head lines."""
    capsys.readouterr()
    code = compare.main([str(a), str(b)])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("A: Vienna, 20261122T120000Z-verify, 2026-11-22 12:00:00 UTC: ")
    assert code == (not lines[-1].startswith("Nothing differs"))
    return lines[2:]


EDGE = f"WSM certificate of {sample.CVP} in {STORE} of {sample.AW}"
PORT = f"{sample.CVP} port 8111, WSM"
WAS = f"until 2027-03-02 (100 days), {OLD.sha256}"
IS = f"until 2029-08-18 (1000 days), {NEW.sha256}"

CASES: dict[str, tuple[list[Judged], list[str]]] = {
    "nothing": (NIGHT, [SAME]),
    "renewed": (
        [sample.handshake(kind="WSM", leaf=NEW), sample.edge(leaf=NEW, store=STORE)],
        ["Renewed certificates (1):", f"  {PORT}: {WAS} -> {IS}"],
    ),
    "a port that presents nothing any more": (
        [sample.handshake(kind="WSM"), sample.edge(store=STORE)],
        ["Certificates that are gone (1):", f"  {PORT}: {WAS}"],
    ),
    "another port": (
        [*NIGHT, sample.handshake(8443, kind="CALLSERVER", leaf=NEW)],
        ["New certificates (1):", f"  {sample.CVP} port 8443, CALLSERVER: {IS}"],
    ),
    "another alias": (
        [NIGHT[0], sample.edge(leaf=OLD, store=STORE, alias="wsm")],
        ["Trusts under another alias (1):", f"  {EDGE}: {sample.CVP}_wsm -> wsm"],
    ),
    "another verdict": (
        [NIGHT[0], sample.edge(Verdict.FAILS, leaf=OLD, store=STORE, messages=("it is absent", "really"))],
        [
            "The verification as a whole (1):",
            "  Outcome: all right -> something is wrong",
            "Trusts with another verdict (1):",
            f"  {EDGE}: holds -> fails: it is absent; really",
        ],
    ),
    "another trust": (
        [*NIGHT, sample.edge(leaf=OLD, store=STORE, importer="aw2.pcce.example.com")],
        ["New trusts (1):", f"  {EDGE.replace('aw1', 'aw2')}: {sample.CVP}_wsm: holds"],
    ),
    "a trust less": (NIGHT[:1], ["Trusts that are gone (1):", f"  {EDGE}: {sample.CVP}_wsm: holds"]),
}


@pytest.mark.parametrize("case", CASES)
def test_a_difference_is_told(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records, expected = CASES[case]
    said = told(made(tmp_path / "a", *NIGHT), made(tmp_path / "b", *records), capsys)
    assert (said if len(said) == 1 else said[:-1]) == expected


def test_findings_are_compared_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    days = "cvp1 wsm: days left: expected 30 or more, found {}"
    before = made(tmp_path / "a", outcome="failed", said=f"{days.format(12)}\nis settled", end=1)
    after = made(tmp_path / "b", outcome="failed", said=f"{days.format(11)}\nis new", end=1)
    assert told(before, after, capsys)[:-1] == [
        "New findings (1):",
        f"  v1.0 Verify the trust, {sample.AW}: failed: is new",
        "Findings that are settled (1):",
        f"  v1.0 Verify the trust, {sample.AW}: failed: is settled",
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"), [(100, 99, False), (60, 59, True), (31, 29, True), (29, 1, False), (0, -1, True)]
)
def test_only_few_days_left_are_a_difference(before: int, after: int, said: bool) -> None:  # noqa: FBT001
    a, b = (_verification(certificates=(_certificate(days),)) for days in (before, after))
    groups = comparison.of(a, b, words()).groups
    assert [(row.before, row.after, row.bad) for group in groups for row in group.rows] == said * [
        (f"{before} days left", f"{after} days left", True)
    ]


def test_what_only_an_importer_saw_counts_too() -> None:
    seen = [_edge(fingerprint=one, not_after=sample.NOON, days_left=9) for one in ("AA", "BB")]
    a, b = (_verification(edges=(one,)) for one in seen)
    (group,) = comparison.of(a, b, words()).groups
    assert (group.name, [row.what for row in group.rows]) == ("renewed", ["cvp1, WSM"])


def test_a_trust_under_two_aliases_loses_the_one_that_is_gone() -> None:
    a = _verification(edges=(_edge(alias="a"), _edge(alias="b")))
    b = _verification(edges=(_edge(alias="b"),))
    (group,) = comparison.of(a, b, words()).groups
    assert (group.name, [row.before for row in group.rows]) == ("trust_gone", ["a: holds"])


def _certificate(days: int = 100, **other: object) -> Certificate:
    until = sample.NOON + timedelta(days=days)
    one = Certificate("cvp1", 8111, "WSM", "CN=cvp1", "CN=cvp1", "AA", sample.NOON, until, days)
    return replace(one, **other)  # type: ignore[arg-type]


def _edge(**other: object) -> Edge:
    one = Edge("cvp1", "WSM", "aw1", STORE, "cvp1", "1.2.c", "", "HOLDS", (), None, None, None)
    return replace(one, **other)  # type: ignore[arg-type]


def _verification(**other: object) -> Verification:
    one = Verification(1, "Vienna", "12.6", "", "verify", RUN, sample.NOON, "0.1.0", Result.ALL_RIGHT, (), (), ())
    return replace(one, **other)  # type: ignore[arg-type]


NAME = st.sampled_from(["cvp1", "cvp2", "aw1"])
VERIFICATIONS = st.builds(
    _verification,
    release=st.sampled_from(["12.5(1)", "12.6(2)"]),
    outcome=st.sampled_from(Result),
    edges=st.lists(
        st.builds(_edge, importer=NAME, exporter=NAME, alias=NAME, verdict=st.sampled_from(["HOLDS", "FAILS"])),
        max_size=5,
        unique_by=lambda one: (one.importer, one.exporter, one.alias),
    ).map(tuple),
    certificates=st.lists(
        st.builds(_certificate, st.integers(-9, 99), host=NAME, fingerprint=st.sampled_from(["AA", "BB"])),
        max_size=3,
        unique_by=lambda one: one.host,
    ).map(tuple),
    findings=st.lists(
        st.builds(Finding, st.just("v1"), st.just("Verify"), NAME, st.just("failed"), NAME), max_size=3, unique=True
    ).map(tuple),
)
OPPOSITE = {
    "finding_new": "finding_gone",
    "certificate_new": "certificate_gone",
    "trust_new": "trust_gone",
}


@settings(deadline=None)
@given(VERIFICATIONS, VERIFICATIONS)
def test_a_comparison_is_empty_only_for_the_same_and_turns_round(a: Verification, b: Verification) -> None:
    there, back = comparison.of(a, b, words()), comparison.of(b, a, words())
    assert comparison.of(a, a, words()).groups == ()
    opposite = OPPOSITE | {gone: new for new, gone in OPPOSITE.items()}
    numbers = {group.name: len(group.rows) for group in there.groups}
    assert numbers == {opposite.get(group.name, group.name): len(group.rows) for group in back.groups}
    if not there.groups:
        assert (a.release, a.outcome, {*a.edges}, {*a.findings}) == (b.release, b.outcome, {*b.edges}, {*b.findings})


@settings(deadline=None)
@given(VERIFICATIONS, VERIFICATIONS)
def test_any_comparison_can_be_shown(a: Verification, b: Verification) -> None:
    result = comparison.of(a, b, words())
    lines = list(compare.lines(result, words()))
    rows = sum(len(group.rows) for group in result.groups)
    assert len(lines) == 3 + len(result.groups) + rows
    soup = BeautifulSoup(compare.page(result, words()), "html.parser")
    assert len(soup.select("tbody tr")) == rows


def test_the_page_stands_alone_and_escapes_what_it_shows(tmp_path: Path) -> None:
    a = made(tmp_path / "a", *NIGHT)
    b = made(tmp_path / "b", NIGHT[0], sample.edge(leaf=OLD, store=STORE, alias="<script>alert(1)</script>"))
    page = tmp_path / "page.html"
    assert compare.main([str(a), str(b), "--html", str(page)]) == 1
    text = page.read_text(encoding="utf-8")
    assert "default-src 'none'" in text
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)" in text
    soup = BeautifulSoup(text, "html.parser")
    assert soup.h1 is not None
    assert soup.h1.text == "What differs in Vienna"
    assert [cell.text for cell in soup.select("tbody tr *")][1:] == [
        f"{sample.CVP}_wsm",
        "<script>alert(1)</script>",
    ]


def test_a_verification_is_found_wherever_it_is(tmp_path: Path) -> None:
    site = made(tmp_path / "a", *NIGHT)
    whole = compare.load(site)
    assert compare.load(site / verification.NAME) == whole
    assert compare.load(site / "runs" / RUN) == whole
    (site / verification.NAME).unlink()
    assert compare.load(site) == whole


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "no verification.json here, and no run that verified anything"),
        ("{", "it is not JSON"),
        ("[" * 9999, "it is not JSON"),
        ("[]", "expected schema 1 of verification.json, found None"),
        ('{"schema": 2}', "expected schema 1 of verification.json, found 2"),
        ('{"schema": 1}', "not as docs/verification.schema.json says"),
        (json.dumps({"site": "Graz"}), "A is of site Vienna, B of site Graz"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_line(
    tmp_path: Path, content: str | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    a = made(tmp_path / "a", *NIGHT)
    b = tmp_path / "b"
    b.mkdir()
    if content is not None:
        if "Graz" in content:
            content = (a / verification.NAME).read_text(encoding="utf-8").replace("Vienna", "Graz")
        (b / verification.NAME).write_text(content, encoding="utf-8")
    capsys.readouterr()
    assert compare.main([str(a), str(b)]) == 2
    error = capsys.readouterr().err
    assert error.startswith("Not compared: ")
    assert said in error
    assert error.count("\n") == 1


def test_every_word_is_in_the_catalogue() -> None:
    result = Comparison(_verification(), _verification(), ())
    assert list(compare.lines(result, words()))[-1] == "Nothing differs. Certificates: 0, trusts: 0."
    groups = {key.removeprefix("compare.group.") for key in words().texts if key.startswith("compare.group.")}
    assert len(groups) == 11
