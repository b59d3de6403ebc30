"""The program `fc`."""

from __future__ import annotations

import difflib

from lab.windows.arguments import switches
from lab.windows.invocation import Invocation
from lab.windows.paths import WindowsError, has_wildcard

_SWITCHES = frozenset("abclntw")
_SAME, _DIFFERENT, _CANNOT_OPEN, _USAGE = 0, 1, 2, -1  # guess: the last


def fc(invocation: Invocation) -> int:
    """Run `fc [/b] A B`; return 0 for equal files, 1 for different ones, 2 if one cannot be opened."""
    found, names = switches(invocation.raw)
    if set(found) - _SWITCHES or len(names) != 2 or any(has_wildcard(name) for name in names):
        invocation.stderr.line(
            "FC: Invalid Switch" if set(found) - _SWITCHES else "FC: Insufficient number of file specifications"
        )
        return _USAGE
    contents: list[bytes] = []
    for name in names:
        try:
            contents.append(invocation.read(invocation.absolute(name)))
        except WindowsError:
            invocation.stdout.line(invocation.words("FC: cannot open {} - No such file or folder", name.upper()))
            return _CANNOT_OPEN
    first, second = contents
    # The second name is printed in capitals (seen on real hosts).
    invocation.stdout.line(invocation.words("Comparing files {} and {}", names[0], names[1].upper()))
    if first == second:
        invocation.stdout.lines(invocation.words("FC: no differences encountered") + "\n\n")
        return _SAME
    report = _bytes if "b" in found else _lines
    report(invocation, names, first, second)
    return _DIFFERENT


def _bytes(invocation: Invocation, names: list[str], first: bytes, second: bytes) -> None:
    for offset, (left, right) in enumerate(zip(first, second, strict=False)):
        if left != right:
            invocation.stdout.line(f"{offset:08X}: {left:02X} {right:02X}")
    if len(first) != len(second):
        longer, shorter = names if len(first) > len(second) else names[::-1]
        invocation.stdout.line(invocation.words("FC: {} longer than {}", longer.upper(), shorter.upper()))
    invocation.stdout.line()


def _lines(invocation: Invocation, names: list[str], first: bytes, second: bytes) -> None:
    left, right = first.splitlines(), second.splitlines()
    for tag, start, end, other, last in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for name, lines in (
            (names[0], left[max(0, start - 1) : end + 1]),
            (names[1].upper(), right[max(0, other - 1) : last + 1]),
        ):
            invocation.stdout.line(f"***** {name}")
            for line in lines:
                invocation.stdout.bytes(line + b"\r\n")
        invocation.stdout.lines("*****\n\n")
