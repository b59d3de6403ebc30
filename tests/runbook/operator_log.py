"""A pytest plugin for tests: a run notes when it begins and ends each changing command, by a clock that nobody sets.

A line in the file $OPERATOR_LOG each: `begins` or `ends`, the moment (`fixtures.system.clock`), host and text.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from fixtures.evidence import CommandRecord
from fixtures.system import clock


def _note(what: str, host: str, text: str) -> None:
    with Path(os.environ["OPERATOR_LOG"]).open("a", encoding="utf-8") as file:
        file.write(json.dumps([what, clock.ticks(), host, text]) + "\n")


@pytest.hookimpl(specname="runbook_sending", optionalhook=True, tryfirst=True)
def pytest_runbook_sending(host: str, text: str, purpose: str, changes: bool) -> None:  # noqa: FBT001, ARG001
    """It is about to be sent."""
    if changes:
        _note("begins", host, text)


@pytest.hookimpl(specname="runbook_command", optionalhook=True, tryfirst=True)
def pytest_runbook_command(record: CommandRecord) -> None:
    """Its answer is known."""
    if record.changes:
        _note("ends", record.host, record.text)
