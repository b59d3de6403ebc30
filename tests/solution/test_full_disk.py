"""The disk of the evidence is full when a service was just stopped: it is started, and what is missing is said."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.journal import history
from reports.journal.chains import run_folders
from tests.runbook.kills import World, the_record_is_right
from tests.runbook.runs import ROOT, runbook
from tests.runbook.signals import everything_runs, is_sealed, it_is_finished_later
from tests.runbook.site_lab import CVP, SiteLab

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="disks are filled, and limits set, as Linux does it")
STOPPED = "stop vxmlserver"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own for the evidence; who may not mount one is left out."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("nobody here may mount a disk: the limit of a process stands for it")
    yield disk
    subprocess.run(["umount", disk], check=True)


def run(lab: SiteLab, evidence: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    """Run what is staged until the disk is full and beyond: exit code, output."""
    command = [sys.executable, "-m", "pytest", "runbook", f"--inventory={lab.inventory_file}", f"--evidence={evidence}"]
    command += ["--no-report", "--change=K1", "-p", "tests.runbook.full_disk", *arguments]
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200", "FULL_AFTER": STOPPED, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    return ended.returncode, ended.stdout + ended.stderr


def it_is_said(code: int, output: str, error: str) -> None:
    """The exit code, what became of it, and which changes are missing in the evidence."""
    assert code == 1, output
    assert "Traceback" not in output
    assert "INTERNALERROR" not in output
    said = " ".join(output.split())
    assert "EVIDENCE IS MISSING in " in said
    assert error in said
    assert "Changes that are not told there" in said
    assert "Make room, then give the same command again" in said
    assert "NOT COMPLETE" in said


def the_start_is_told(output: str, evidence: Path) -> None:
    """What was begun is finished: the journal tells it, where its last page on the disk still had room, or the end."""
    run_folder = run_folders(evidence / "K1")[-1]
    journals = (file.read_text(encoding="utf-8", errors="replace") for file in run_folder.glob("journal-*.jsonl"))
    told = f"{CVP}: start vxmlserver: exit code 0" in " ".join(output.split())
    assert told or any('"start vxmlserver"' in journal for journal in journals)


def it_is_made_up_for(lab: SiteLab, evidence: Path, before: World) -> None:
    """The same command finishes the change, and the record tells of every store what it is now."""
    it_is_finished_later(lab, evidence)
    the_record_is_right(lab, evidence, before)
    is_sealed(evidence / "K1")


@pytest.mark.parametrize("workers", [False, True], ids=["alone", "workers"])
def test_a_disk_that_is_full_leaves_no_service_stopped(staged_duo: SiteLab, small_disk: Path, *, workers: bool) -> None:
    lab, evidence, before = staged_duo, small_disk / "out", World.of(staged_duo)
    filler = small_disk / "filler"

    code, output = run(lab, evidence, *["-n2"] * workers, FULL_FILE=str(filler))

    it_is_said(code, output, "No space left on device")
    the_start_is_told(output, evidence)
    everything_runs(lab)
    filler.unlink()
    it_is_made_up_for(lab, evidence, before)


@pytest.mark.parametrize("workers", [False, True], ids=["alone", "workers"])
def test_a_limit_of_what_may_be_written_leaves_no_service_stopped(
    staged_duo: SiteLab, tmp_path: Path, *, workers: bool
) -> None:
    lab, evidence, before = staged_duo, tmp_path / "out", World.of(staged_duo)

    code, output = run(lab, evidence, *["-n2"] * workers)

    it_is_said(code, output, "File too large")
    assert f"{CVP}: start vxmlserver: exit code 0" in " ".join(output.split())
    everything_runs(lab)
    it_is_made_up_for(lab, evidence, before)
    (first, _) = run_folders(evidence / "K1")
    assert history.of(first).exit_code is None, "nobody could write its end down"


def test_a_verification_whose_evidence_is_missing_does_not_end_well(duo: SiteLab, tmp_path: Path) -> None:
    code, output = run(duo, tmp_path / "out", "-m", "verify", "--change=", FULL_AFTER="log in")
    assert code == 1, output
    assert "EVIDENCE IS MISSING" in output
    assert "Changes that are not told" not in output
    assert "Traceback" not in output


@pytest.mark.parametrize("workers", [False, True], ids=["alone", "workers"])
def test_a_fault_of_the_runbook_itself_gives_locks_back_and_has_an_exit_code_of_its_own(
    staged_duo: SiteLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, workers: bool
) -> None:
    monkeypatch.setenv("BROKEN_AFTER", STOPPED)
    broken = runbook(
        staged_duo, tmp_path / "out", "--change=K1", "-p", "tests.runbook.broken_program", *["-n2"] * workers
    )
    assert broken.exit_code == 3, broken.output
    assert "ZeroDivisionError" in broken.output
    everything_runs(staged_duo)
    it_is_finished_later(staged_duo, tmp_path / "out")
