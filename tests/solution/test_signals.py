"""Signals in the middle of an activation, a seeded sample of what `tests/soak` walks through in full; and before it.

The first Ctrl-C is looked at in `tests.solution.test_interrupted.py`.
"""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from reports.journal.chains import run_folders
from tests.runbook.runs import ROOT
from tests.runbook.signals import (
    TOLD,
    Case,
    everything_runs,
    interrupt,
    is_documented,
    is_sealed,
    it_ends_well,
    it_is_finished_later,
    sample,
)
from tests.runbook.site_lab import SiteLab

STOP = 'sc stop "vxmlserver"'


@pytest.mark.parametrize("case", sample(11), ids=lambda case: case.name)
def test_what_was_stopped_is_started_again(staged_duo: SiteLab, tmp_path: Path, case: Case) -> None:
    it_ends_well(staged_duo, tmp_path / "out", case)


def command(lab: SiteLab, evidence: Path, *arguments: str) -> list[str]:
    told = [f"--inventory={lab.inventory_file}", f"--evidence={evidence}", "--no-report", *arguments]
    return [sys.executable, "-m", "pytest", "runbook", *told]


def wait(condition: Callable[[], object], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


def asked(lab: SiteLab, part: str) -> bool:
    """Whether a host was asked to do something by this run."""
    return any(part in line["text"] for line in lab.audit()[lab.heard_before :])


def test_a_terminal_that_is_gone_ends_a_run_as_ctrl_c_does(staged_duo: SiteLab, tmp_path: Path) -> None:
    child, terminal = pty.fork()
    if child == 0:  # pragma: no cover - the child becomes the program
        os.chdir(ROOT)
        os.execv(sys.executable, command(staged_duo, tmp_path / "out", "--change=K1", "-n2"))  # noqa: S606 - our own

    def stopped() -> bool:
        os.read(terminal, 65536)  # the run shows what it waits for: that must not fill the terminal
        return asked(staged_duo, STOP)

    wait(stopped)
    os.close(terminal)  # the kernel sends SIGHUP to the whole group, and whoever writes is told that nobody is there
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 2
    everything_runs(staged_duo)
    is_documented(tmp_path / "out" / "K1", TOLD["SIGHUP"])
    it_is_finished_later(staged_duo, tmp_path / "out")


def test_a_pipe_that_nobody_reads_any_more_does_not_break_the_end(staged_duo: SiteLab, tmp_path: Path) -> None:
    run = subprocess.Popen(
        command(staged_duo, tmp_path / "out", "--change=K1"),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert run.stdout is not None
    wait(lambda: asked(staged_duo, STOP))
    run.stdout.close()  # as `| tee` does that SIGHUP has ended
    run.send_signal(signal.SIGHUP)

    assert run.wait(120) == 2
    everything_runs(staged_duo)
    is_documented(tmp_path / "out" / "K1", TOLD["SIGHUP"])


def test_a_signal_before_the_first_step_ends_a_run_that_has_sent_nothing(staged_duo: SiteLab, tmp_path: Path) -> None:
    lab, evidence = staged_duo, tmp_path / "out"
    heard = len(lab.audit())
    ended = interrupt(lab, evidence, "SIGTERM-controller", "--change=K1", SIGNAL_AT="collected")
    assert (ended.code, ended.sent) == (2, [])
    assert "Interrupted by SIGTERM" in ended.said
    is_documented(evidence / "K1", TOLD["SIGTERM"])

    ended = interrupt(lab, evidence, "SIGHUP-group", "--change=K1", "-n2", SIGNAL_AT="configured")
    assert ended.code == 2
    assert len(run_folders(evidence / "K1")) == 1, "nothing is left of a run that has not begun"
    assert len(lab.audit()) == heard


def test_a_signal_while_the_documents_are_made_lets_them_be_made(duo: SiteLab, tmp_path: Path) -> None:
    ended = interrupt(duo, tmp_path / "out", "SIGHUP-group", "-m", "verify", SIGNAL_AT="sealing")

    assert ended.code == 0, ended.output
    (folder,) = (tmp_path / "out").glob("verify-*")
    is_sealed(folder)


def test_a_rehearsal_that_is_ended_while_its_lab_starts_leaves_nothing(tmp_path: Path) -> None:
    for folder in ("temporary", "out"):
        (tmp_path / folder).mkdir()
    run = subprocess.Popen(
        [sys.executable, "-m", "pytest", "runbook", "--rehearse=minimal", f"--evidence={tmp_path / 'out'}"],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path / "temporary")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    wait(lambda: list((tmp_path / "temporary").glob("pcce-lab-*/state")))
    os.killpg(run.pid, signal.SIGHUP)
    output, _ = run.communicate(timeout=60)

    assert run.returncode == 2, output
    assert "Traceback" not in output
    assert not list((tmp_path / "temporary").glob("pcce-lab-*"))
    assert not list((tmp_path / "out").iterdir())
