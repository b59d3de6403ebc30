"""A pytest plugin for tests: a worker dies just before it would send a command that holds $DIE_AT."""

from __future__ import annotations

import os

import pytest


@pytest.hookimpl(specname="runbook_sending", optionalhook=True)
def pytest_runbook_sending(text: str) -> None:
    """Die as a killed process does."""
    if os.environ.get("DIE_AT", "\0") in text:
        os._exit(9)
