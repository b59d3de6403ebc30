"""A pytest plugin for tests: a fault of the runbook's own, where no step can catch it."""

from __future__ import annotations

import os

import pytest

from fixtures.evidence import CommandRecord

_broken = False


@pytest.hookimpl(specname="runbook_command", optionalhook=True)
def pytest_runbook_command(record: CommandRecord) -> None:
    """Wait for the step in which the fault is."""
    global _broken  # noqa: PLW0603 - a plugin that is a module keeps what it knows here
    _broken = _broken or os.environ["BROKEN_AFTER"] in record.purpose


def pytest_runtest_logreport() -> None:
    """Fail."""
    if _broken:
        raise ZeroDivisionError("a fault of the runbook's own")
