"""A keytool line taken apart, and the options in which two of them differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# Options of keytool's that take no value; the first five are its subcommands.
_SUBCOMMANDS: Final = frozenset({"list", "delete", "genkeypair", "export", "import", "importkeystore"})
_BARE: Final = _SUBCOMMANDS | {"v", "rfc", "noprompt", "trustcacerts"}
_WORD: Final = re.compile(r'"[^"]*"|\S+')
# A staged copy, for the live store that it takes the place of: the folder beside the store's own.
_STAGED: Final = re.compile(r"\\runbook-%RUNBOOK_CHANGE%\\staged\\")
_PLACEHOLDER: Final = "XXXX"


@dataclass(frozen=True)
class KeytoolLine:
    """What a keytool line asks for. `options` without subcommand, alias; `-J` options as one; `stray`: left over."""

    program: str
    subcommand: str
    alias: str
    options: dict[str, str]
    stray: tuple[str, ...]

    @property
    def staged(self) -> bool:
        """Whether it works on a staged copy."""
        return bool(_STAGED.search(self.options.get("keystore", "")))

    def compared(self) -> dict[str, str]:
        """What two lines are compared by; a staged copy counts as the live store, and as `staged`."""
        live = _STAGED.sub(lambda _: r"\security" + "\\", self.options.get("keystore", ""))
        extra = {"staged": "yes"} if self.staged else {}
        stray = {"stray": " ".join(self.stray)} if self.stray else {}
        return {**self.options, "keystore": live, "program": self.program, **extra, **stray}


def parse(text: str) -> KeytoolLine:
    """A keytool line of the documents or of the plan. Raises ValueError for a line that is not keytool's."""
    text = re.sub(r"^@|^Example: |^C:\\Cisco\\CVP\\jre\\bin>(?=keytool)", "", text)
    words = [word.strip('"') for word in _WORD.findall(text.partition(" && ")[0])]
    if not words or "keytool" not in words[0]:
        raise ValueError(f"no keytool line: {text}")
    options: dict[str, str] = {}
    subcommands, stray = [], []
    for name, value in _pairs(iter(words[1:])):
        if name in _SUBCOMMANDS:
            subcommands.append(name)
        elif name:
            options[name] = f"{options.get(name, '')} {value}".strip()
        else:
            stray.append(value)
    if len(subcommands) != 1:
        raise ValueError(f"one subcommand is expected: {text}")
    return KeytoolLine(words[0], subcommands[0], options.pop("alias", "").lower(), options, tuple(stray))


def _pairs(words: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Option and value; a word that belongs to no option has an empty name."""
    for word in words:
        name = word.removeprefix("-").removesuffix(":env")
        if not word.startswith("-"):
            yield "", word
        elif name.startswith("J-"):
            yield "-J", name.removeprefix("J")
        else:
            yield name, "" if name in _BARE else next(words, "")


def differing(theirs: KeytoolLine, ours: KeytoolLine) -> dict[str, str | None]:
    """Our values of the options in which two lines differ, None for one that ours has not.

    A placeholder of the documents stands for any value.
    """
    one, other = theirs.compared(), ours.compared()
    return {
        name: other.get(name)
        for name in one.keys() | other.keys()
        if one.get(name) != other.get(name) and not (one.get(name) == _PLACEHOLDER and name in other)
    }
