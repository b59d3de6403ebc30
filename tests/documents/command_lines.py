"""What a line for cmd.exe must not lean on, because readings of cmd.exe (or of the C runtime) disagree about it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fixtures.connections.command import Command, Success

_QUOTED = re.compile(r'"[^"]*"')
_VALUE = re.compile(r"%\w+%")
_HANDLE = re.compile(r"[^\s]\d>")
# Operators divide a line into commands; FOR's and IF's own words stand before the one that they run.
_OPERATOR = re.compile(r"&&|\|\||[&|]")
_BEFORE_A_COMMAND = re.compile(
    r'^[@\s]*(?:(?:for %\w in \([^)]*\) do|if (?:not )?(?:exist|defined) (?:"[^"]*"|\S+))\s+@?)*'
)
_UNCONDITIONAL = re.compile(r"(?<!&)&(?!&)")
_SWITCHES_FIRST = ("xcopy", "del", "move", "rmdir", "fc", "dir")  # icacls and reg take the name first


def objections(text: str) -> Iterator[str]:
    """Why a line is not taken in the same way everywhere; none when it is."""
    bare = _QUOTED.sub('""', text)
    if not text.startswith("@"):
        yield "does not start with an at sign: a first quote would be stripped"
    if '\\"' in text:
        yield "a backslash before a quote: the C runtime takes it for an escape"
    if text.count('"') % 2:
        yield "a quote without its other half"
    if _HANDLE.search(bare):
        yield "a digit before a redirection may be taken for its handle"
    for part in _OPERATOR.split(bare):
        yield from _of_a_command(_BEFORE_A_COMMAND.sub("", part))


def _of_a_command(text: str) -> Iterator[str]:
    redirected = re.match(r'(?:\d?>{1,2}\s*""\s*)+', text)
    word, _, rest = text[redirected.end() if redirected else 0 :].partition(" ")
    if word == "echo" and ">" in rest:
        yield "a redirection behind echo: a value before it may end in a digit, blanks stay"
    if word in _SWITCHES_FIRST and re.search(r'""\s+/', rest):
        yield f"a switch behind a name: {word}'s switches come first"
    if word != "echo" and _VALUE.search(rest):
        yield "a value without quotes: it may hold blanks and operators"


def success_objections(text: str, success: Success) -> Iterator[str]:
    """Why an answer to a line cannot be judged by its success alone."""
    if not _UNCONDITIONAL.search(_QUOTED.sub('""', text)):
        return
    if not success.exit_codes >= {0, 1}:
        yield "of `A & B` one reading gives B's exit code, another A's: 0 and 1 must both do"


def change_objections(command: Command) -> Iterator[str]:
    """Why it cannot be told whether a change was made."""
    if command.changes and _UNCONDITIONAL.search(_QUOTED.sub('""', command.text)) and not command.success.prints:
        yield "of `A & B` no exit code tells anything: a word must be printed"
    if command.changes and re.search(r"\bdel\b[^&]*&& echo", command.text) and "move" not in command.text:
        yield "del gives 0 whatever it did: the effect must be looked at"
