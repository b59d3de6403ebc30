"""A pytest plugin for tests: the evidence's disk is full from the moment on that $FULL_AFTER names.

That is the answer to the first command whose purpose holds it. Where $FULL_FILE is named, a file there takes all the
room of its disk; else no process of the run may make any file longer (RLIMIT_FSIZE: Python raises OSError then).
"""

from __future__ import annotations

import contextlib
import os
import resource
from pathlib import Path

import pytest

from fixtures.evidence import CommandRecord

_filled = False
_of_the_run: set[int] = set()  # its processes that write evidence


def pytest_configure(config: pytest.Config) -> None:
    """A worker's controller writes evidence, too. (Its environment does not tell: tests have workers of their own.)"""
    _of_the_run.update({os.getpid(), *([os.getppid()] if hasattr(config, "workerinput") else [])})


@pytest.hookimpl(specname="runbook_command", optionalhook=True, trylast=True)
def pytest_runbook_command(record: CommandRecord) -> None:
    """Fill the disk."""
    global _filled  # noqa: PLW0603 - a plugin that is a module keeps what it knows here
    if os.environ["FULL_AFTER"] in record.purpose and not _filled:
        _filled = True
        (_fill if "FULL_FILE" in os.environ else _forbid)()


def _fill() -> None:
    with Path(os.environ["FULL_FILE"]).open("wb", buffering=0) as file, contextlib.suppress(OSError):
        for block in (b"\0" * 1_000_000, b"\0" * 512, b"\0"):
            with contextlib.suppress(OSError):
                while True:
                    file.write(block)


def _forbid() -> None:
    for process in _of_the_run:
        _, most = resource.prlimit(process, resource.RLIMIT_FSIZE)
        resource.prlimit(process, resource.RLIMIT_FSIZE, (0, most))
