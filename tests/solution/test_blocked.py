"""A change in which steps were blocked has not succeeded: in each of the places where steps can be blocked.

That two operators keep apart, Ctrl-C and a worker that dies are in `tests/runbook`, and are looked at in the same way.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.runbook.blocked import not_succeeded
from tests.runbook.quick_heart import DEAD
from tests.runbook.runs import runbook
from tests.runbook.site_lab import ADS, CVP, SiteLab
from tests.solution.test_interrupted import ctrl_c, start, wait_until_sent

HOLDER = {"who": "cube1", "how": "SIP TLS trustpoint", "done_by": "voice team"}
WORKERS = [pytest.param((), id="one process"), pytest.param(("-n2",), id="workers")]


def edit(lab: SiteLab, change: Callable[[dict[str, Any]], object]) -> None:
    content = lab.process.inventory
    change(content)
    lab.inventory_file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def window_is_over(lab: SiteLab) -> None:
    window = {"begin": "2026-01-01T22:00:00+00:00", "end": "2026-01-02T04:00:00+00:00"}
    edit(lab, lambda content: content.update(change={"window": window}))


def gate_is_shut(lab: SiteLab) -> None:
    edit(lab, lambda content: content["hosts"][1].update(also_trusted_by=[HOLDER]))


def host_fails(lab: SiteLab) -> None:
    lab.fail(host=CVP, kind="keytool_dies", match="-genkeypair", leave="untouched")


def lock_is_held(lab: SiteLab) -> None:
    lock = lab.store_file(ADS).parent.parent / "runbook-lock"
    lock.mkdir()


def nothing(lab: SiteLab) -> None:
    assert lab.hosts


# what happens, more options, what is said of it
PLACES: dict[str, tuple[Callable[[SiteLab], None], tuple[str, ...], str]] = {
    "the window is over": (window_is_over, (), "too late for the window"),
    "a gate is not passed": (gate_is_shut, (), "gate not passed"),
    "a host fails": (host_fails, (), f"on {CVP} did not succeed"),
    "a host fails, others go on": (host_fails, ("--keep-going",), f"on {CVP} did not succeed"),
    "a lock is held": (lock_is_held, (), "lock: owner: expected nobody, found somebody unknown"),
    "no sign of life": (nothing, ("-p", "tests.runbook.no_heartbeat"), "the run's controller is gone"),
}


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("happens, options, said", PLACES.values(), ids=PLACES)
def test_a_change_with_blocked_steps_has_not_succeeded(
    duo: SiteLab,
    tmp_path: Path,
    happens: Callable[[SiteLab], None],
    options: tuple[str, ...],
    said: str,
    workers: tuple[str, ...],
) -> None:
    duo.edit_inventory(renew="all")
    happens(duo)
    done = runbook(duo, tmp_path / "out", "--change=B1", *options, *workers)
    not_succeeded(done.exit_code, done.output, tmp_path / "out" / "B1")
    assert said in done.said
    assert "blocked" in done.output.splitlines()[-1]


@pytest.mark.parametrize("workers", WORKERS)
def test_a_controller_that_stood_still_has_not_succeeded(
    duo: SiteLab, tmp_path: Path, workers: tuple[str, ...]
) -> None:
    duo.edit_inventory(renew="all")
    duo.fail(kind="slow", match="-genkeypair", seconds=3, times=1)
    run = start(duo, tmp_path / "out", "--change=S1", "-p", "tests.runbook.quick_heart", *workers)
    wait_until_sent(tmp_path / "out", run, "-genkeypair")
    os.kill(run.pid, signal.SIGSTOP)
    time.sleep(DEAD + 3)
    os.kill(run.pid, signal.SIGCONT)
    output = run.communicate(timeout=120)[0]
    not_succeeded(run.returncode, output, tmp_path / "out" / "S1")
    said = " ".join(output.split())
    assert "the run stood still for" in said or "the run's controller is gone" in said


def test_a_run_that_was_interrupted_in_one_process_has_not_succeeded(duo: SiteLab, tmp_path: Path) -> None:
    duo.edit_inventory(renew="all")
    duo.fail(kind="slow", match="-genkeypair", seconds=1)
    run = start(duo, tmp_path / "out", "--change=C1")
    output = ctrl_c(run, tmp_path / "out", "-genkeypair", times=1)
    not_succeeded(run.returncode, output, tmp_path / "out" / "C1", expected=2)


def test_a_way_back_that_was_blocked_has_not_succeeded_either(duo: SiteLab, tmp_path: Path) -> None:
    duo.edit_inventory(renew="all")
    done = runbook(duo, tmp_path / "out", "--change=R1")
    assert done.exit_code == 0, done.output
    back = runbook(duo, tmp_path / "out", "runbook/rollback", "--change=R1", "-p", "tests.runbook.no_heartbeat")
    not_succeeded(back.exit_code, back.output, tmp_path / "out" / "R1")
