r"""Paths as Windows compares them: `"C:/Cisco/CVP\"` and `c:\cisco\\cvp` are one folder."""

from __future__ import annotations

import ntpath
import re

_SHORT = re.compile(r"~[0-9]")  # of an 8.3 name
_LITERAL = re.compile(r"^\\\\\?\\(UNC(?=\\))?")  # the prefix that switches limits off
_LONGEST = 1024  # characters of a path that a command line still holds several times
_NOT_IN_A_PATH = re.compile(r'[<>"|?*%\x00-\x1f]')


def cleaned(value: str) -> str:
    """A path as somebody has typed it, without quotes, blanks around it, doubled and last separators, and slashes."""
    text = value.replace('"', "").strip().replace("/", "\\")
    if len(text) > _LONGEST:
        return text
    if found := _LITERAL.match(text):
        text = ("\\" if found[1] else "") + text[found.end() :]
    return ntpath.normpath(text) if text else ""


def is_absolute(path: str) -> bool:
    r"""True if a cleaned path names one place whatever the current folder is: `C:\x` or `\\server\share`."""
    return re.match(r"[A-Za-z]:\\|\\\\[^\\]+\\[^\\]", path) is not None


def is_a_path(path: str) -> bool:
    """True if a path could be one: no wildcard, no unexpanded variable, of a length that Windows' own tools take."""
    return len(path) <= _LONGEST and _NOT_IN_A_PATH.search(path) is None


def same_spelling(one: str, other: str) -> bool:
    r"""True if Windows takes both for one path, whatever lies there: `C:/Cisco/` and `c:\cisco`."""
    return _folded(one) == _folded(other)


def may_be_short(path: str) -> bool:
    r"""True if an 8.3 name may stand in a path (`C:\PROGRA~1`): then only its host knows the folder it stands for."""
    return _SHORT.search(path) is not None


def _folded(path: str) -> str:
    """A path for comparison. NTFS folds letter by letter; blanks and dots at the end of a name are dropped."""
    names = (name.rstrip(" .") or name for name in cleaned(path).split("\\"))
    return "\\".join(
        "".join(letter.upper() if len(letter.upper()) == 1 else letter for letter in name) for name in names
    )
