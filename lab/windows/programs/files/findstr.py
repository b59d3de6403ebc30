"""The program `findstr`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lab.windows.invocation import Invocation
from lab.windows.paths import WindowsError, basename, has_wildcard
from lab.windows.streams import encoding_of

_FLAGS = frozenset("belrixvnm")
_BAD_LINE = 2
_META = re.compile(r"\\.|[.*^$\[]|\\<|\\>", re.DOTALL)
_TOKEN = re.compile(r"\\[<>]|\\.|\[(?:\\.|[^\]])+\]|.", re.DOTALL)
_OPERATORS = {".": r"[^\r\n]", "*": "*", "^": "^", "$": "$", r"\<": r"\b(?=\w)", r"\>": r"\b(?<=\w)"}


class _BadLineError(Exception):
    """FINDSTR: Bad command line."""


@dataclass
class _Search:
    flags: set[str] = field(default_factory=set)
    patterns: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    literal: bool = False


def findstr(invocation: Invocation) -> int:
    """Run `findstr [/b /e /i /x /v /n /m /l /r] [/c:]TEXT [NAME...]`; return 0 if a line matches, 1 if none does."""
    try:
        search = _understood(invocation.args)
    except _BadLineError:
        invocation.stderr.line(invocation.words("FINDSTR: Bad command line"))
        return _BAD_LINE
    wanted = _expression(search, encoding_of(invocation.session.codepage))
    if not search.names:
        return 0 if _matches(invocation, search, wanted, invocation.stdin.read(), "") else 1
    hits = 0
    for name in search.names:
        try:
            hits += _in_files(invocation, search, wanted, name)
        except WindowsError:
            invocation.stderr.line(invocation.words("FINDSTR: Cannot open {}", name))
    return 0 if hits else 1


def _in_files(invocation: Invocation, search: _Search, wanted: re.Pattern[bytes], name: str) -> int:
    several = len(search.names) > 1 or has_wildcard(name)
    paths = list(invocation.drive.matching(invocation.absolute(name)))
    if not paths:
        raise WindowsError(2)
    hits = 0
    for path in paths:
        shown = name[: len(name) - len(basename(name))] + basename(path) if has_wildcard(name) else name
        hits += _matches(invocation, search, wanted, invocation.read(path), shown if several else "")
    return hits


def _understood(arguments: list[str]) -> _Search:
    search = _Search()
    literal: list[str] = []
    rest = list(arguments)
    while rest and rest[0].startswith("/"):
        option = rest.pop(0)[1:]
        if option[:2].lower() == "c:":
            literal.append(option[2:])
        elif option and set(option.lower()) <= _FLAGS:
            search.flags |= set(option.lower())
        else:
            raise _BadLineError
    if not literal:
        if not rest:
            raise _BadLineError
        search.patterns = rest.pop(0).split() or [""]
    search.patterns += literal
    # /c: is literal; other strings are expressions once one of them has a metacharacter
    expressions = "r" in search.flags or (not literal and any(_META.search(text) for text in search.patterns))
    search.literal = "l" in search.flags or not expressions
    search.names = rest
    return search


def _expression(search: _Search, encoding: str) -> re.Pattern[bytes]:
    sources = []
    for pattern in search.patterns:
        body = re.escape(pattern) if search.literal else _translated(pattern)
        start = "^" if search.flags & {"b", "x"} else ""
        end = "$" if search.flags & {"e", "x"} else ""
        sources.append(f"{start}(?:{body}){end}")
    flags = re.IGNORECASE if "i" in search.flags else 0
    try:
        return re.compile("|".join(sources).encode(encoding, "replace"), flags)
    except re.error:  # an expression of Python's that is none for FINDSTR: take it literally
        return re.compile(b"|".join(re.escape(one.encode(encoding, "replace")) for one in search.patterns), flags)


def _translated(pattern: str) -> str:
    pieces: list[str] = []
    for piece in _TOKEN.findall(pattern):
        if piece == "*" and (not pieces or pieces[-1] == "^"):
            pieces.append(r"\*")
        elif piece in _OPERATORS:
            pieces.append(_OPERATORS[piece])
        elif piece.startswith("[") and len(piece) > 2:
            negated = "^" if piece[1] == "^" and len(piece) > 3 else ""
            pieces.append(f"[{negated}" + re.sub(r"([\[\]\\&~|])", r"\\\1", piece[1 + len(negated) : -1]) + "]")
        else:
            pieces.append(re.escape(piece[1:] if len(piece) == 2 and piece[0] == "\\" else piece))
    return "".join(pieces)


def _matches(invocation: Invocation, search: _Search, wanted: re.Pattern[bytes], data: bytes, name: str) -> int:
    """Print the matching lines (or the file's name once, with /m); return their number."""
    hits = 0
    prefix = f"{name}:" if name else ""
    lines = data.split(b"\n")
    for number, line in enumerate(lines if lines[-1] else lines[:-1], 1):
        text = line.removesuffix(b"\r")
        if bool(wanted.search(text)) == ("v" in search.flags):
            continue
        hits += 1
        if "m" not in search.flags:
            invocation.stdout.text(prefix + (f"{number}:" if "n" in search.flags else ""))
            invocation.stdout.bytes(text + b"\r\n")
    if hits and "m" in search.flags:
        invocation.stdout.line(name or search.names[0] if search.names else "")
    return hits
