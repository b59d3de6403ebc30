"""Runs that end in the middle, and two runs at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from tests.runbook.conftest import verify
from tests.runbook.runs import ROOT, runbook
from tests.runbook.site_lab import ADS, CVP, SiteLab

# A changing command at which the run is killed, and whether live stores may have changed by then.
# tests/soak walks through every moment.
MOMENTS = {"generating": ("-genkeypair", False), "restarting an exporter": ('sc stop "vxmlserver"', True)}


def start(lab: SiteLab, evidence: Path, *arguments: str) -> subprocess.Popen[str]:
    """A run that goes on while the test looks."""
    command = [sys.executable, "-m", "pytest", "runbook", f"--inventory={lab.inventory_file}", f"--evidence={evidence}"]
    return subprocess.Popen(
        [*command, "--no-report", *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for_command(lab: SiteLab, part: str, process: subprocess.Popen[str], seconds: float = 60) -> None:
    """Wait until a host was asked to do something by this run (the lab's audit log began with its copy)."""
    deadline = time.monotonic() + seconds
    while not any(part in line["text"] for line in lab.audit()[lab.heard_before :]):
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline, f"{part} was never sent"
        time.sleep(0.02)


@pytest.mark.parametrize("part, live", MOMENTS.values(), ids=[name.replace(" ", "-") for name in MOMENTS])
def test_a_killed_run_is_finished_by_the_same_command(duo: SiteLab, tmp_path: Path, part: str, *, live: bool) -> None:
    kill_and_finish(duo, tmp_path, part, live=live)


def kill_and_finish(duo: SiteLab, tmp_path: Path, part: str, *, live: bool) -> None:
    """Kill a renewal at a command, run it again, and see that nothing is lost and all is done."""
    duo.edit_inventory(renew="all")
    stores = {fqdn: duo.store_file(fqdn).read_bytes() for fqdn in duo.hosts}
    old_keys = {alias: one for alias, one in duo.entries(CVP).items() if alias.endswith("_certificate")}
    process = start(duo, tmp_path / "out", "--change=K")
    try:
        wait_for_command(duo, part, process)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    if not live:
        assert {fqdn: duo.store_file(fqdn).read_bytes() for fqdn in duo.hosts} == stores

    finished = runbook(duo, tmp_path / "out", "--change=K")

    assert finished.exit_code == 0, finished.output
    assert "was taken over" in finished.said
    new_keys = duo.entries(CVP)
    assert all(new_keys[alias] != old for alias, old in old_keys.items())
    copy = duo.folder(CVP) / "C/Cisco/CVP/conf/runbook-K/before/.keystore"
    assert copy.read_bytes() == stores[CVP]
    assert verify(duo, tmp_path / "out").exit_code == 0


def test_a_second_operator_is_told_who_is_at_work(duo: SiteLab, tmp_path: Path) -> None:
    duo.edit_inventory(renew="all")
    duo.fail(kind="slow", match="-genkeypair", seconds=3)
    first = start(duo, tmp_path / "out", "--change=one")
    wait_for_command(duo, "runbook-lock", first)

    second = runbook(duo, tmp_path / "out", "--change=two")

    output, _ = first.communicate()
    assert first.returncode == 0, output
    assert second.exit_code == 1
    assert f"{ADS} lock: owner: expected nobody, found change one of" in second.output
    assert not list((duo.folder(CVP) / "C/Cisco/CVP/conf").glob("runbook-two*"))
    assert not list((duo.folder(CVP) / "C/Cisco/CVP/conf").glob("runbook-lock"))


def test_the_first_ctrl_c_lets_the_command_end_and_gives_the_locks_back(duo: SiteLab, tmp_path: Path) -> None:
    duo.edit_inventory(renew="all")
    process = start(duo, tmp_path / "out", "--change=C")
    wait_for_command(duo, "-genkeypair", process)

    os.kill(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=60)

    assert process.returncode == 2, output
    assert "Interrupted: the running command ends" in output
    assert "blocked" in output
    assert not list(duo.folder(ADS).rglob("runbook-lock"))
    assert not list(duo.folder(CVP).rglob("runbook-lock"))
    finished = runbook(duo, tmp_path / "out", "--change=C")
    assert finished.exit_code == 0, finished.output


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


def test_workers_of_a_killed_controller_send_nothing_more(duo: SiteLab, tmp_path: Path) -> None:
    duo.edit_inventory(renew="all")
    duo.fail(kind="slow", match="-genkeypair", seconds=1)
    process = start(duo, tmp_path / "out", "--change=K", "-n2")
    wait_for_command(duo, "-delete -alias", process)

    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    time.sleep(2)  # what was under way may end
    seen = len(duo.audit())
    time.sleep(3)

    assert [line["text"] for line in duo.audit()[seen:] if line["changed"]] == []
    duo.fail()
    finished = runbook(duo, tmp_path / "out", "--change=K", "-n2")
    assert finished.exit_code == 0, finished.output


def test_a_killed_run_is_taken_back(duo: SiteLab, tmp_path: Path) -> None:
    duo.edit_inventory(renew="all")
    stores = {fqdn: duo.store_file(fqdn).read_bytes() for fqdn in duo.hosts}
    process = start(duo, tmp_path / "out", "--change=K")
    wait_for_command(duo, 'sc stop "vxmlserver"', process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()

    back = runbook(duo, tmp_path / "out", "runbook/rollback", "--change=K")

    assert back.exit_code == 0, back.output
    assert {fqdn: duo.store_file(fqdn).read_bytes() for fqdn in duo.hosts} == stores


def test_an_unfinished_other_change_is_named(duo: SiteLab, tmp_path: Path) -> None:
    duo.edit_inventory(renew="all")
    staged = runbook(duo, tmp_path / "out", "-m", "look or stage", "--change=left-behind")
    assert staged.exit_code == 0, staged.output

    found = runbook(duo, tmp_path / "out", "runbook/section0", "--change=next")

    assert found.exit_code == 0, found.output
    assert "change left-behind is unfinished here" in found.said


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX's")
def test_a_password_from_a_prompt_is_asked_once_and_reaches_the_workers(duo: SiteLab, tmp_path: Path) -> None:
    import pty

    content = duo.process.inventory
    content["credentials"]["cvp_local"]["password"] = {"prompt": True}
    duo.inventory_file.write_text(yaml.safe_dump(content), encoding="utf-8")
    password = (duo.inventory_file.parent / "secrets" / "cvp_local").read_text(encoding="utf-8").strip()
    command = [sys.executable, "-m", "pytest", "runbook", f"--inventory={duo.inventory_file}", "-m", "verify", "-n2"]

    child, terminal = pty.fork()
    if child == 0:  # pragma: no cover - the child becomes the run
        os.chdir(ROOT)
        os.execv(command[0], [*command, "--no-report", f"--evidence={tmp_path / 'out'}"])  # noqa: S606 - our own interpreter
    said = read_until(terminal, "Password for cvp_local")
    os.write(terminal, password.encode() + b"\n")
    said += read_until(terminal, "passed")
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0, said
    assert said.count("Password for") == 1
    assert password not in said


def read_until(terminal: int, words: str, seconds: float = 60) -> str:
    """What a pseudo-terminal shows until these words."""
    said, deadline = "", time.monotonic() + seconds
    while words not in said and time.monotonic() < deadline:
        try:
            said += os.read(terminal, 4096).decode(errors="replace")
        except OSError:  # the other end has closed
            break
    assert words in said, said
    return said
