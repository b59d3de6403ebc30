"""The quotes in the line of `cmd /c`: which are kept and which are removed (see `cmd /?`)."""

from __future__ import annotations

from collections.abc import Callable

_SPECIAL = set("&<>()@^|")


def stripped(line: str, is_executable: Callable[[str], bool], *, always: bool = False) -> str:
    """Return the line to run. `always` is `/s`.

    Quotes are kept only if there are exactly two, with a blank and none of `&<>()@^|` between them, and the string
    between them is an executable's name. Otherwise a quote at the beginning is removed, and the last one of the line.
    """
    text = line.lstrip(" \t")
    if not text.startswith('"'):
        return line
    inner, _, rest = text[1:].rpartition('"')
    if not _ and not always:  # a lone quote at the start
        return text[1:]
    if not always and text.count('"') == 2 and not _SPECIAL & set(inner) and {" ", "\t"} & set(inner):
        first = text[1:].partition('"')[0]
        if is_executable(first):
            return line
    return inner + rest if _ else rest
