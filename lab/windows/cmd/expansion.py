"""`%VAR%` on a command line: the first step, before anything is parsed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from datetime import datetime

from lab.windows.invocation import Session

_NUMBER = re.compile(r"\s*([+-]?)(0x[0-9a-f]+|\d*)", re.IGNORECASE)


def expanded(line: str, session: Session) -> str:
    """Return the line with its variables' values; undefined ones stay as typed (unlike in a batch file)."""
    pieces: list[str] = []
    position = 0
    while position < len(line):
        start = line.find("%", position)
        if start < 0:
            break
        pieces.append(line[position:start])
        value, position = _one(line, start, session)
        pieces.append(value)
    pieces.append(line[position:])
    return "".join(pieces)


def _one(line: str, start: int, session: Session) -> tuple[str, int]:
    """Return the text for the percent sign at `start`, and where to go on."""
    end = _first(line, start + 1, "%:")
    if line[end : end + 2] == ":%":
        end += 1  # a name may end in a colon
    value = variable(line[start + 1 : end], session)
    if value is None or end >= len(line):
        return "%", start + 1
    if line[end] == "%":
        return value, end + 1
    close = line.find("%", end + 1)
    changed = None if close < 0 else modified(value, line[end + 1 : close])
    if changed is None:
        return "%", start + 1
    return changed, close + 1


def _first(line: str, start: int, wanted: str) -> int:
    return min((at for at in (line.find(one, start) for one in wanted) if at >= 0), default=len(line))


_DYNAMIC: Mapping[str, Callable[[Session], str]] = {
    "CD": lambda session: session.directory,
    "ERRORLEVEL": lambda session: str(session.errorlevel),
    "DATE": lambda _session: datetime.now().astimezone().strftime("%a %m/%d/%Y"),
    "TIME": lambda _session: _time(datetime.now().astimezone()),
    "RANDOM": lambda _session: str(random.randrange(32768)),  # noqa: S311 - not a secret
    "CMDEXTVERSION": lambda _session: "2",
}


def _time(now: datetime) -> str:
    return f"{now.hour:2}:{now:%M:%S}.{now.microsecond // 10000:02}"


def variable(name: str, session: Session) -> str | None:
    """Return the value of a variable; None if there is none.

    If the environment lacks the name, one of cmd's own variables is used.
    """
    if name in session.environment:
        return session.environment[name]
    dynamic = _DYNAMIC.get(name.upper())
    return dynamic(session) if dynamic else None


def modified(value: str, change: str) -> str | None:
    """Return the value after `~from,length` or `old=new`; None if the change is neither (the text then stays)."""
    if change.startswith("~"):
        return _substring(value, change[1:])
    old, equals, new = change.partition("=")
    if not old or not equals:
        return None
    if old.startswith("*") and len(old) > 1:
        at = value.lower().find(old[1:].lower())
        return value if at < 0 else new + value[at + len(old) - 1 :]
    return re.sub(re.escape(old), lambda _found: new, value, flags=re.IGNORECASE)


def _substring(value: str, bounds: str) -> str:
    first, comma, second = bounds.partition(",")
    start = _integer(first)
    start = max(0, start + len(value)) if start < 0 else min(start, len(value))
    if not comma:
        return value[start:]
    length = _integer(second)
    end = len(value) + length if length < 0 else start + length
    return value[start : max(start, end)]


def _integer(text: str) -> int:
    found = _NUMBER.match(text)
    sign, digits = found.groups() if found else ("", "")
    if not digits:
        return 0
    base = 16 if digits[:2].lower() == "0x" else 8 if digits.startswith("0") and digits.strip("01234567") == "" else 10
    return int(digits[:20], base) * (-1 if sign == "-" else 1)
