"""The report itself, made by Allure. Needs Node, and once a network for npm."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from reports import allure
from reports.allure_report import history as allure_history
from reports.allure_report import node
from reports.allure_report.page import POLICY
from tests.reports import fake_steps
from tests.reports.test_run import start

SECOND = "20261123T120000Z-change"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs of a change: the second finds the first step done."""
    folder = tmp_path_factory.mktemp("out") / "CHG0012345"
    start(folder, "--no-report", fake_steps.__file__)
    return folder


@pytest.fixture(scope="module")
def said(site: Path) -> str:
    return start(site, "--fake-run", SECOND, fake_steps.__file__, RESUMED="1")


@pytest.fixture(scope="module")
def page(site: Path, said: str) -> str:
    assert said
    return (site / "allure-report" / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def shown(page: str) -> dict[str, Any]:
    """The data in the page, by file name."""
    files = re.findall(r'd\("([^"]*\.json)","([^"]*)"\)', page)
    return {name: json.loads(base64.b64decode(text)) for name, text in files}


def test_the_last_word_is_where_the_report_is(site: Path, said: str) -> None:
    assert re.search(rf"^Report \(\d+\.\d s\): {re.escape(str(site))}.allure-report.index\.html$", said, re.MULTILINE)


def test_the_page_is_one_file_that_keeps_to_itself(site: Path, page: str) -> None:
    assert [file.name for file in (site / "allure-report").iterdir()] == ["index.html"]
    assert f'<head>\n    <meta http-equiv="Content-Security-Policy" content="{POLICY}">' in page
    assert re.findall(r"<script[^>]*\ssrc=(.{6})", page) == ['"data:']
    assert "googletagmanager" not in page
    assert "<title> Vienna CHG0012345 </title>" in page


def test_sections_hold_steps_in_document_order(shown: dict[str, Any]) -> None:
    groups = shown["widgets/tree.json"]["groupsById"]
    section = next(group for group in groups.values() if group["name"].startswith("Section 1"))
    names = [groups[each]["name"].split()[0] for each in section["groups"]]
    assert names == ["1.1.iii", "1.1.iv", "1.2.c", "1.3.a", "1.3.b", "1.3.ix"]


def test_outcomes_have_categories(shown: dict[str, Any]) -> None:
    nodes = shown["widgets/categories.json"]["nodes"].values()
    assert [node["name"] for node in nodes if node["type"] == "category"] == [
        "Wrong state",
        "Could not find out",
        "Blocked",
        "Planned",
    ]


def test_the_run_that_changed_a_step_is_shown(shown: dict[str, Any]) -> None:
    tests = [value for name, value in shown.items() if name.startswith("data/test-results/") and not value["isRetry"]]
    first = next(test for test in tests if test["name"].startswith("1.1.iii"))
    assert first["groupedLabels"]["outcome"] == ["done"]
    assert first["steps"][-1]["name"] == f"Later run {SECOND}: nothing to do"
    failed = next(test for test in tests if test["name"].startswith("1.2.c"))
    assert failed["retriesCount"] == 1


def test_the_first_report_of_a_site_marks_nothing_as_new_and_draws_no_graph(site: Path, shown: dict[str, Any]) -> None:
    tests = [value for name, value in shown.items() if name.startswith("data/test-results/")]
    assert {test.get("transition") for test in tests} == {None}
    assert [name for name in shown if name.startswith("history/")] == []
    (point,) = allure_history.points(site / allure_history.NAME)  # for the reports to come
    assert (point["uuid"], point["site"], len(point["testResults"])) == (f"CHG0012345-{SECOND}", "Vienna", 7)


def test_environment_and_executor_are_shown(shown: dict[str, Any], page: str) -> None:
    environment = {item["name"]: item["values"] for item in shown["widgets/allure_environment.json"]}
    assert environment["Kind of run"] == ["Change"]
    assert environment["Run"] == [SECOND]
    assert "PCCE certificate runbook" in page


def test_the_pages_for_people_are_attached_and_may_be_shown(site: Path, page: str, shown: dict[str, Any]) -> None:
    assert (site / "change-record.html").is_file()
    ((_, link),) = [
        (name, one) for name, one in shown.items() if "Change record" in json.dumps(one) and "globals" in name
    ]
    assert link
    assert "frame-src blob:" in page


def test_a_failure_keeps_the_run_and_says_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from reports.ending import Ending
    from tests.reports import sample

    def fail(*, again: bool, **_: object) -> Path:
        raise node.NodeError(f"no network ({again})")

    monkeypatch.setattr(node, "allure_program", fail)
    (tmp_path / "runs" / "1" / "allure-results").mkdir(parents=True)
    ending = Ending(sample.run(tmp_path), render=True)
    ending.finish()
    assert ending.where[1:4] == [
        "Report not made: no network (False)",
        f'To make it later: python -m reports.render "{tmp_path}"',
        f"Change record: {tmp_path / 'change-record.html'}",
    ]


def test_a_folder_without_results_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert allure.main([str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"No report: {tmp_path}: no results of a run here\n"


def test_the_command_line_makes_a_report_of_one_run(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = site / "runs" / "20261122T120000Z-change"
    assert allure.main([str(run)]) == 0
    assert capsys.readouterr().out.startswith(str(run / "allure-report" / "index.html"))


def test_what_allure_says_when_it_fails_is_told(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "cli.js"
    program.write_text("console.error('first'); console.error('no space left'); process.exit(3)", encoding="utf-8")
    monkeypatch.setattr(node, "allure_program", lambda **_: program)
    with pytest.raises(allure.ReportError, match=r"exit code 3\): no space left"):
        allure.generate(site)


def test_a_page_that_is_not_known_is_not_kept(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allure, "_rendered", lambda *_: '<html><head></head><script src="https://x.example"></script>')
    run = site / "runs" / SECOND
    with pytest.raises(allure.ReportError, match="loads from outside"):
        allure.generate(run)
    assert not (run / "allure-report").exists()
    assert tmp_path.exists()
