r"""The programs of a graceful shutdown: `service-controller.bat` of CVP, `ExecuteMaintMode.ps1` of the CCE.

And `curl`, only for the number of call sessions of VXMLServer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Protocol

from lab.contract import State
from lab.windows import texts
from lab.windows.invocation import Invocation, Program
from lab.windows.programs.powershell import powershell

_QUESTIONS = ("CALLSERVER-IP-ADDRESS", "CALLSERVER-USERNAME", "CALLSERVER-PASSWORD", "SERVICE-NAME")
_REPORTING = "REPORTINGSERVER-IP-ADDRESS"
_CALLSERVER, _VXMLSERVER = "callserver", "vxmlserver"
_PROBE = re.compile(r"http://localhost:7000/CVP/Server\?probe=true&activeCalls=true")
_MAINTENANCE = re.compile(
    r"&\s*'[^']*\\ExecuteMaintMode\.ps1'\s+(StartMM InstallType [1-6]|RequestStatus)", re.IGNORECASE
)
_COULD_NOT_CONNECT = 7


class Carried(Protocol):
    """The calls that a host carries."""

    @property
    def active(self) -> int:
        """The number of calls in progress."""
        ...


class Drained(Protocol):
    """The services that carry calls, as these programs use them."""

    @property
    def calls(self) -> Carried:
        """The calls."""
        ...

    @property
    def entrance(self) -> Sequence[str]:
        """The services that bring calls to the host: without them there are none."""
        ...

    @property
    def component(self) -> str:
        """The name of the component in return codes of maintenance mode."""
        ...

    @property
    def asked(self) -> bool:
        """True if the host was asked to take no new calls."""
        ...

    def begin(self) -> None:
        """Ask the host to take no new calls."""
        ...

    def state(self, name: str) -> State:
        """Return the state of a service."""
        ...


def service_controller(drained: Drained, may: Callable[[str, str], bool]) -> Program:
    """Return `service-controller.bat`; `may(user, password)` is true for a user who may use it."""

    def run(invocation: Invocation) -> int:
        answers = []
        for question in _QUESTIONS:
            invocation.stdout.lines(f"{question}: \n")
            answers.append((invocation.stdin.line() or b"").decode("utf-8", "replace"))
        host, user, password, service = answers
        invocation.stdout.lines(f"{_REPORTING}: \n")
        # guess: sources show only the text of the success, as the REST API of that name answers it
        machine = invocation.machine
        if host.lower() not in (machine.fqdn.lower(), machine.hostname.lower()):
            return _refuse(invocation, f"The certificate of {host} cannot be verified.")
        if not may(user, password):
            return _refuse(invocation, "Authentication failed.")
        if service != _CALLSERVER or drained.state(_CALLSERVER) is not State.RUNNING:
            return _refuse(invocation, f"{service} is not running.")
        drained.begin()
        invocation.stdout.line("Graceful ShutDown on Device Successfully Invoked")
        return 0

    return run


def _refuse(invocation: Invocation, why: str) -> int:
    invocation.stdout.line(why)
    return 1


def curl(drained: Drained) -> Program:
    """Return `curl`, which knows only the address of that probe."""

    def run(invocation: Invocation) -> int:
        if not any(_PROBE.fullmatch(one) for one in invocation.args):
            invocation.stderr.line(texts.LAB_LACKS.format("curl but for VXMLServer's own probe"))
            return _COULD_NOT_CONNECT
        if drained.state(_VXMLSERVER) is not State.RUNNING:
            invocation.stderr.line("curl: (7) Failed to connect to localhost port 7000: Connection refused")
            return _COULD_NOT_CONNECT
        invocation.stdout.line(f"running;activeCalls={drained.calls.active};")
        return 0

    return run


def maintenance_mode(drained: Drained) -> Program:
    """Return PowerShell with the script of maintenance mode."""

    def run(invocation: Invocation) -> int:
        found = _MAINTENANCE.search(invocation.raw)
        if found is None:
            return powershell(invocation)
        code = _start(drained) if found[1].lower().startswith("startmm") else _status(drained)
        invocation.stdout.line(f"MMRequest-{code}")
        return 0

    return run


def _start(drained: Drained) -> str:
    status = _status(drained)
    if status == "200":
        drained.begin()
        return "100"
    return status if status == "500" else "400"


def _status(drained: Drained) -> str:
    states = {drained.state(name) for name in drained.entrance}
    if not drained.asked:
        return "200" if states == {State.RUNNING} else "401"
    return "500" if states == {State.STOPPED} else f"300-{drained.component}-300"
