"""A pytest plugin for tests: the lab's state ($LAB_STATE) is copied into $SNAPSHOTS right before each step begins.

The copies bear the steps' ids; `steps.txt` has them in their order. Locks are left out: in a copy nobody holds them.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

LOCK, STEPS, END = "runbook-lock", "steps.txt", "end"


def step_of(item: pytest.Item) -> str:
    """The id of the step that a test is; empty if it is none."""
    declared = getattr(getattr(item, "function", None), "step", None)
    return declared.stage.step if declared else ""


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before the first share of a step."""
    if (step := step_of(item)) and not (_folder() / step).exists():
        _copy(step)


def pytest_sessionfinish() -> None:
    """After the last one."""
    _copy(END)


def _folder() -> Path:
    return Path(os.environ["SNAPSHOTS"])


def _copy(name: str) -> None:
    shutil.copytree(os.environ["LAB_STATE"], _folder() / name, ignore=lambda _, names: {LOCK} & set(names))
    with (_folder() / STEPS).open("a", encoding="utf-8") as file:
        file.write(f"{name}\n")
