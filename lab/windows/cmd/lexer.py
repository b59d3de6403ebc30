"""Quotes and carets: they decide which characters of a line keep their meaning for the parser."""

from __future__ import annotations

from dataclasses import dataclass

DELIMITERS = frozenset(" \t,;=\v\f\xa0")
SPECIAL = frozenset("&|<>()")


@dataclass(frozen=True)
class Char:
    """A character; `plain` if quotes or a caret took away its special meaning."""

    value: str
    plain: bool

    def is_one_of(self, wanted: frozenset[str] | str) -> bool:
        """True if it is one of these and has its special meaning."""
        return not self.plain and self.value in wanted


def lexed(line: str) -> list[Char]:
    """Return the characters up to the first line feed or NUL: `cmd /c` runs one line.

    Escaping carets are removed, quotes are kept.
    """
    text = line.partition("\n")[0].partition("\0")[0].replace("\r", "")
    chars: list[Char] = []
    quoted = escaped = False
    for value in text:
        if escaped:
            chars.append(Char(value, plain=True))
            escaped = False
        elif value == "^" and not quoted:
            escaped = True
        else:
            if value == '"':
                quoted = not quoted
            chars.append(Char(value, plain=quoted or value == '"'))
    return chars


def text_of(chars: list[Char]) -> str:
    """Return the characters as text."""
    return "".join(char.value for char in chars)
