"""A pytest plugin for tests: the run is killed right after its $KILL_AFTER-th changing command.

Every changing command that was answered gets a line in the file $CHANGES_SEEN: the host and what the command was for.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from fixtures.evidence import CommandRecord


@pytest.hookimpl(specname="runbook_command", optionalhook=True, tryfirst=True)
def pytest_runbook_command(record: CommandRecord) -> None:
    """Die as a process does that is killed: nothing is closed, nothing is released, nothing is written any more."""
    if not record.changes:
        return
    seen = Path(os.environ["CHANGES_SEEN"])
    with seen.open("a", encoding="utf-8") as file:
        file.write(f"{record.host.partition('.')[0]}: {record.purpose}\n")
    if len(seen.read_text(encoding="utf-8").splitlines()) == int(os.environ.get("KILL_AFTER", "0")):
        os.kill(os.getpid(), signal.SIGKILL)
