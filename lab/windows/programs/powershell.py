"""The program `powershell`: the few expressions for a process's start, a file's last write and the current time.

No interpreter of the language: `-Command` takes statements of these forms, inside `try { } catch { }` or not, and the
lab says so for anything else. Times are printed as Windows keeps them, ticks of 100 ns since 1601.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from lab.windows import texts
from lab.windows.invocation import Invocation
from lab.windows.paths import WindowsError

_EPOCH_TICKS = 116444736000000000  # 1970-01-01
_SWITCHES = ("-nologo", "-noprofile", "-noninteractive")
_STOP = re.compile(r"\$ErrorActionPreference\s*=\s*'Stop'\s*;\s*", re.IGNORECASE)
_TRY = re.compile(r"try\s*\{(.*)\}\s*catch\s*\{\s*\$_\.Exception\.Message;\s*exit\s+(\d+)\s*\}", re.IGNORECASE)
_PROCESS = re.compile(r"\(Get-Process -Id (\d+)\)\.StartTime\.ToFileTimeUtc\(\)", re.IGNORECASE)
_FILE = re.compile(
    r"\(Get-Item -Force -LiteralPath '((?:[^']|'')*)'\)\.LastWriteTime\.ToFileTimeUtc\(\)", re.IGNORECASE
)
_NOW = re.compile(r"\(Get-Date()\)\.ToFileTimeUtc\(\)", re.IGNORECASE)
_NOT_UNDERSTOOD = 1


class _Failed(Exception):
    """A terminating error; its text is the exception's message."""


def powershell(invocation: Invocation) -> int:
    """Run `powershell [-NoLogo] [-NoProfile] [-NonInteractive] -Command "SCRIPT"`."""
    arguments = invocation.args
    while arguments and arguments[0].lower() in _SWITCHES:
        arguments.pop(0)
    if not arguments or arguments.pop(0).lower() not in ("-command", "-c"):
        invocation.stderr.line(texts.LAB_LACKS.format("PowerShell but for -Command"))
        return _NOT_UNDERSTOOD
    script = _STOP.sub("", " ".join(arguments), count=1).strip()
    guarded = _TRY.fullmatch(script)
    try:
        for statement in _statements(guarded[1] if guarded else script):
            invocation.stdout.line(str(_value(invocation, statement)))
    except _Failed as failed:
        (invocation.stdout if guarded else invocation.stderr).line(str(failed))
        return int(guarded[2]) if guarded else 1
    return 0


def _statements(script: str) -> list[str]:
    """Return the statements between semicolons that are not in quotes."""
    return [one.strip() for one in re.findall(r"(?:'[^']*'|[^;'])+", script) if one.strip()]


def _value(invocation: Invocation, statement: str) -> int:
    for pattern, read in _READINGS.items():
        if found := pattern.fullmatch(statement):
            return read(invocation, found[1])
    raise _Failed(texts.LAB_LACKS.format(f"this PowerShell: {statement}"))


def _started(invocation: Invocation, pid: str) -> int:
    service = invocation.machine.services.by_pid(int(pid[:9]))
    if service is None or service.started is None:
        raise _Failed(f"Cannot find a process with the process identifier {pid}.")
    return _ticks(service.started)


def _written(invocation: Invocation, quoted: str) -> int:
    path = quoted.replace("''", "'")
    try:
        place = invocation.drive.locate(invocation.absolute(path))
        return _EPOCH_TICKS + place.stat().st_mtime_ns // 100
    except (WindowsError, OSError):
        raise _Failed(f"Cannot find path '{path}' because it does not exist.") from None


def _ticks(moment: datetime) -> int:
    since = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return _EPOCH_TICKS + (since.days * 86_400_000_000 + since.seconds * 1_000_000 + since.microseconds) * 10


_READINGS: dict[re.Pattern[str], Callable[[Invocation, str], int]] = {
    _PROCESS: _started,
    _FILE: _written,
    _NOW: lambda _, __: _ticks(datetime.now(UTC)),
}
