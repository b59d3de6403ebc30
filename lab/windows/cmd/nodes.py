"""A parsed line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True)
class Redirection:
    """`handle` is 0, 1, 2 …; `mode` one of `<`, `>`, `>>`, `&` (a copy of the handle that `target` names)."""

    handle: int
    mode: Literal["<", ">", ">>", "&"]
    target: str


@dataclass(frozen=True)
class Simple:
    """A command and its arguments, without carets and redirections, with all blanks."""

    text: str
    redirections: tuple[Redirection, ...] = ()


@dataclass(frozen=True)
class Block:
    """`( ... )`."""

    body: Node
    redirections: tuple[Redirection, ...] = ()


@dataclass(frozen=True)
class Chain:
    """Two commands and the operator between them."""

    operator: Literal["&", "&&", "||", "|"]
    left: Node
    right: Node


@dataclass(frozen=True)
class Condition:
    """An IF's condition: `kind` is exist, defined, errorlevel, cmdextversion, or a comparison (`==`, `equ`, ...)."""

    kind: str
    left: str
    right: str = ""
    negated: bool = False
    fold_case: bool = False


@dataclass(frozen=True)
class If:
    """IF, with ELSE if there is one."""

    condition: Condition
    then: Node
    otherwise: Node | None = None


@dataclass(frozen=True)
class For:
    """`switch` is empty, `f` or `l`; `items` is the text in the parentheses."""

    switch: str
    options: str
    variable: str
    items: str
    body: Node


@dataclass(frozen=True)
class Nothing:
    """REM, or an empty line."""


Node: TypeAlias = Simple | Block | Chain | If | For | Nothing
