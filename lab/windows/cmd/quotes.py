"""The treatment of the quotes in the line of `cmd /c` (`cmd /?` documents it)."""

from __future__ import annotations

from collections.abc import Callable

_SPECIAL = set("&<>()@^|")


def stripped(line: str, is_executable: Callable[[str], bool], *, always: bool = False) -> str:
    """Return the line that is run. `always` is `/s`.

    Quotes stay only if there are exactly two, none of `&<>()@^|` stands between them, a blank does, and the string
    between them is an executable's name. Else a first quote goes, with the last one of the line.
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
