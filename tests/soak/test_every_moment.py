"""A run killed at each of its changing commands is finished by the same command, or taken back."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.runbook.runs import runbook
from tests.runbook.site_lab import CVP, SiteLab
from tests.runbook.test_interrupted import kill_and_finish, start, wait_for_command

BEFORE_ACTIVATION = (
    'staged" && echo created',
    "/inheritance:r",
    "before.part\\",
    'before.part" ',
    "\\base\\",
    "\\part\\",
    "-delete -alias",
    "-genkeypair",
    'batch.b64" &&',
    "-decode",
    "-importkeystore",
)
AFTER_ACTIVATION = (
    "cacerts+,,",
    'sc stop "Tomcat9"',
    'sc start "Tomcat9"',
    ".keystore+,,",
    'sc stop "callserver"',
    'sc start "callserver"',
    'sc stop "vxmlserver"',
    'sc start "vxmlserver"',
    'sc stop "WebServicesManager"',
    'sc start "WebServicesManager"',
)
MOMENTS = [*((part, False) for part in BEFORE_ACTIVATION), *((part, True) for part in AFTER_ACTIVATION)]


@pytest.mark.parametrize("part, live", MOMENTS, ids=[part for part, _ in MOMENTS])
def test_killed_here_the_same_command_finishes_the_job(duo: SiteLab, tmp_path: Path, part: str, *, live: bool) -> None:
    kill_and_finish(duo, tmp_path, part, live=live)


@pytest.mark.parametrize("part, live", MOMENTS, ids=[part for part, _ in MOMENTS])
def test_killed_here_the_rollback_returns_every_store(duo: SiteLab, tmp_path: Path, part: str, *, live: bool) -> None:
    del live
    duo.edit_inventory(renew="all")
    before = {fqdn: duo.store_file(fqdn).read_bytes() for fqdn in duo.hosts}
    process = start(duo, tmp_path / "out", "--change=K")
    try:
        wait_for_command(duo, part, process)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()

    back = runbook(duo, tmp_path / "out", "runbook/rollback", "--change=K")

    assert back.exit_code == 0, back.output
    assert {fqdn: duo.store_file(fqdn).read_bytes() for fqdn in duo.hosts} == before
    assert duo.entries(CVP)
