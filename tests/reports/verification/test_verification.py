"""verification.json: what a night has found, by its own schema."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from fixtures.evidence import Verdict, When
from reports import render
from reports.verification import verification
from tests.reports import sample
from tests.reports.nights import RUN, Judged, night, with_run

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "verification.schema.json").read_text(encoding="utf-8"))
FILES = {verification.NAME, verification.PROMETHEUS, verification.CALENDAR}


def made(site: Path) -> dict[str, Any]:
    """The document that is made of a site's runs; it must be what the schema says."""
    assert render.main([str(site), "--no-report"]) == 0
    found = json.loads((site / verification.NAME).read_text(encoding="utf-8"))
    jsonschema.validate(found, SCHEMA)
    return dict(found)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_a_night_is_told_in_full(tmp_path: Path) -> None:
    leaf = sample.leaf(100)
    edge = sample.edge(leaf=leaf, store=r"%JAVA_HOME%\lib\security\cacerts", purpose="Smart Licensing")
    night(tmp_path, sample.handshake(kind="WSM", leaf=leaf), edge)

    found = made(tmp_path)

    assert found.pop("version").count(".") == 2
    assert found == {
        "schema": 1,
        "site": "Vienna",
        "release": "12.6",
        "change": "",
        "kind": "verify",
        "run": RUN,
        "when": "2026-11-22T12:00:00Z",
        "outcome": "ALL_RIGHT",
        "edges": [
            {
                "exporter": sample.CVP,
                "kind": "WSM",
                "importer": sample.AW,
                "store": r"%JAVA_HOME%\lib\security\cacerts",
                "alias": f"{sample.CVP}_wsm",
                "step": "1.2.c",
                "purpose": "Smart Licensing",
                "verdict": "HOLDS",
                "messages": [],
                "fingerprint": leaf.sha256,
                "not_after": "2027-03-02T12:00:00Z",
                "days_left": 100,
            }
        ],
        "certificates": [
            {
                "host": sample.CVP,
                "port": 8111,
                "kind": "WSM",
                "subject": f"CN={sample.CVP}, O=Example",
                "issuer": f"CN={sample.CVP}, O=Example",
                "fingerprint": leaf.sha256,
                "not_before": "2026-11-21T12:00:00Z",
                "not_after": "2027-03-02T12:00:00Z",
                "days_left": 100,
            }
        ],
        "findings": [],
    }


CASES: dict[str, tuple[list[Judged], dict[str, Any], str]] = {
    "everything holds": ([sample.edge()], {}, "ALL_RIGHT"),
    "not in use is well": ([sample.edge(Verdict.NOT_IN_USE)], {}, "ALL_RIGHT"),
    "what was before a change": ([sample.edge(Verdict.FAILS, importer="x", when=When.BEFORE)], {}, "ALL_RIGHT"),
    "an edge fails": ([sample.edge(Verdict.FAILS)], {"outcome": "failed", "end": 1}, "WRONG"),
    "a certificate is wrong": ([sample.edge()], {"outcome": "failed", "end": 1}, "WRONG"),
    "an edge is unknown": ([sample.edge(Verdict.UNKNOWN)], {"outcome": "could not find out", "end": 10}, "UNKNOWN"),
    "a host is unreachable": ([], {"outcome": "could not find out", "end": 10}, "UNKNOWN"),
    "wrong beats unknown": (
        [sample.edge(Verdict.FAILS)],
        {"outcome": "could not find out", "end": 1},
        "WRONG",
    ),
    "blocked": ([sample.edge()], {"outcome": "blocked"}, "UNKNOWN"),
    "killed": ([sample.edge()], {"end": None}, "UNKNOWN"),
    "interrupted": ([sample.edge()], {"end": 2}, "UNKNOWN"),
}


@pytest.mark.parametrize(("records", "facts", "outcome"), CASES.values(), ids=CASES)
def test_what_a_night_comes_to(tmp_path: Path, records: list[Judged], facts: dict[str, Any], outcome: str) -> None:
    night(tmp_path, *records, **facts)
    assert made(tmp_path)["outcome"] == outcome


def test_a_night_on_which_nothing_was_run_found_nothing_out(tmp_path: Path) -> None:
    with_run(tmp_path, [])
    assert made(tmp_path)["outcome"] == "UNKNOWN"


def test_each_verdict_has_its_name_and_an_expired_leaf_counts_below_nothing(tmp_path: Path) -> None:
    edges = [sample.edge(verdict, importer=verdict.name, leaf=sample.leaf(-3)) for verdict in Verdict]
    night(tmp_path, *edges, outcome="failed")
    found = made(tmp_path)["edges"]
    assert {edge["importer"]: edge["verdict"] for edge in found} == {verdict.name: verdict.name for verdict in Verdict}
    assert {edge["days_left"] for edge in found} == {-3}


def test_a_wrong_state_is_told_whole_and_anything_else_in_a_line(tmp_path: Path) -> None:
    said = "aw1: alias: expected a\naw1: alias: expected b"
    with_run(
        tmp_path,
        [("verify", [], "failed", said), ("verify", [], "could not find out", said), ("verify", [], "done", "")],
        end=1,
    )
    assert [(each["step"], each["outcome"], each["message"]) for each in made(tmp_path)["findings"]] == [
        ("v1.0", "failed", said),
        ("v1.1", "could not find out", "aw1: alias: expected a"),
    ]


def test_a_port_counts_as_it_was_seen_last(tmp_path: Path) -> None:
    night(
        tmp_path,
        sample.handshake(kind="WSM", leaf=sample.leaf(10)),
        sample.handshake(8443, leaf=sample.leaf(10)),
        sample.handshake(kind="WSM", leaf=sample.leaf(20)),
        sample.handshake(8443),  # closed since
    )
    assert [(each["port"], each["days_left"]) for each in made(tmp_path)["certificates"]] == [(8111, 20)]


def test_a_port_with_two_leaves_has_two_certificates(tmp_path: Path) -> None:
    night(
        tmp_path,
        sample.handshake(8443, kind="tomcat", leaf=sample.leaf(10)),
        sample.handshake(8443, kind="tomcat-ECDSA", leaf=sample.leaf(20)),
    )
    found = [(each["port"], each["kind"], each["days_left"]) for each in made(tmp_path)["certificates"]]
    assert found == [(8443, "tomcat", 10), (8443, "tomcat-ECDSA", 20)]


def test_of_a_change_the_end_counts(tmp_path: Path) -> None:
    before = sample.edge(Verdict.FAILS, when=When.BEFORE)
    steps: list[tuple[str, list[Judged], str, str]] = [
        ("look", [before, sample.handshake(leaf=sample.leaf(1))], "failed", "x"),
        ("verify", [sample.edge(), sample.handshake(leaf=sample.leaf(99))], "done", ""),
    ]
    with_run(tmp_path, steps, run="20261122T120000Z-change", kind="change", change="CHG0012345")
    found = made(tmp_path)
    assert (found["kind"], found["change"], found["outcome"]) == ("change", "CHG0012345", "ALL_RIGHT")
    assert [edge["verdict"] for edge in found["edges"]] == ["HOLDS"]
    assert [one["days_left"] for one in found["certificates"]] == [99]


SEEN: list[Judged] = [sample.edge()]
NOT_GONE_THROUGH = {  # the steps of a change before its verification, which finds all well; the outcome, the findings
    "all done": ([("stage", "done")], "ALL_RIGHT", []),
    "blocked": ([("stage", "done"), ("activate", "blocked")], "UNKNOWN", ["blocked"]),
    "a look that failed, and what it blocked": (
        [("look", "failed"), ("stage", "blocked")],
        "WRONG",
        ["failed", "blocked"],
    ),
    "the last change failed": ([("tidy", "failed")], "WRONG", ["failed"]),
    "a change that could not find out": ([("activate", "could not find out")], "UNKNOWN", ["could not find out"]),
    "a look alone, settled since": ([("look", "could not find out")], "ALL_RIGHT", []),
}


@pytest.mark.parametrize("steps, outcome, findings", NOT_GONE_THROUGH.values(), ids=NOT_GONE_THROUGH)
def test_a_change_that_was_not_gone_through_with_is_not_all_right(
    tmp_path: Path, steps: list[tuple[str, str]], outcome: str, findings: list[str]
) -> None:
    before: list[tuple[str, list[Judged], str, str]] = [(phase, [], how, "why") for phase, how in steps]
    run = [*before, ("verify", SEEN, "done", "")]
    with_run(tmp_path, run, run="20261122T120000Z-change", kind="change", change="CHG0012345")
    found = made(tmp_path)
    assert (found["outcome"], [one["outcome"] for one in found["findings"]]) == (outcome, findings)


def test_a_blocked_run_that_verified_nothing_replaces_what_was_found_before_it(tmp_path: Path) -> None:
    night(tmp_path, sample.edge(), run="1-change", kind="change")
    night(tmp_path, run="2-change", kind="change", phase="stage", outcome="blocked", said="the window is over")
    found = made(tmp_path)
    assert (found["run"], found["outcome"], found["edges"]) == ("2-change", "UNKNOWN", [])
    assert [one["message"] for one in found["findings"]] == ["the window is over"]


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone(timedelta(hours=-14))), "9999-12-31T23:59:59Z"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), "0001-01-01T00:00:00Z"),
        (datetime(2027, 1, 1), "2027-01-01T00:00:00Z"),  # noqa: DTZ001 - what a damaged journal may say
        (datetime(2027, 1, 1, 1, tzinfo=timezone(timedelta(hours=1))), "2027-01-01T00:00:00Z"),
    ],
)
def test_any_moment_can_be_told(tmp_path: Path, moment: datetime, told: str) -> None:
    night(tmp_path, sample.handshake(leaf=replace(sample.leaf(), not_after=moment)))
    assert made(tmp_path)["certificates"][0]["not_after"] == told
    assert {path.name for path in tmp_path.iterdir()} >= FILES


def test_the_latest_run_that_verified_counts(tmp_path: Path) -> None:
    night(tmp_path, sample.edge(), run="1-change", kind="change")
    (tmp_path / "runs" / "1-change").rename(tmp_path / "runs" / "2-change")
    night(tmp_path, sample.edge(Verdict.FAILS), run="1-change", kind="change")
    night(tmp_path, sample.edge(Verdict.FAILS, when=When.BEFORE), run="3-change", kind="change", phase="look")
    found = made(tmp_path)
    assert (found["run"], found["outcome"]) == ("2-change", "ALL_RIGHT")


def test_a_run_that_verified_nothing_leaves_no_such_file(tmp_path: Path) -> None:
    night(tmp_path, run="1-change", kind="change", phase="stage")
    assert render.main([str(tmp_path), "--no-report"]) == 0
    assert not FILES & {path.name for path in tmp_path.iterdir()}


def test_files_can_be_made_again_and_are_the_same(tmp_path: Path) -> None:
    leaf = sample.leaf()
    night(tmp_path, sample.edge(leaf=leaf), sample.handshake(leaf=leaf))
    made(tmp_path)
    before = {name: (tmp_path / name).read_bytes() for name in FILES}
    for name in FILES:
        (tmp_path / name).unlink()
    made(tmp_path)
    assert {name: (tmp_path / name).read_bytes() for name in FILES} == before
    assert not [path.name for path in tmp_path.iterdir() if path.suffix == ".new"]
