"""The parser: from characters to commands."""

from __future__ import annotations

from typing import Literal

from lab.windows import texts
from lab.windows.cmd import nodes
from lab.windows.cmd.cursor import CmdSyntaxError, Cursor
from lab.windows.cmd.lexer import DELIMITERS, Char, lexed, text_of

_HANDLES = "0123456789"
_DEEPEST = 50  # blocks within blocks: a line of 8191 parentheses is refused instead of exceeding Python's own limit
_COMPARISONS = ("equ", "neq", "lss", "leq", "gtr", "geq")
_OPERATORS: tuple[Literal["&", "||", "&&", "|"], ...] = ("&", "||", "&&", "|")  # from the weakest


def parsed(line: str) -> nodes.Node:
    """Return the commands of a line; raises CmdSyntaxError."""
    parser = _Parser(lexed(line))
    return parser.whole()


class _Parser(Cursor):
    """A parser that goes through the characters once, looking one token ahead."""

    _nesting = 0

    def whole(self) -> nodes.Node:
        self._skip()
        if self._ended():
            return nodes.Nothing()
        node = self._chain(0)
        self._skip()
        if not self._ended():
            raise self._unexpected()
        return node

    # The chain: a line of commands joined by operators, weakest first.

    def _chain(self, level: int) -> nodes.Node:
        if level == len(_OPERATORS):
            return self._command()
        operator = _OPERATORS[level]
        left = self._chain(level + 1)
        while self._operator() == operator:
            self._at += len(operator)
            self._skip()
            if operator == "&" and (self._ended() or self._closing()):  # `a &` is a whole line
                return left
            left = nodes.Chain(operator, left, self._chain(level + 1))
        return left

    # One command.

    def _command(self) -> nodes.Node:
        self._nesting += 1
        if self._nesting > _DEEPEST:
            raise CmdSyntaxError(texts.SYNTAX)
        try:
            return self._one_command()
        finally:
            self._nesting -= 1

    def _one_command(self) -> nodes.Node:
        redirections: list[nodes.Redirection] = []
        while self._skip() or self._silencer() or self._redirection(redirections, []):
            pass
        char = self._peek()
        if redirections and (char is None or self._operator() or self._closing()):
            return nodes.Simple("", tuple(redirections))  # makes or empties the file
        if char is None:
            raise CmdSyntaxError(texts.SYNTAX)
        if char.is_one_of("("):
            return self._block(redirections)
        if char.is_one_of("&|)"):
            raise self._unexpected()
        word = self._keyword()
        if word == "rem":
            self._at = len(self._chars)
            return nodes.Nothing()
        if word == "if":
            return self._if()
        if word == "for":
            return self._for()
        return self._simple(redirections)

    def _block(self, redirections: list[nodes.Redirection]) -> nodes.Node:
        self._at += 1
        self._depth += 1
        body = self._chain(0)
        self._skip()
        if not self._closing():
            raise CmdSyntaxError("") if self._ended() else self._unexpected()
        self._at += 1
        self._depth -= 1
        while self._skip() or self._redirection(redirections, []):
            pass
        if not (self._ended() or self._closing() or self._operator() or self._next_word().lower() == "else"):
            raise self._unexpected()
        return nodes.Block(body, tuple(redirections))

    def _simple(self, redirections: list[nodes.Redirection]) -> nodes.Node:
        taken: list[Char] = []
        while not (self._ended() or self._operator() or self._closing()):
            if self._redirection(redirections, taken):
                continue
            taken.append(self._chars[self._at])
            self._at += 1
        return nodes.Simple(text_of(taken), tuple(redirections))

    def _redirection(self, found: list[nodes.Redirection], taken: list[Char]) -> bool:
        """Parse a redirection, if there is one here; a digit before it is moved from `taken` to it."""
        at, number = self._at, ""
        if not taken and self._char_at(at, _HANDLES) and self._char_at(at + 1, "<>"):
            number, at = self._chars[at].value, at + 1
        if not self._char_at(at, "<>"):
            return False
        if taken and taken[-1].is_one_of(_HANDLES) and (len(taken) == 1 or taken[-2].is_one_of(DELIMITERS)):
            number = taken.pop().value
        sign = self._chars[at].value
        self._at = at + 1
        mode: Literal["<", ">", ">>", "&"] = "<" if sign == "<" else ">"
        if sign == ">" and self._char_at(self._at, ">"):
            mode, self._at = ">>", self._at + 1
        handle = int(number) if number else int(sign == ">")
        if self._char_at(self._at, "&"):
            mode, self._at = "&", self._at + 1
        target = self._next_word(take=True)
        if not target:
            raise self._unexpected()
        if mode == "&" and target not in _HANDLES:
            raise CmdSyntaxError(texts.UNEXPECTED.format(target))
        found.append(nodes.Redirection(handle, mode, target.replace('"', "")))
        return True

    # IF and FOR.

    def _if(self) -> nodes.Node:
        negated = fold_case = False
        word = self._next_word(take=True)
        while word.lower() in ("/i", "not"):
            fold_case = fold_case or word.lower() == "/i"
            negated = negated or word.lower() == "not"
            word = self._next_word(take=True)
        condition = self._condition(word, negated=negated, fold_case=fold_case)
        self._skip()
        if self._ended():
            raise CmdSyntaxError(texts.SYNTAX)
        then = self._chain(0)
        if isinstance(then, nodes.Block) and self._next_word().lower() == "else":
            self._next_word(take=True)
            return nodes.If(condition, then, self._chain(0))
        return nodes.If(condition, then)

    def _condition(self, word: str, *, negated: bool, fold_case: bool) -> nodes.Condition:
        kind = word.lower()
        if kind in ("exist", "defined", "errorlevel", "cmdextversion"):
            value = self._next_word(take=True)
            if not value:
                raise CmdSyntaxError(texts.SYNTAX)
            return nodes.Condition(kind, value, "", negated, fold_case)
        operator = self._comparison()
        right = self._next_word(take=True)
        if not word or not right:
            raise CmdSyntaxError(texts.SYNTAX)
        return nodes.Condition(operator, word, right, negated, fold_case)

    def _comparison(self) -> str:
        while (char := self._peek()) is not None and char.is_one_of(DELIMITERS) and char.value != "=":
            self._at += 1
        if self._char_at(self._at, "=") and self._char_at(self._at + 1, "="):
            self._at += 2
            return "=="
        operator = self._next_word(take=True).lower()
        if operator not in _COMPARISONS:
            raise CmdSyntaxError(texts.UNEXPECTED.format(operator) if operator else texts.SYNTAX)
        return operator

    def _for(self) -> nodes.Node:
        switch = options = ""
        word = self._next_word(take=True)
        if word.startswith("/"):
            switch = word[1:].lower()
            word = self._next_word(take=True)
            if switch == "f" and not word.startswith("%"):
                options, word = word, self._next_word(take=True)
        if len(word) != 2 or word[0] != "%":
            raise CmdSyntaxError(texts.UNEXPECTED.format(word) if word else texts.SYNTAX)
        if self._next_word(take=True).lower() != "in":
            raise CmdSyntaxError(texts.SYNTAX)
        items = self._items()
        if self._next_word(take=True).lower() != "do":
            raise CmdSyntaxError(texts.SYNTAX)
        self._skip()
        if self._ended():
            raise CmdSyntaxError(texts.SYNTAX)
        return nodes.For(switch, options.strip('"'), word[1], items, self._chain(0))

    def _items(self) -> str:
        self._skip()
        if not self._char_at(self._at, "("):
            raise self._unexpected()
        end = next((at for at in range(self._at, len(self._chars)) if self._char_at(at, ")")), None)
        if end is None:
            raise CmdSyntaxError("")
        inner = self._chars[self._at + 1 : end]
        self._at = end + 1
        return text_of(inner)

    def _keyword(self) -> str:
        word = self._next_word().lower()
        if word in ("if", "for", "rem"):
            self._next_word(take=True)
            return word
        return ""
