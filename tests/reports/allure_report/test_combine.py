from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reports.allure_report.combine import combine, results_folders


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "CHG1"


def put(site: Path, run: int, outcome: str, test: str = "t", **other: Any) -> None:
    folder = site / "runs" / f"run{run}" / "allure-results"
    folder.mkdir(parents=True, exist_ok=True)
    status = {"done": "passed", "nothing to do": "passed", "failed": "failed"}.get(outcome, "skipped")
    labels = [{"name": "outcome", "value": outcome}, {"name": "run", "value": f"run{run}"}]
    result = {"uuid": f"{test}{run}", "fullName": test, "testCaseId": test, "start": run, "stop": run, "status": status}
    (folder / f"{test}{run}-result.json").write_text(json.dumps(result | {"labels": labels} | other), encoding="utf-8")
    (folder / "environment.properties").write_text(f"Run=run{run}\n", encoding="utf-8")


def combined(site: Path) -> dict[str, Any]:
    into = site / "combined"
    combine(results_folders(site), into)
    results = [json.loads(file.read_text(encoding="utf-8")) for file in into.glob("*-result.json")]
    return {result["uuid"]: result for result in results}


@pytest.mark.parametrize(
    ("outcomes", "kept"),
    [
        (["done"], ["t0"]),
        (["failed", "done"], ["t0", "t1"]),  # the newest is shown, the earlier is its retry
        (["done", "nothing to do"], ["t0"]),
        (["done", "nothing to do", "blocked"], ["t0"]),
        (["nothing to do", "nothing to do"], ["t0", "t1"]),
        (["blocked", "done", "planned"], ["t0", "t1"]),
        (["done", "nothing to do", "failed"], ["t0", "t1", "t2"]),
    ],
)
def test_a_step_shows_the_run_that_changed_it(site: Path, outcomes: list[str], kept: list[str]) -> None:
    for run, outcome in enumerate(outcomes):
        put(site, run, outcome)
    results = combined(site)
    assert sorted(results) == kept
    later = [f"Later run run{run}: {outcomes[run]}" for run in range(len(kept), len(outcomes))]
    assert [step["name"] for step in results[kept[-1]]["steps"]] == later


def test_what_went_wrong_on_a_host_that_has_gone_back_is_history(site: Path) -> None:
    for test in ("gone-back", "not-gone-back"):
        labels = [("outcome", "failed"), ("run", "run0"), ("host", test)]
        marked = [{"name": name, "value": value} for name, value in labels]
        put(site, 0, "failed", test, labels=marked, statusDetails={"message": "it is wrong"})
    into = site / "combined"
    combine(results_folders(site), into, settled=lambda run, host: (run, host) == ("run0", "gone-back"))
    found = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in into.glob("*-result.json")}
    told = {name: (one["status"], one["statusDetails"]["message"]) for name, one in found.items()}
    assert told == {
        "gone-back0-result.json": ("skipped", "Its host was taken back since; this is history. it is wrong"),
        "not-gone-back0-result.json": ("failed", "it is wrong"),
    }


def test_a_later_run_that_was_blocked_says_why(site: Path) -> None:
    put(site, 0, "done")
    put(site, 1, "blocked", statusDetails={"message": "Blocked: 0.1"})
    (step,) = combined(site)["t0"]["steps"]
    assert step == {
        "name": "Later run run1: blocked",
        "status": "skipped",
        "start": 1,
        "stop": 1,
        "statusDetails": {"message": "Blocked: 0.1"},
    }


def test_hosts_are_told_apart_and_runs_are_left_alone(site: Path) -> None:
    for host in "ab":
        put(site, 0, "done", parameters=[{"name": "host", "value": host}], uuid=host)
        (site / "runs/run0/allure-results/t0-result.json").rename(site / f"runs/run0/allure-results/{host}-result.json")
    before = {file: file.read_bytes() for file in site.rglob("*.json")}
    assert sorted(combined(site)) == ["a", "b"]
    assert {file: file.read_bytes() for file in before} == before


def test_a_gate_is_left_out(site: Path) -> None:
    put(site, 0, "skipped", fullName="")
    put(site, 0, "done", "t")
    put(site, 0, "skipped", "gate", fullName=None)
    assert list(combined(site)) == ["t0"]


def test_only_attachments_that_are_shown_are_copied(site: Path) -> None:
    put(site, 0, "done", steps=[{"name": "s", "steps": [{"attachments": [{"source": "a-attachment.txt"}]}]}])
    put(site, 1, "nothing to do", attachments=[{"source": "b-attachment.txt"}])
    for run, name in ((0, "a"), (0, "stray"), (1, "b")):
        file = site / "runs" / f"run{run}" / "allure-results" / f"{name}-attachment.txt"
        file.write_text(name, encoding="utf-8")
    combined(site)
    assert [file.name for file in (site / "combined").glob("*-attachment.*")] == ["a-attachment.txt"]


def test_the_newest_run_describes_the_report(site: Path) -> None:
    put(site, 0, "done")
    put(site, 1, "done")
    combined(site)
    assert (site / "combined" / "environment.properties").read_text(encoding="utf-8") == "Run=run1\n"


def test_a_site_a_run_and_a_results_folder_are_understood(site: Path, tmp_path: Path) -> None:
    put(site, 1, "done")
    put(site, 0, "done")
    folders = [site / "runs" / run / "allure-results" for run in ("run0", "run1")]
    assert results_folders(site) == folders
    assert results_folders(folders[0].parent) == results_folders(folders[0]) == folders[:1]
    assert results_folders(tmp_path) == []


ALTERED: dict[str, dict[str, Any]] = {
    "a name that leads elsewhere": {"uuid": "../../../evil"},
    "a name that is too long": {"uuid": "a" * 5000},
    "an attachment without its file": {"attachments": [{"name": "a"}]},
    "a step that is none": {"steps": ["a"]},
    "steps in one another": {"steps": [{"steps": [{"attachments": [1]}]}]},
    "a moment that is none": {"start": "now"},
    "labels that are none": {"labels": {"name": "outcome"}},
    "parameters without words": {"parameters": [{"name": ["a"], "value": 1}]},
}


@pytest.mark.parametrize("other", ALTERED.values(), ids=ALTERED)
def test_a_result_that_somebody_has_altered_is_passed_over(site: Path, other: dict[str, Any]) -> None:
    put(site, 0, "done", "whole")
    put(site, 1, "done", "altered", **other)
    assert list(combined(site)) == ["whole0"]
    assert not list(site.parent.glob("evil*"))
