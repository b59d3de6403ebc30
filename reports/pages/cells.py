"""Texts measured in the columns of a terminal: a Chinese or Japanese character takes two."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from fixtures.system.visible import visible

# Characters that no line may begin with, and that none may end with, if a text has no blanks to break at.
_NOT_FIRST = "、。，．：；？！）］｝」』】》〉・ー…々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ%％”’,.:;?!)]}"
_NOT_LAST = "（［｛「『【《〈“‘([{"
_MORE = ".."  # at the end of a line that was clipped


def width(text: str) -> int:
    """Return the number of columns that a text takes."""
    return sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def left(text: str, columns: int) -> str:
    """Return the text aligned left in so many columns."""
    return text + " " * (columns - width(text))


def right(text: str, columns: int) -> str:
    """Return the text aligned right in so many columns."""
    return " " * (columns - width(text)) + text


def clipped(line: str, columns: int) -> str:
    """Return the line with invisible characters escaped, clipped to at most so many columns."""
    room = columns
    kept: list[str] = []
    for character in visible(line):
        shown = character if character.isprintable() else "?"  # private or unassigned: its width is not known
        room -= _cells(shown)
        if room < 0:
            while width("".join(kept)) > columns - len(_MORE):  # a combining character has no width
                kept.pop()
            return "".join(kept) + _MORE
        kept.append(shown)
    return "".join(kept)


def wrapped(text: str, columns: int, indent: int = 0) -> list[str]:
    """Break a text into lines of at most so many columns; a word without a place to break stays whole.

    The first line is indented by `indent`, the others by two blanks more.
    """
    lines: list[str] = []
    line, blank = " " * indent, False
    empty = True
    for word in visible(text, block=True).split():
        for place, piece in enumerate(_pieces(word)):
            blank = place == 0 and not empty
            if not empty and width(line) + blank + width(piece) > columns:
                lines.append(line)
                line, empty, blank = " " * (indent + 2), True, False
            line += " " * blank + piece
            empty = False
    return lines if empty else [*lines, line]


def _pieces(word: str) -> Iterator[str]:
    """Yield the parts of a word that may stand on separate lines: it breaks only beside wide characters."""
    start = 0
    for place in range(1, len(word)):
        before, after = word[place - 1], word[place]
        beside_wide = _cells(before) == 2 or _cells(after) == 2
        counted = before.isdecimal() or after.isdecimal()  # a number stays with the word beside it
        if beside_wide and not counted and after not in _NOT_FIRST and before not in _NOT_LAST:
            yield word[start:place]
            start = place
    yield word[start:]
