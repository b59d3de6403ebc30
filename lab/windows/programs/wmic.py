"""The program `wmic`: the start time of a process, the write time of a file."""

from __future__ import annotations

import re
from datetime import datetime

from lab.windows.invocation import Invocation
from lab.windows.paths import WindowsError

_END = "\r\r\n"  # wmic's own line end, as captured
_PROCESS = re.compile(r'process\s+where\s+\(?"?\(?processid\s*=\s*[\'"]?(\d+)[\'"]?\)?"?\)?', re.IGNORECASE)
_FILE = re.compile(r"""datafile\s+where\s+\(?"?\(?name\s*=\s*(?:'([^']*)'|\\?"([^"]*?)\\?")\)?"?\)?""", re.IGNORECASE)
_GET = re.compile(r"\s+get\s+(creationdate|lastmodified)(\s+/(?:value|format:list))?\s*\Z", re.IGNORECASE)
_NAMES = {"creationdate": "CreationDate", "lastmodified": "LastModified"}
_NO_ALIAS, _BAD_QUERY = 44124, -2147217385  # guess


def wmic(invocation: Invocation) -> int:
    r"""Run a query of a process or a file.

    `wmic process where processid=N get creationdate`, `wmic datafile where "name='C:\\X'" get lastmodified`.
    """
    text = invocation.raw.strip()
    process, file = _PROCESS.match(text), _FILE.match(text)
    found = process or file
    get = _GET.fullmatch(text, found.end()) if found else None
    wanted = "creationdate" if process else "lastmodified"
    if found is None or get is None or get.group(1).lower() != wanted:
        return _refused(invocation, text)
    moment = _started(invocation, int(found.group(1)[:9])) if process else _written(invocation, found)
    if moment is None:
        invocation.stderr.text(f"{invocation.words('No Instance(s) Available.')}{_END}")
        invocation.stdout.bytes(b"\r\0\n\0")  # seen: the empty line is UTF-16 even where the message is not
        return 0
    _show(invocation, _NAMES[wanted], _stamp(moment), as_list=bool(get.group(2)))
    return 0


def _refused(invocation: Invocation, text: str) -> int:
    alias = text.partition(" ")[0]
    if alias.lower() not in ("process", "datafile"):
        invocation.stderr.text(f"{invocation.words('{} - Alias not found.', alias)}{_END}")
        return _NO_ALIAS
    host = invocation.machine.hostname.upper()
    invocation.stderr.text(_END.join([f"Node - {host}", "ERROR:", "Description = Invalid query", ""]))
    return _BAD_QUERY


def _started(invocation: Invocation, pid: int) -> datetime | None:
    service = invocation.machine.services.by_pid(pid)
    return service.started if service else None


def _written(invocation: Invocation, found: re.Match[str]) -> datetime | None:
    name = (found.group(1) or found.group(2) or "").replace("\\\\", "\\")
    try:
        place = invocation.drive.locate(invocation.absolute(name))
    except WindowsError:
        return None
    if not place.is_file():
        return None
    return datetime.fromtimestamp(place.stat().st_mtime).astimezone()


def _stamp(moment: datetime) -> str:
    """Return `yyyymmddHHMMSS.ffffff+mmm`, the offset in minutes."""
    offset = moment.utcoffset()
    minutes = round(offset.total_seconds() / 60) if offset else 0
    return f"{moment:%Y%m%d%H%M%S.%f}{minutes:+04d}"


def _show(invocation: Invocation, name: str, value: str, *, as_list: bool) -> None:
    width = max(len(name), len(value)) + 2
    text = f"{name:<{width}}{_END}{value:<{width}}{_END}{_END}"
    if as_list:
        text = f"{_END}{_END}{name}={value}{_END}{_END}{_END}"
    if invocation.stdout.sink.is_file:
        invocation.stdout.bytes(b"\xff\xfe" + text.replace(_END, "\r\n").encode("utf-16-le"))
    else:
        invocation.stdout.text(text)
