"""A pytest plugin for tests: from the step $FAULT_AT on the lab fails as the file $FAULTS says.

With $HURRIED no command of this run has more than so many seconds: nobody waits for a minute that passes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fixtures.connections.backend import Backend, Result
from fixtures.connections.command import Command
from fixtures.connections.session import HostSession, Variables
from fixtures.inventory.model import Host
from fixtures.site import Site
from tests.runbook.snapshots import step_of

_armed = False
_open = Site._hosts_session


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let it fail before the first share of the step."""
    global _armed  # noqa: PLW0603 - a plugin that is a module keeps what it knows here
    if step_of(item) == os.environ["FAULT_AT"] and not _armed:
        _armed = True
        draft = Path(f"{os.environ['LAB_FAULTS']}.draft")
        shutil.copy(os.environ["FAULTS"], draft)
        draft.replace(os.environ["LAB_FAULTS"])


class _Hurried:
    """A backend whose deadlines are shorter: the connection is the real one."""

    def __init__(self, backend: Backend) -> None:
        vars(self)["_backend"] = backend

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backend, name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self._backend, name, value)

    def run(self, command: str, *, within: float = 60, **how: Any) -> Result:
        most = float(os.environ["HURRIED"])
        return self._backend.run(command, within=min(within, most), **how)  # type: ignore[no-any-return]


def _hurried(
    site: Site,
    host: Host,
    variables: Variables,
    open_backend: Callable[[], Backend],
    greeting: Command | None = None,
) -> HostSession:
    return _open(site, host, variables, lambda: _Hurried(open_backend()), greeting)


if "HURRIED" in os.environ:
    Site._hosts_session = _hurried  # type: ignore[method-assign, assignment]
