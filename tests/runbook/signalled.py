"""A pytest plugin for tests: a signal comes in the middle of a run.

It comes right after the run's $SIGNAL_AFTER-th changing command was answered (but for Ctrl-C after each later one, too:
who closes a terminal sends more than one), or at the moment $SIGNAL_AT. It goes to the worker that notices ("self"),
to the controller or to the whole group, as a terminal's does ($SIGNAL_TO). Every changing command that was answered
gets a line in the file $CHANGES_SEEN: its host, and what it was for.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from fixtures.evidence import CommandRecord

_SEND: dict[str, Callable[[int], None]] = {
    "self": lambda number: os.kill(os.getpid(), number) if os.getpid() != _controller else None,
    "controller": lambda number: os.kill(_controller, number),
    "group": lambda number: os.killpg(0, number),
}
_controller = 0


def _send() -> None:
    _SEND[os.environ["SIGNAL_TO"]](signal.Signals[os.environ["SIGNAL"]])


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """A worker's parent is the controller."""
    global _controller  # noqa: PLW0603 - a plugin that is a module keeps what it knows here
    _controller = os.getppid() if hasattr(config, "workerinput") else os.getpid()
    _at("configured")


def pytest_collection_finish() -> None:
    """The steps are known, and none has begun."""
    _at("collected")


@pytest.hookimpl(specname="runbook_search", optionalhook=True, tryfirst=True)
def pytest_runbook_search() -> None:
    """The documents are made, and will be sealed."""
    _at("sealing")


def _at(moment: str) -> None:
    if os.environ.get("SIGNAL_AT") == moment:
        _send()


@pytest.hookimpl(specname="runbook_command", optionalhook=True, trylast=True)
def pytest_runbook_command(record: CommandRecord) -> None:
    """Count the changing commands, and send the signal."""
    if not record.changes:
        return
    seen = Path(os.environ["CHANGES_SEEN"])
    with seen.open("a", encoding="utf-8") as file:
        file.write(f"{record.host.partition('.')[0]}: {record.purpose}\n")
    after = len(seen.read_text(encoding="utf-8").splitlines()) - int(os.environ.get("SIGNAL_AFTER", "1000"))
    if after == 0 or (after > 0 and os.environ["SIGNAL"] != "SIGINT"):
        _send()
