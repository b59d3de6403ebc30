"""A pytest plugin for tests: something dies in the middle of a run, at one of its changing commands.

Every changing command gets a line in the file $CHANGES_SEEN when it is about to be sent: its host, and what it is for.
$CRASH says at which of them what happens (`Blow`, as JSON): nothing where it is not set. The moment is told by a file,
`Blow.told`, with what was struck in it: whoever waits for it does what cannot be done from here.
"""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import paramiko
import pytest
import requests
from winrm.protocol import Protocol

_A_MOMENT = 0.2  # seconds: until a process is gone, or a lab has seen what shall fail
_PAGES = re.compile(r"/cmplatform/certificate(Upload|Delete)")


@dataclass(frozen=True)
class Blow:
    """What happens, and when.

    `victim` is a process ("controller", "worker": the one that sends) or the whole group ("terminal"): SIGKILL, but
    SIGHUP for the group. It is empty where `faults` of the lab are what happens. `when`: right before the command is
    sent ("before"), when its line was sent and what belongs to it was not ("half"), or when all of it was ("sent").
    """

    host: str
    purpose: str
    nth: int  # of the commands of this host and purpose
    when: str
    victim: str
    faults: list[dict[str, Any]]
    faults_file: str
    told: str


_blow: Blow | None = None
_armed = ""  # the text of the command under way, if it is the one
_controller = 0


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """A worker's parent is the controller."""
    global _controller, _blow  # noqa: PLW0603 - a plugin that is a module keeps what it knows here
    _controller = os.getppid() if hasattr(config, "workerinput") else os.getpid()
    if "CRASH" in os.environ:
        _blow = Blow(**json.loads(os.environ["CRASH"]))
        _watch_what_is_sent()


@pytest.hookimpl(specname="runbook_sending", optionalhook=True, trylast=True)
def pytest_runbook_sending(host: str, text: str, purpose: str, changes: bool) -> None:  # noqa: FBT001 - hook signature
    """Count the changing commands; strike, or make ready for it."""
    global _armed  # noqa: PLW0603 - see above
    _armed = ""
    if not changes:
        return
    line = f"{host}: {purpose}"
    seen = Path(os.environ["CHANGES_SEEN"])
    with seen.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    if _blow is None or line != f"{_blow.host}: {_blow.purpose}":
        return
    if seen.read_text(encoding="utf-8").splitlines().count(line) == _blow.nth:
        if _blow.when == "before":
            _strike(text)
        else:
            _armed = text


def _strike(text: str) -> None:
    """It happens, once."""
    global _armed  # noqa: PLW0603 - see above
    assert _blow is not None
    _armed = ""
    if _blow.faults:
        _let_fail(_blow, text)
    Path(_blow.told).write_text(text, encoding="utf-8")
    match _blow.victim:
        case "worker":
            os.kill(os.getpid(), signal.SIGKILL)
        case "controller":
            os.kill(_controller, signal.SIGKILL)
        case "terminal":
            os.killpg(0, signal.SIGHUP)
    time.sleep(_A_MOMENT)


def _let_fail(blow: Blow, text: str) -> None:
    """The lab's faults hold from now on; a fault of command lines is of this one alone."""
    match = f"^POST {_PAGES.pattern}" if text.startswith("cmplatform ") else f"^{re.escape(text)}$"
    faults = [{"match": match, **one} if one["kind"] == "power_cut" else one for one in blow.faults]
    draft = Path(f"{blow.faults_file}.crash")
    draft.write_text(json.dumps({"faults": faults}), encoding="utf-8")
    draft.replace(blow.faults_file)


def _watch_what_is_sent() -> None:
    """Each channel's library is asked when something has gone out, and before its answer is looked at."""
    _before(Protocol, "send_command_input", lambda *_: _blow is not None and _blow.when == "half")
    _before(Protocol, "get_command_output_raw", lambda *_: True)
    _after(paramiko.Channel, "sendall", _is_typed)
    _after(requests.adapters.HTTPAdapter, "send", _is_posted)


def _is_typed(_channel: object, typed: str | bytes) -> bool:
    """The line alone, or with the answer to what it asks."""
    told = (typed.decode() if isinstance(typed, bytes) else typed).strip()
    return _blow is not None and told == (_armed if _blow.when == "half" else "yes")


def _is_posted(_adapter: object, request: requests.PreparedRequest) -> bool:
    return request.method == "POST" and bool(_PAGES.search(str(request.url)))


def _before(kind: type, name: str, is_it: Callable[..., bool]) -> None:
    original = getattr(kind, name)

    @wraps(original)
    def struck(*args: Any, **kwargs: Any) -> Any:
        if _armed and is_it(*args[:2]):
            _strike(_armed)
        return original(*args, **kwargs)

    setattr(kind, name, struck)


def _after(kind: type, name: str, is_it: Callable[..., bool]) -> None:
    original = getattr(kind, name)

    @wraps(original)
    def struck(*args: Any, **kwargs: Any) -> Any:
        given = original(*args, **kwargs)
        if _armed and is_it(*args[:2]):
            _strike(_armed)
        return given

    setattr(kind, name, struck)
