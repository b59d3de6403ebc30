"""The documents of runs that were killed, crashed or stopped, and of several runs of a change."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from reports import render
from reports.allure_report import combine
from tests.reports import changes, sample, slow_steps
from tests.reports.journal.test_chains import written
from tests.reports.test_run import FIRST, label, start, texts

SECOND = "20261123T120000Z-change"
STEP = "1.4.iii"


def results(site: Path, run: str = FIRST) -> list[dict[str, Any]]:
    """Allure's results of a run, oldest step first."""
    files = (site / "runs" / run / "allure-results").glob("*-result.json")
    found = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    return sorted(found, key=lambda result: int(result["start"]))


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that was killed while a command was on its way, and made into documents afterwards."""
    site = tmp_path_factory.mktemp("out") / "CHG0012345"
    said = start(site, slow_steps.__file__, DIES=str(site.parent / "died"))
    assert "runbook" not in said
    assert not (site / "summary.txt").exists()
    assert render.main([str(site), "--no-report"]) == 0
    return site


def test_a_killed_run_is_told_as_interrupted(killed: Path) -> None:
    assert (killed / "summary.txt").read_text(encoding="utf-8") == (
        "Vienna CHG0012345: NOT COMPLETE: 1 could not find out\n"
        "Runs:\n"
        f"  {FIRST}: interrupted: its journal has no end line; 1 could not find out\n"
        "Could not find out:\n"
        f"  1.4.iii Restart the services: {sample.CVP}\n"
        "      interrupted while: stop Tomcat9\n"
    )


def test_the_step_that_was_running_has_a_result(killed: Path) -> None:
    (result,) = results(killed)
    assert (result["status"], label(result, "outcome")) == ("broken", "could not find out")
    assert result["statusDetails"]["message"] == "interrupted while: stop Tomcat9"
    assert label(result, "tag") == "made from the journal"
    assert result["description"].startswith("*The process that ran this step ended before")
    ((_, text),) = texts(killed, result)
    assert "@sc stop Tomcat9" in text
    assert "it may or may not have had its effect" in text


def test_documents_can_be_made_again_from_any_folder(killed: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    shutil.copytree(killed, moved)
    before = (moved / "journal.jsonl").read_bytes(), (moved / "summary.txt").read_bytes()
    assert render.main([str(moved / "runs" / FIRST), "--no-report"]) == 0
    assert ((moved / "journal.jsonl").read_bytes(), (moved / "summary.txt").read_bytes()) == before
    assert len(results(moved)) == 1


def test_a_run_that_goes_on_settles_what_was_open(killed: Path, tmp_path: Path) -> None:
    site = tmp_path / "CHG0012345"
    shutil.copytree(killed, site)
    said = start(site, "--no-report", "--fake-run", SECOND, slow_steps.__file__)
    assert "Vienna CHG0012345: 4 steps done\n" in said
    combined = (site / "summary.txt").read_text(encoding="utf-8")
    assert combined == (
        "Vienna CHG0012345: 4 steps done\n"
        "Runs:\n"
        f"  {FIRST}: interrupted: its journal has no end line; 1 could not find out\n"
        f"  {SECOND}: 4 steps done\n"
        "Warnings:\n"
        f"  {sample.CVP}: the lock was released late\n"
    )
    assert combine.combine(combine.results_folders(site), tmp_path / "combined") == 4


def test_a_worker_that_ends_leaves_a_result_and_a_reason(tmp_path: Path) -> None:
    junit = tmp_path / "junit.xml"
    died = str(tmp_path / "died")
    said = start(tmp_path, "--no-report", f"--junitxml={junit}", "-n", "1", slow_steps.__file__, DIES=died)
    assert "Vienna CHG0012345: NOT COMPLETE: 3 steps done, 1 could not find out" in said
    assert "      the worker process ended while: stop Tomcat9" in said
    broken = [result for result in results(tmp_path) if result["status"] == "broken"]
    assert [result["statusDetails"]["message"] for result in broken] == ["the worker process ended while: stop Tomcat9"]
    assert len(results(tmp_path)) == 4
    text = junit.read_text(encoding="utf-8")
    assert 'name="outcome" value="could not find out"' in text
    assert 'errors="1"' in text


@pytest.mark.skipif("sys.platform == 'win32'", reason="a process cannot send itself a Ctrl-C there")
def test_ctrl_c_says_what_was_going_on(tmp_path: Path) -> None:
    said = start(tmp_path, "--no-report", slow_steps.__file__, CTRL_C="1")
    assert "stopped before its end (Ctrl-C or a signal)" in said
    assert "interrupted while: stop Tomcat9" in said


def test_results_and_certificates_come_back_from_the_journal(tmp_path: Path) -> None:
    from tests.reports import fake_steps

    start(tmp_path, "--no-report", fake_steps.__file__)
    shutil.rmtree(tmp_path / "certificates")
    before = {label(result, "story"): result for result in results(tmp_path) if label(result, "story")}
    shutil.rmtree(tmp_path / "runs" / FIRST / "allure-results")
    (tmp_path / "journal.jsonl").unlink()
    assert render.main([str(tmp_path), "--no-report"]) == 0
    assert (tmp_path / "certificates" / "cvp1_wsm.crt").read_text(encoding="ascii") == sample.PEM
    after = {label(result, "story"): result for result in results(tmp_path)}
    assert after.keys() == before.keys()
    for story, result in after.items():
        assert (result["status"], result["testCaseId"]) == (before[story]["status"], before[story]["testCaseId"])
        assert result.get("statusDetails", {}).get("message") == before[story].get("statusDetails", {}).get("message")


def test_a_cut_off_journal_is_said_in_the_documents(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "runs" / FIRST, "a")
    path.write_bytes(path.read_bytes()[:-4])
    assert render.main([str(tmp_path), "--no-report"]) == 0
    said = capsys.readouterr().out
    assert "Journals that are not as they were written:" in said
    assert "line 4, the last, is cut off: the process ended while it wrote" in " ".join(said.split())


def test_one_document_that_cannot_be_made_keeps_no_other_from_being_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path / "runs" / FIRST, "a")
    (tmp_path / "journal.jsonl").mkdir()
    assert render.main([str(tmp_path), "--no-report"]) == 1
    said = capsys.readouterr().out
    assert "1 step done" in said
    assert "journal.jsonl not made" in said


def test_a_folder_without_runs_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert render.main([str(tmp_path)]) == 1
    assert "no evidence of a run here" in capsys.readouterr().err


def test_a_damaged_result_is_passed_over(tmp_path: Path) -> None:
    folder = tmp_path / "allure-results"
    folder.mkdir()
    for name, text in (("a", '{"uuid": "a", "fullName": "x"}'), ("b", '{"uuid'), ("c", "[]"), ("d", "[" * 9999)):
        (folder / f"{name}-result.json").write_text(text, encoding="utf-8")
    assert combine.combine([folder], tmp_path / "combined") == 1


def test_a_summary_tells_of_what_the_way_back_has_settled_in_numbers_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changes.failed_and_rolled_back(tmp_path)
    assert render.main([str(tmp_path), "--no-report"]) == 0
    said = capsys.readouterr().out
    assert "Wrong state" not in said
    assert "START_PENDING" not in said
    assert f"{changes.FIRST}: 5 steps done, 1 blocked, 2 failed" in said
