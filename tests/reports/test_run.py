"""A small run from end to end: pytest in a process of its own, the evidence hooks called as the runbook calls them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reports.journal import writer as journal
from tests.reports import fake_steps, sample

ROOT = Path(__file__).parents[2]
FIRST = "20261122T120000Z-change"


def command(folder: Path, *options: str) -> tuple[list[str], dict[str, str]]:
    """The command of a run of the fake steps, and its environment."""
    words: list[Path | str] = [
        sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", ROOT, "--import-mode=importlib", "-q", "--tb=no",
        "-p", "no:cacheprovider", "-p", "reports.plugin", "-p", "tests.reports.fake_plugin",
        "--fake-folder", folder, *options,
    ]  # fmt: skip
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return [str(word) for word in words], surroundings | {"COLUMNS": "80", "PYTHONPATH": str(ROOT)}


def start(folder: Path, *options: str, **environment: str) -> str:
    """What a run of the fake steps prints."""
    words, surroundings = command(folder, *options)
    done = subprocess.run(
        words,
        cwd=ROOT,
        env=surroundings | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return f"{done.stdout}{done.stderr}exit code {done.returncode}\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("out") / "CHG0012345"


@pytest.fixture(scope="module")
def said(site: Path) -> str:
    link = "--change-link=https://tickets.example.com/{change}"
    return start(site, "--no-report", link, f"--prometheus={site.parent / 'node.prom'}", fake_steps.__file__)


@pytest.fixture(scope="module")
def results(site: Path, said: str) -> dict[str, dict[str, Any]]:
    assert said
    files = (site / "runs" / FIRST / "allure-results").glob("*-result.json")
    found = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    return {label(result, "story").partition(" ")[0]: result for result in found}


def label(result: dict[str, Any], name: str) -> str:
    return next((each["value"] for each in result["labels"] if each["name"] == name), "")


def texts(site: Path, item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Title and text of all attachments of a result and its steps."""
    for attachment in item.get("attachments", ()):
        file = next(site.rglob(attachment["source"]))
        yield attachment["name"], file.read_text(encoding="utf-8")
    for step in item.get("steps", ()):
        yield from texts(site, step)


def test_a_result_speaks_the_documents_language(results: dict[str, dict[str, Any]]) -> None:
    result = results["1.1.iii"]
    assert result["name"] == f"1.1.iii · Generate new self-signed certificates · {sample.CVP}"
    assert result["parameters"] == [{"name": "host", "value": sample.CVP}]
    assert result["description"].startswith("Makes a new key")
    assert result["links"] == [{"type": "issue", "url": "https://tickets.example.com/CHG0012345", "name": "CHG0012345"}]
    assert {each["name"]: each["value"] for each in result["labels"]} == {
        "epic": "Vienna · CHG0012345",
        "feature": "Section 1: CVP servers and ADS servers",
        "story": "1.1.iii Generate new self-signed certificates",
        "parentSuite": "Section 1: CVP servers and ADS servers",
        "suite": "1.1.iii Generate new self-signed certificates",
        "subSuite": sample.CVP,
        "host": sample.CVP,
        "thread": "stage",
        "outcome": "done",
        "run": FIRST,
    }


def test_a_result_holds_the_evidence(site: Path, results: dict[str, dict[str, Any]]) -> None:
    result = results["1.1.iii"]
    assert [step["name"] for step in result["steps"]] == [
        f"Warning: {sample.CVP}: the disk is nearly full",
        "wsm_certificate: replaced",
        "Read the store",
        r"Store C:\Cisco\CVP\conf\security\.keystore: 1 entry added, 1 removed",
    ]
    assert [name for name, _ in texts(site, result)] == [
        "Certificate before: wsm_certificate",
        "Certificate after: wsm_certificate",
        *2 * ["Command and answer"],
        "Difference",
        "Entries after",
    ]


@pytest.mark.parametrize(
    ("step", "status", "outcome", "message"),
    [
        ("1.1.iv", "passed", "nothing to do", None),
        ("1.2.c", "failed", "failed", "aw1 cvp1_iis - presence - expected in the store, found absent"),
        ("1.3.a", "broken", "could not find out", "cvp1 gave no answer"),
        ("1.3.b", "skipped", "blocked", "Blocked: 1.3.a could not be done on cvp1"),
        ("1.3.ix", "skipped", "planned", "Planned: 3 commands"),
    ],
)
def test_each_outcome_has_its_status_and_word(
    results: dict[str, dict[str, Any]], step: str, status: str, outcome: str, message: str | None
) -> None:
    result = results[step]
    assert (result["status"], label(result, "outcome")) == (status, outcome)
    assert result.get("statusDetails", {}).get("message") == message


def test_a_test_that_is_no_step_is_left_as_it_is(results: dict[str, dict[str, Any]]) -> None:
    assert results[""]["name"] == "test_without_a_step"


def test_no_argument_output_or_log_reaches_the_evidence(site: Path, said: str) -> None:
    assert said
    files = [file for file in site.rglob("*") if file.is_file()]
    assert files
    assert [file for file in files if fake_steps.SECRET.encode() in file.read_bytes()] == []


def test_the_journal_says_before_it_says_after(site: Path, said: str) -> None:
    assert said
    (file,) = (site / "runs" / FIRST).glob("journal-*.jsonl")
    entries = journal.read(file).entries
    events = [entry["event"] for entry in entries]
    assert (events[0], events[-1]) == ("run", "end")
    assert events.index("sending") < events.index("command")
    verdicts = [(entry["step"], entry["outcome"]) for entry in entries if entry["event"] == "verdict"]
    assert verdicts[:3] == [("1.1.iii", "done"), ("1.1.iv", "nothing to do"), ("1.2.c", "failed")]


def test_exported_certificates_are_files(site: Path, said: str) -> None:
    assert said
    assert [file.name for file in (site / "certificates").iterdir()] == ["cvp1_wsm.crt"]
    assert (site / "certificates" / "cvp1_wsm.crt").read_text(encoding="ascii") == sample.PEM


def test_allure_is_told_about_the_run(site: Path, said: str) -> None:
    assert said
    folder = site / "runs" / FIRST / "allure-results"
    lines = (folder / "environment.properties").read_text(encoding="utf-8").splitlines()
    assert lines[:3] == ["Site=Vienna", "Change=CHG0012345", r"Kind\ of\ run=Change"]
    assert json.loads((folder / "executor.json").read_text(encoding="utf-8"))["reportName"] == "Vienna CHG0012345"


def test_the_run_ends_in_plain_words(site: Path, said: str) -> None:
    summary = said[said.index("= runbook =") :]
    assert "NOT COMPLETE: 1 step done, 1 nothing to do, 1 planned, 1" in summary
    assert f"Evidence of this run: {site / 'runs' / FIRST}\n" in summary
    assert f'Report not made (--no-report); to make it: python -m reports.render "{site}"\n' in summary


def test_monitoring_is_handed_what_was_found(site: Path, said: str) -> None:
    assert said
    found = site / "verification.prom"
    assert b"pcce_trust_edge_ok{" in found.read_bytes()
    assert (site.parent / "node.prom").read_bytes() == found.read_bytes()


def test_a_file_for_monitoring_that_cannot_be_written_is_refused_before_anything_is_run(tmp_path: Path) -> None:
    said = start(tmp_path, f"--prometheus={tmp_path / 'nowhere' / 'node.prom'}", fake_steps.__file__)
    assert f"there is no folder {tmp_path / 'nowhere'}" in said
    assert [*tmp_path.iterdir()] == []


def test_what_could_not_be_found_out_is_counted_apart_from_what_is_wrong(said: str) -> None:
    assert "1 failed, 3 passed, 2 skipped, 1 unknown in" in said


def test_workers_and_controller_share_a_run(tmp_path: Path) -> None:
    said = start(tmp_path, "--no-report", "-n", "2", fake_steps.__file__)
    summary = said[said.index("= runbook =") :]
    assert "NOT COMPLETE: 1 step done, 1 nothing to do, 1 planned, 1" in summary
    assert "the lock was released late (3 times)" in summary
    assert "1 unknown" in said
    assert "FAIL" in summary
    journals = [journal.read(file) for file in tmp_path.rglob("journal-*.jsonl")]
    assert [each.entries[-1]["event"] for each in journals] == 3 * ["end"]


def test_an_interrupted_step_has_shown_nothing(tmp_path: Path) -> None:
    said = start(tmp_path, "--no-report", fake_steps.__file__, "-k", "1_1_iii or 1_1_iv", INTERRUPTED="1")
    assert "Vienna CHG0012345: NOT COMPLETE: 1 could not find out" in said
    (file,) = tmp_path.rglob("*-result.json")
    result = json.loads(file.read_text(encoding="utf-8"))
    assert (result["status"], result["statusDetails"]["message"]) == ("broken", "interrupted")


def test_without_a_run_the_plugin_does_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_other.py").write_text("def test_other(): pass\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "-q", "-p", "no:cacheprovider", "-p", "reports.plugin"]
    done = subprocess.run(
        [*command, "test_other.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed" in done.stdout
    assert "runbook" not in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["test_other.py"]
