"""The parser's position in a line, and the characters it sees from there."""

from __future__ import annotations

from lab.windows import texts
from lab.windows.cmd.lexer import DELIMITERS, SPECIAL, Char, text_of


class CmdSyntaxError(Exception):
    """cmd refuses the whole line and runs nothing of it. The message is cmd's."""


class Cursor:
    """A position in the characters of a line."""

    def __init__(self, chars: list[Char]) -> None:
        self._chars = chars
        self._at = 0
        self._depth = 0  # of open parentheses: only then does `)` close anything

    def _peek(self) -> Char | None:
        return self._chars[self._at] if self._at < len(self._chars) else None

    def _ended(self) -> bool:
        return self._at >= len(self._chars)

    def _char_at(self, at: int, wanted: str) -> bool:
        return at < len(self._chars) and self._chars[at].is_one_of(wanted)

    def _closing(self) -> bool:
        return self._depth > 0 and self._char_at(self._at, ")")

    def _operator(self) -> str:
        char = self._peek()
        if char is None or not char.is_one_of("&|"):
            return ""
        following = self._chars[self._at + 1 : self._at + 2]
        doubled = bool(following) and following[0].is_one_of(char.value)
        return char.value * 2 if doubled else char.value

    def _skip(self) -> bool:
        start = self._at
        while (char := self._peek()) is not None and char.is_one_of(DELIMITERS):
            self._at += 1
        return self._at > start

    def _silencer(self) -> bool:
        silenced = self._char_at(self._at, "@")
        self._at += silenced
        return silenced

    def _next_word(self, *, take: bool = False) -> str:
        """Return the next word, up to a delimiter or operator; empty at the end. The cursor moves only if asked."""
        start = self._at
        self._skip()
        first = self._at
        while (char := self._peek()) is not None:
            ends = char.is_one_of("&|<>") or char.is_one_of(DELIMITERS) or self._closing()
            if ends or (char.is_one_of("(") and self._at == first):
                break
            self._at += 1
        word = text_of(self._chars[first : self._at])
        if not take:
            self._at = start
        return word

    def _unexpected(self) -> CmdSyntaxError:
        if self._operator():
            return CmdSyntaxError(texts.UNEXPECTED.format(self._operator()))
        word = self._next_word() or next((c.value for c in self._chars[self._at :] if c.is_one_of(SPECIAL)), "")
        return CmdSyntaxError(texts.UNEXPECTED.format(word) if word else texts.SYNTAX)
