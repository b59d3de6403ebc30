"""The language of a Windows host: the texts of its programs, and the code pages in which they print them.

Programs hold their texts in English; `words/LANGUAGE.yaml` says what stands for each. What it lacks stays English.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from lab.tables.site_host import ENGLISH
from lab.windows import texts
from lab.windows.paths import WindowsError


@dataclass(frozen=True)
class Language:
    """The code pages of a system in this language, and its name for Java."""

    oem: int
    ansi: int
    locale: str


LANGUAGES: Mapping[str, Language] = {
    ENGLISH: Language(437, 1252, "en-US"),
    "de": Language(850, 1252, "de-DE"),
    "fr": Language(850, 1252, "fr-FR"),
    "es": Language(850, 1252, "es-ES"),
    "pt": Language(850, 1252, "pt-BR"),
    "ja": Language(932, 932, "ja-JP"),
    "zh-cn": Language(936, 936, "zh-CN"),
    "zh-tw": Language(950, 950, "zh-TW"),
}


# guess: these print in the system's own code page, whatever page the console has; seen for whoami
_OEM = frozenset({"net.exe", "netsh.exe", "whoami.exe", "wmic.exe"})
_ANSI = frozenset({"java.exe", "keytool.exe"})  # Java 8 does not ask the console


def page_of(program: str, language: str, console: int) -> int:
    """Return the code page in which a program prints on a console of this page."""
    spoken = LANGUAGES[language]
    return spoken.oem if program in _OEM else spoken.ansi if program in _ANSI else console


@dataclass(frozen=True)
class Words:
    """The texts of one language."""

    system: Mapping[int, str] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    colon: str = ":"
    sc_indent: int = 8
    sc_width: int = 19

    def __call__(self, text: str, *values: object) -> str:
        """Return a text of a program, filled with these values."""
        said = self.said.get(text, text)
        return said.format(*values) if values else said

    def error(self, code: int) -> str:
        """Return the system's text for a Win32 error."""
        return self.system.get(code) or texts.SYSTEM.get(code, f"Error {code}.")

    def of(self, error: WindowsError) -> str:
        """Return the system's text for a call that it refused."""
        return self.error(error.code) if error.code in texts.SYSTEM else str(error)

    def label(self, text: str) -> str:
        """Return the label before a colon."""
        return self.labels.get(text, text)


@cache
def words_of(language: str) -> Words:
    """Return the texts of a language of the table above."""
    if language == ENGLISH:
        return Words()
    source = files(__package__) / "words" / f"{language}.yaml"
    content: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    return Words(**content)


def padded(text: str, columns: int) -> str:
    """Return a text padded with blanks to so many columns of a console, where an ideograph takes two."""
    return text + " " * (columns - width(text))


def width(text: str) -> int:
    """Return the number of console columns that a text takes."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
