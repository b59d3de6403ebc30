"""Runs that end in the middle, and two runs at once."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from tests.runbook.blocked import not_succeeded
from tests.runbook.runs import ROOT, runbook
from tests.runbook.site_lab import ADS, CVP, SiteLab
from tests.terminals import NEEDED, at_a_terminal


def start(lab: SiteLab, evidence: Path, *arguments: str) -> subprocess.Popen[str]:
    """A run that goes on while the test looks, in a process group of its own as at a terminal."""
    command = [sys.executable, "-m", "pytest", "runbook", f"--inventory={lab.inventory_file}", f"--evidence={evidence}"]
    return subprocess.Popen(
        [*command, "--no-report", *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def wait_until(condition: Callable[[], object], process: subprocess.Popen[str], seconds: float = 60) -> None:
    """Wait for something that a run does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


def wait_for_command(lab: SiteLab, part: str, process: subprocess.Popen[str], seconds: float = 60) -> None:
    """Wait until a host was asked to do something by this run (the lab's audit log began with its copy)."""
    wait_until(lambda: any(part in line["text"] for line in lab.audit()[lab.heard_before :]), process, seconds)


def runs_of(evidence: Path, process: subprocess.Popen[str]) -> list[Path]:
    """The run's folder, by its controller's journal."""
    return [file.parent for file in evidence.rglob(f"journal-{process.pid}.jsonl")]


def wait_until_sent(evidence: Path, process: subprocess.Popen[str], part: str) -> Path:
    """Wait until a run has sent a command, which may still be under way. The run's folder."""
    wait_until(lambda: runs_of(evidence, process), process)
    (run,) = runs_of(evidence, process)
    sent = f'"event": "sending"[^\n]*{part}'
    wait_until(lambda: any(re.search(sent, file.read_text()) for file in run.glob("journal-*.jsonl")), process)
    return run


def ctrl_c(process: subprocess.Popen[str], evidence: Path, part: str, *, times: int) -> str:
    """Press Ctrl-C while a command is under way, as a terminal does: for the whole process group. The output."""
    run = wait_until_sent(evidence, process, part)
    os.killpg(process.pid, signal.SIGINT)
    for _ in range(1, times):
        wait_until((run / "blocked" / "everything").exists, process)
        os.killpg(process.pid, signal.SIGINT)
    return process.communicate(timeout=60)[0]


def test_a_second_operator_is_told_who_is_at_work(duo: SiteLab, tmp_path: Path) -> None:
    duo.edit_inventory(renew="all")
    duo.fail(kind="slow", match="-genkeypair", seconds=3)
    first = start(duo, tmp_path / "out", "--change=one")
    wait_for_command(duo, "runbook-lock", first)

    second = runbook(duo, tmp_path / "out", "--change=two")

    output, _ = first.communicate()
    assert first.returncode == 0, output
    not_succeeded(second.exit_code, second.output, tmp_path / "out" / "two")
    assert f"{ADS} lock: owner: expected nobody, found change one of" in second.output
    assert not list((duo.folder(CVP) / "C/Cisco/CVP/conf").glob("runbook-two*"))
    assert not list((duo.folder(CVP) / "C/Cisco/CVP/conf").glob("runbook-lock"))


def locked(lab: SiteLab) -> list[str]:
    """The hosts whose locks are held."""
    return [fqdn for fqdn in lab.hosts if list(lab.folder(fqdn).rglob("runbook-lock"))]


def test_the_first_ctrl_c_lets_the_command_end_and_gives_the_locks_back(duo: SiteLab, tmp_path: Path) -> None:
    duo.edit_inventory(renew="all")
    duo.fail(kind="slow", match="-genkeypair", seconds=1)

    process = start(duo, tmp_path / "out", "--change=C1", "-n2")
    output = ctrl_c(process, tmp_path / "out", "-genkeypair", times=1)

    not_succeeded(process.returncode, output, tmp_path / "out" / "C1", expected=2)
    assert "Interrupted: the running command ends" in output
    assert "blocked" in output
    changes = [line for line in duo.audit()[duo.heard_before :] if line["changed"]]
    assert ["-genkeypair" in line["text"] for line in changes[-3:]] == [True, False, False], "its locks came last"
    assert changes[-3]["exit_code"] == 0
    assert locked(duo) == []
    duo.fail()
    finished = runbook(duo, tmp_path / "out", "--change=C1")
    assert finished.exit_code == 0, finished.output


def test_the_second_ctrl_c_aborts_and_keeps_the_lock_of_a_host_that_may_be_at_work(
    duo: SiteLab, tmp_path: Path
) -> None:
    duo.edit_inventory(renew="all")
    duo.fail(kind="slow", match="-genkeypair", seconds=3)

    alone = start(duo, tmp_path / "out", "--change=C1")
    output = ctrl_c(alone, tmp_path / "out", "-genkeypair", times=2)

    assert alone.returncode == 2, output
    said = " ".join(output.split())
    assert "Aborted: a change that was under way may go on at its host" in said
    assert f"{CVP}: its lock is kept: «generate wsm_certificate for {CVP}» was not answered" in said
    assert "Traceback" not in output
    assert locked(duo) == [CVP]

    heard = len(duo.audit())
    several = start(duo, tmp_path / "out", "--change=C1", "-n2")
    output = ctrl_c(several, tmp_path / "out", "-genkeypair", times=2)

    assert several.returncode == 2, output
    assert "was taken over" in " ".join(output.split())
    changes = [line["text"] for line in duo.audit()[heard:] if line["changed"]]
    assert ["-genkeypair" in text for text in changes[-3:]] == [True, False, False], "workers end before locks go"
    assert locked(duo) == []


def test_nothing_beside_the_inventory_is_executed(duo: SiteLab, tmp_path: Path) -> None:
    trap = tmp_path / "executed"
    code = f"from pathlib import Path\nPath({str(trap)!r}).touch()\n"
    folder = duo.inventory_file.parent
    for name in ("conftest.py", "sitecustomize.py", "test_evil.py", "evil.py"):
        (folder / name).write_text(code, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -p evil\npythonpath = .\n", encoding="utf-8")

    forms = [f"--inventory={duo.inventory_file}", "runbook"], ["runbook", "--inventory", str(duo.inventory_file)]
    for form in forms:
        options = ["-m", "verify", "--no-report", f"--evidence={tmp_path / 'out'}"]
        found = subprocess.run(
            [sys.executable, "-m", "pytest", *form, *options],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert found.returncode == 0, found.stdout + found.stderr
    assert not trap.exists()


def test_workers_of_a_killed_controller_have_ended_before_its_locks_are_taken_over(
    duo: SiteLab, tmp_path: Path
) -> None:
    duo.edit_inventory(renew="all")
    duo.fail(kind="slow", match="-genkeypair", seconds=5, times=1)
    old_keys = {alias: one for alias, one in duo.entries(CVP).items() if alias.endswith("_certificate")}
    process = start(duo, tmp_path / "out", "--change=K1", "-n2")
    run = wait_until_sent(tmp_path / "out", process, "-genkeypair")
    assert len(list((run / "workers").iterdir())) == 2, "that is who the next run waits for"
    heard = len(duo.audit())
    shells = {line["shell"] for line in duo.audit()}

    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    finished = runbook(duo, tmp_path / "out", "--change=K1", "-n2")

    assert finished.exit_code == 0, finished.output
    assert "was taken over" in finished.said
    changes = [line for line in duo.audit()[heard:] if line["changed"]]
    orphans = [line["text"] for line in changes if line["shell"] in shells]
    assert ["-genkeypair" in text for text in orphans] == [True], "the command that was under way, and no more"
    assert changes[0]["text"] == orphans[0]
    assert "held-by-" in changes[1]["text"]
    assert all(duo.entries(CVP)[alias] != old for alias, old in old_keys.items())


def test_an_unfinished_other_change_is_named(duo: SiteLab, tmp_path: Path) -> None:
    duo.edit_inventory(renew="all")
    staged = runbook(duo, tmp_path / "out", "-m", "look or stage", "--change=left-behind")
    assert staged.exit_code == 0, staged.output

    found = runbook(duo, tmp_path / "out", "runbook/section0", "--change=next")

    assert found.exit_code == 0, found.output
    assert "change left-behind is unfinished here" in found.said


@NEEDED
def test_a_password_from_a_prompt_is_asked_once_and_reaches_the_workers(duo: SiteLab, tmp_path: Path) -> None:
    content = duo.process.inventory
    content["credentials"]["cvp_local"]["password"] = {"prompt": True}
    duo.inventory_file.write_text(yaml.safe_dump(content), encoding="utf-8")
    password = (duo.inventory_file.parent / "secrets" / "cvp_local").read_text(encoding="utf-8").strip()
    command = [sys.executable, "-m", "pytest", "runbook", f"--inventory={duo.inventory_file}", "-m", "verify", "-n2"]
    command += ["--no-report", f"--evidence={tmp_path / 'out'}"]

    code, said = at_a_terminal(command, {"Password for cvp_local": password.encode() + b"\n"}, "passed")

    assert code == 0, said
    assert said.count("Password for") == 1
    assert password not in said
