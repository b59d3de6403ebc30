"""The program `sc`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from lab.contract import ServiceError, ServiceStatus, State
from lab.windows.invocation import Invocation
from lab.windows.spoken import Words

_USAGE_EXIT = 1639  # guess
_CONTROLS = {
    State.RUNNING: "(STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)",
    State.START_PENDING: "(NOT_STOPPABLE, NOT_PAUSABLE, IGNORES_SHUTDOWN)",
    State.STOP_PENDING: "(NOT_STOPPABLE, NOT_PAUSABLE, IGNORES_SHUTDOWN)",
}
# Errors of opening a service; other errors come from the call itself.
_OPENING = (5, 1060)
_LIST_OPTION = re.compile(r"(type|state)= ?(service|own|all|active|inactive)")
_LIST = re.compile(r"((type= ?(service|own|all)|state= ?(all|active|inactive)|bufsize= ?[0-9]+)( |$))*")
_USAGE = """\
DESCRIPTION:
        SC is a command line program used for communicating with the
        Service Control Manager and services.
USAGE:
        sc <server> [command] [service name] <option1> <option2>...
"""


def sc(invocation: Invocation) -> int:
    """Run `sc VERB NAME`; return the Win32 error. Errors are printed on stdout."""
    verb, *rest = invocation.args or [""]
    action = _VERBS.get(verb.lower())
    if action is None:
        head = f"*** Unrecognized Command ***\n{_USAGE}" if verb else _USAGE
        invocation.stdout.lines(head)
        return _USAGE_EXIT
    return action(invocation, rest)


def _block(words: Words, status: ServiceStatus, *, display: bool = False, process: bool = False) -> str:
    """Return sc's output for a service, blanks at line ends included."""
    lines = ["", f"{words.label('SERVICE_NAME')}: {status.name} "]
    if display:
        lines.append(f"{words.label('DISPLAY_NAME')}: {status.display_name}")
    lines.append(_row(words, "TYPE", "10  WIN32_OWN_PROCESS  "))
    lines.append(_row(words, "STATE", f"{status.state.value}  {status.state.name} "))
    if status.state in _CONTROLS:
        lines.append(f"{'':32}{_CONTROLS[status.state]}")
    lines.append(_row(words, "WIN32_EXIT_CODE", f"{status.exit_code}  (0x{status.exit_code:x})"))
    lines.append(_row(words, "SERVICE_EXIT_CODE", "0  (0x0)"))
    lines.append(_row(words, "CHECKPOINT", f"0x{status.checkpoint:x}"))
    lines.append(_row(words, "WAIT_HINT", f"0x{status.wait_hint:x}"))
    if process:
        lines += [_row(words, "PID", str(status.pid)), _row(words, "FLAGS", "")]
    return "\n".join(lines) + "\n"


def _row(words: Words, label: str, value: str) -> str:
    return f"{'':{words.sc_indent}}{words.label(label):<{words.sc_width}}: {value}"


def _failed(invocation: Invocation, call: str, code: int) -> int:
    words = invocation.words
    invocation.stdout.lines(f"[SC] {call} {words('FAILED {}:', code)}\n\n{words.error(code)}\n\n")
    return code


def _query(invocation: Invocation, rest: list[str], *, process: bool = False) -> int:
    joined = " ".join(rest).lower()
    if _LIST.fullmatch(joined):
        return _list_all(invocation, dict(_LIST_OPTION.findall(joined)), process=process)
    if len(rest) > 1:
        invocation.stdout.lines(_USAGE)
        return _USAGE_EXIT
    try:
        status = invocation.machine.services.status(rest[0])
    except ServiceError as error:
        return _failed(invocation, "EnumQueryServicesStatus:OpenService", error.code)
    invocation.stdout.lines(_block(invocation.words, status, process=process))
    return 0


def _list_all(invocation: Invocation, options: dict[str, str], *, process: bool) -> int:
    state = options.get("state", "active")
    for status in invocation.machine.services.all():
        stopped = status.state == State.STOPPED
        if state == "all" or stopped == (state == "inactive"):
            invocation.stdout.lines(_block(invocation.words, status, display=True, process=process))
    invocation.stdout.line()
    return 0


def _queryex(invocation: Invocation, rest: list[str]) -> int:
    return _query(invocation, rest, process=True)


def _start(invocation: Invocation, rest: list[str]) -> int:
    if not rest:
        invocation.stdout.lines(_USAGE)
        return _USAGE_EXIT
    try:
        status = invocation.machine.services.start(rest[0])
    except ServiceError as error:
        return _failed(invocation, "StartService" + (": OpenService" if error.code in _OPENING else ""), error.code)
    invocation.stdout.lines(_block(invocation.words, status, process=True))
    return 0


def _stop(invocation: Invocation, rest: list[str]) -> int:
    if not rest:
        invocation.stdout.lines(_USAGE)
        return _USAGE_EXIT
    try:
        status = invocation.machine.services.stop(rest[0])
    except ServiceError as error:
        return _failed(invocation, "OpenService" if error.code in _OPENING else "ControlService", error.code)
    invocation.stdout.lines(_block(invocation.words, status))
    return 0


def _dependents(invocation: Invocation, rest: list[str]) -> int:
    if not rest:
        invocation.stdout.lines(_USAGE)
        return _USAGE_EXIT
    try:
        found = invocation.machine.services.dependents(rest[0])
    except ServiceError as error:
        return _failed(invocation, "EnumDependentServices:OpenService", error.code)  # guess
    invocation.stdout.line(f"[SC] EnumDependentServices: entriesread = {len(found)}")  # guess
    for status in found:
        invocation.stdout.lines(_block(invocation.words, status, display=True))
    return 0


def _key_name(invocation: Invocation, rest: list[str]) -> int:
    wanted = rest[0].lower() if rest else ""
    for status in invocation.machine.services.all():
        if status.display_name.lower() == wanted:
            invocation.stdout.lines(f"[SC] GetServiceKeyName {invocation.words('SUCCESS')}\nName = {status.name}\n\n")
            return 0
    return _failed(invocation, "GetServiceKeyName", 1060)


def _display_name(invocation: Invocation, rest: list[str]) -> int:
    try:
        status = invocation.machine.services.status(rest[0] if rest else "")
    except ServiceError as error:
        return _failed(invocation, "GetServiceDisplayName", error.code)
    done = invocation.words("SUCCESS")
    invocation.stdout.lines(f"[SC] GetServiceDisplayName {done}\nName = {status.display_name}\n\n")
    return 0


def _configuration(invocation: Invocation, rest: list[str]) -> int:
    """Run `sc qc`. guess: path and account, of which the lab knows nothing, are the usual ones."""
    services = invocation.machine.services
    try:
        status = services.status(rest[0] if rest else "")
    except ServiceError as error:
        return _failed(invocation, "OpenService", error.code)
    needs = [
        other.name
        for other in services.all()
        if any(one.name.lower() == status.name.lower() for one in services.dependents(other.name))
    ]
    rows = [
        ("TYPE", "10  WIN32_OWN_PROCESS "),
        ("START_TYPE", "4   DISABLED" if status.disabled else "2   AUTO_START"),
        ("ERROR_CONTROL", "1   NORMAL"),
        ("BINARY_PATH_NAME", f"C:\\Services\\{status.name}.exe"),
        ("LOAD_ORDER_GROUP", ""),
        ("TAG", "0"),
        ("DISPLAY_NAME", status.display_name),
        ("DEPENDENCIES", needs[0] if needs else ""),
        *(("", name) for name in needs[1:]),
        ("SERVICE_START_NAME", "LocalSystem"),
    ]
    words = invocation.words
    body = "".join(f"{_row(words, label, value)}\n" for label, value in rows)
    head = f"[SC] QueryServiceConfig {words('SUCCESS')}\n\n{words.label('SERVICE_NAME')}: {status.name}\n"
    invocation.stdout.lines(head + body)
    return 0


_VERBS: Mapping[str, Callable[[Invocation, list[str]], int]] = {
    "query": _query,
    "queryex": _queryex,
    "start": _start,
    "stop": _stop,
    "enumdepend": _dependents,
    "getkeyname": _key_name,
    "getdisplayname": _display_name,
    "qc": _configuration,
}
