"""The history over a site's runs: whose it is, in which order, and that a damaged file spoils nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reports.allure_report import history as allure_history
from reports.allure_report.history import KEPT, NAME, Told, earlier, keep, points

TEST = {"name": "1.2.c", "status": "passed", "message": "m"}
TESTS = {"id.host": TEST | {"labels": [{"name": "host"}], "trace": "long"}}


def told(run: int, site: str = "Vienna", kind: str = "change") -> Told:
    return Told(f"run{run:02}", site, kind, run)


def point(**other: Any) -> dict[str, Any]:
    return {"uuid": "allure's own", "name": "Vienna CHG1", "timestamp": 99, "testResults": TESTS, "url": ""} | other


def kept(out: Path, folder: str, one: Told) -> None:
    (out / folder / "runs" / one.run).mkdir(parents=True)
    keep(out / folder, one, point())


def names(found: list[dict[str, Any]]) -> list[str]:
    return [one["uuid"] for one in found]


def test_a_run_sees_the_earlier_runs_of_its_site_and_no_others(tmp_path: Path) -> None:
    kept(tmp_path, "CHG2", told(3))
    kept(tmp_path, "CHG1", told(1))
    kept(tmp_path, "CHG1", told(2))
    kept(tmp_path, "other", told(1, site="Graz"))
    kept(tmp_path, "rehearsal-1", told(2, kind="rehearsal"))
    kept(tmp_path, "verify-1", told(4, kind="verify"))
    kept(tmp_path, "CHG3", told(6))
    assert names(earlier(tmp_path / "CHG9", told(5))) == ["CHG1-run01", "CHG1-run02", "CHG2-run03", "verify-1-run04"]
    assert names(earlier(tmp_path / "r", told(5, kind="rehearsal"))) == ["rehearsal-1-run02"]


def test_only_the_latest_are_shown(tmp_path: Path) -> None:
    for number in range(KEPT + 5):
        kept(tmp_path, f"CHG{number:02}", told(number))
    found = earlier(tmp_path / "CHG99", told(99))
    assert names(found) == [f"CHG{number:02}-run{number:02}" for number in range(5, KEPT + 5)]


def test_a_report_made_again_takes_the_place_of_the_first(tmp_path: Path) -> None:
    kept(tmp_path, "CHG1", told(1))
    keep(tmp_path / "CHG1", told(1), point(name="again"))
    (found,) = points(tmp_path / "CHG1" / NAME)
    assert (found["name"], found["timestamp"]) == ("again", 1)


def test_what_nobody_reads_in_an_earlier_run_is_not_kept(tmp_path: Path) -> None:
    kept(tmp_path, "CHG1", told(1))
    (found,) = points(tmp_path / "CHG1" / NAME)
    assert found["testResults"] == {"id.host": TEST}


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[]",
        "{",
        "[" * 9999,
        '{"uuid": 1}',
        '{"uuid": "a", "testResults": {}, "timestamp": Infinity}',
        json.dumps(point(timestamp="now")),
        json.dumps(point(testResults=[])),
        json.dumps(point(testResults={"a": 1})),
    ],
)
def test_a_damaged_line_spoils_no_other(tmp_path: Path, line: str) -> None:
    kept(tmp_path, "CHG1", told(1))
    with (tmp_path / "CHG1" / NAME).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    assert names(points(tmp_path / "CHG1" / NAME)) == ["CHG1-run01"]


def test_nobody_is_sent_to_an_address_that_a_file_names(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(json.dumps(point(url="https://example.com")) + "\n", encoding="utf-8")
    assert [one["url"] for one in points(tmp_path / NAME)] == [""]


@pytest.mark.parametrize(
    "executor",
    [
        None,
        {},
        {"kind": "change"},
        {"kind": "plan", "buildName": "a", "site": "b", "started": 1},
        {"kind": "change", "buildName": "a", "site": "b", "started": "soon"},
    ],
)
def test_a_run_that_does_not_say_what_it_is_has_no_history(executor: object) -> None:
    assert Told.of(executor) is None


def test_a_file_that_is_not_there_tells_of_nothing(tmp_path: Path) -> None:
    assert allure_history.points(tmp_path / NAME) == []
    assert earlier(tmp_path / "CHG1", told(1)) == []
