"""The C runtime's rules for cutting a command line into arguments."""

from __future__ import annotations

import re

_PIECE = re.compile(r'(\\*)(""|"|[^\\"]|$)', re.DOTALL)


def split(text: str) -> list[str]:
    """Return the arguments as MSVCRT (2008 and later) passes them to main.

    2n backslashes before a quote are n backslashes and the quote counts; 2n+1 are n backslashes and a literal quote;
    a doubled quote inside quotes is a literal one. Backslashes elsewhere mean themselves.
    """
    arguments: list[str] = []
    position = 0
    while True:
        while position < len(text) and text[position] in " \t":
            position += 1
        if position >= len(text):
            return arguments
        argument, position = _one(text, position)
        arguments.append(argument)


def _one(text: str, position: int) -> tuple[str, int]:
    taken: list[str] = []
    quoted = False
    while position < len(text):
        if not quoted and text[position] in " \t":
            break
        found = _PIECE.match(text, position)
        if found is None:  # pragma: no cover - the pattern matches at every position
            break
        slashes, piece = found.groups()
        if not piece.startswith('"'):
            taken.append(slashes + piece)
            position = found.end()
            if not piece:
                break
            if not quoted and piece in " \t":  # backslashes before a blank: the blank ends the argument
                taken[-1] = slashes
                break
            continue
        taken.append("\\" * (len(slashes) // 2))
        position += len(slashes) + 1
        if len(slashes) % 2:
            taken.append('"')
        elif quoted and piece == '""':
            taken.append('"')
            position += 1
        else:
            quoted = not quoted
    return "".join(taken), position


def join(arguments: list[str]) -> str:
    """Return a command line that `split` cuts into these arguments again."""
    return " ".join(_quoted(argument) for argument in arguments)


def _quoted(argument: str) -> str:
    escaped = re.sub(r'(\\*)"', r'\1\1\\"', argument)
    escaped = re.sub(r"(\\+)$", r"\1\1", escaped)
    return f'"{escaped}"'


def switches(text: str) -> tuple[list[str], list[str]]:
    """Return switches (`/x`, lower-cased, without the slash) and names, cut as by cmd's own commands and xcopy.

    A switch may hang on a name or on another switch (`copy a b/y`, `/o/h`); quotes keep blanks together and go.
    """
    found: list[str] = []
    names: list[str] = []
    for word in re.findall(r'(?:"[^"]*"?|[^\s"])+', text):
        head, *tail = _slashes(word)
        if head:
            names.append(head.replace('"', ""))
        found += [switch.replace('"', "").lower() for switch in tail]
    return found, names


def _slashes(word: str) -> list[str]:
    """Return the word cut at its slashes, except for those in quotes."""
    return re.split(r'/(?=(?:[^"]*"[^"]*")*[^"]*$)', word)
