"""The conditions of IF."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from lab.windows.cmd.expansion import variable
from lab.windows.cmd.nodes import Condition
from lab.windows.invocation import Session
from lab.windows.paths import Drive, WindowsError, basename, is_nul

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "equ": operator.eq,
    "neq": operator.ne,
    "lss": operator.lt,
    "leq": operator.le,
    "gtr": operator.gt,
    "geq": operator.ge,
}
_NUMBER = re.compile(r"-?(0x[0-9a-f]{1,16}|[0-9]{1,18})\Z", re.IGNORECASE)
_EXTENSIONS = 2  # CMDEXTVERSION


def holds(condition: Condition, drive: Drive, session: Session) -> bool:
    """True if the condition is met, with its NOT taken into account."""
    return _asked(condition, drive, session) != condition.negated


def _asked(condition: Condition, drive: Drive, session: Session) -> bool:
    left, right = condition.left, condition.right
    if condition.kind == "exist":
        return _exists(left.replace('"', ""), drive, session)
    if condition.kind == "defined":
        return variable(left.replace('"', ""), session) is not None
    if condition.kind in ("errorlevel", "cmdextversion"):
        reached = session.errorlevel if condition.kind == "errorlevel" else _EXTENSIONS
        return reached >= (_number(left) or 0)
    if condition.fold_case:
        left, right = left.lower(), right.lower()
    if condition.kind == "==":
        return left == right
    numbers = _number(left), _number(right)
    if None in numbers:
        return _COMPARE[condition.kind](left, right)
    return _COMPARE[condition.kind](*numbers)


def _exists(path: str, drive: Drive, session: Session) -> bool:
    try:
        if is_nul(path):  # the device is in every existing folder
            folder = path[: len(path) - len(basename(path))]
            return drive.is_folder(drive.absolute(folder or ".", session.directory))
        absolute = drive.absolute(path, session.directory)
        # A trailing backslash requires a folder.
        return drive.is_folder(absolute) if path.endswith(("\\", "/")) else drive.exists(absolute)
    except WindowsError:
        return False


def _number(text: str) -> int | None:
    if not _NUMBER.match(text):
        return None
    return int(text, 16) if "x" in text.lower() else int(text)
