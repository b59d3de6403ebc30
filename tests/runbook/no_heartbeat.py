"""A pytest plugin for tests: from the first step that stages on, the controller can give no sign of life any more."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from fixtures.evidence import RunRecord, StepRecord
from fixtures.run import heartbeat


class Silenced:
    """Puts a folder in the place of the file."""

    folder = Path()


@pytest.hookimpl(specname="runbook_run_started", optionalhook=True)
def pytest_runbook_run_started(run: RunRecord) -> None:
    Silenced.folder = run.folder


@pytest.hookimpl(specname="runbook_step_started", optionalhook=True)
def pytest_runbook_step_started(step: StepRecord) -> None:
    if step.phase == "stage":
        file = Silenced.folder / heartbeat.FILE
        with suppress(OSError):  # a worker was faster
            file.unlink()
        file.mkdir(exist_ok=True)
