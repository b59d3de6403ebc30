"""Catalogues of all words that people read, one file a language: `words/<language>.yaml`. A new file adds a language.

Text of the evidence (a command, a host's answer, a finding) is data and stays as it was written. Steps have English
titles of their own; other languages have theirs by the steps' ids.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from fixtures.system.visible import show, visible
from reports.pages.cells import width

if TYPE_CHECKING:
    from fixtures.evidence import RunRecord

ENGLISH = "en"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the loader in C takes a tenth of the time
OPTION = "--language"  # of the command line; its value is in the run's record


class Words:
    """The texts of one language by keys such as "record.title"; placeholders have names: "{host}"."""

    def __init__(self, language: str, texts: Mapping[str, str]) -> None:
        self.language = language
        self.texts = texts

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of a key with its placeholders filled. Raises KeyError for an unknown key."""
        return self.texts[key].format(**values)

    def or_else(self, key: str, text: str) -> str:
        """Return the text of a key, or `text` (English, from the evidence) if the catalogue does not have the key."""
        return self.texts.get(key, text)

    def counted(self, key: str, number: int) -> str:
        """Return the text of a key for a number: some languages have a singular and a plural."""
        return self(f"{key}.{'one' if number == 1 else 'many'}", number=number)

    def title(self, step: str, text: str) -> str:
        """Return the title of a step by its id, or `text` (the step's own title) if the catalogue has none."""
        return self.or_else(f"step.{step}", text)

    def section(self, step: str, text: str) -> str:
        """Return the title of a step's section, or `text` (the step's own) if the catalogue has none."""
        return self.or_else(f"section.{step.lstrip('xv')[:1]}", text)


@cache
def words(language: str = ENGLISH) -> Words:
    """Return the catalogue of a language. Raises OSError if there is none."""
    text = files("reports").joinpath("words", f"{language}.yaml").read_text(encoding="utf-8")
    content = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader, whichever of the two it is
    return Words(language, dict(_flat(content)))


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that have a catalogue, English first."""
    found = {path.name.removesuffix(".yaml") for path in files("reports").joinpath("words").iterdir()}
    return (ENGLISH, *sorted(found - {ENGLISH}))


def language_of(run: RunRecord) -> str:
    """Return the language that a run was asked for; English if none was, or if that has no catalogue."""
    asked = run.options.get(OPTION, ENGLISH)
    return asked if asked in languages() else ENGLISH


def words_of(run: RunRecord) -> Words:
    """Return the catalogue of a run's language."""
    return words(language_of(run))


def printable_in(language: str, encoding: str) -> bool:
    """True if an encoding has the wide letters of a language; other characters may be replaced."""
    if language == ENGLISH:
        return True
    every = "".join(words(language).texts.values())
    wide = {letter for letter in every if letter.isalpha() and width(letter) > 1}
    try:
        "".join(wide).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def language_for_output(language: str) -> str:
    """Return the language to print in: English if standard output cannot show the one asked for."""
    return language if printable_in(language, _encoding()) else ENGLISH


def words_for_output(language: str) -> Words:
    """Return the catalogue of the language to print in."""
    return words(language_for_output(language))


def not_shown(language: str, output: Words) -> list[str]:
    """Return the remark that the output is in another language than asked for; empty if it is not."""
    return [] if output.language == language else [output("made.in_english", encoding=_encoding(), language=language)]


def print_lines(lines: Iterable[str]) -> None:
    """Print lines for people; characters that standard output cannot show are escaped."""
    show("\n".join(map(visible, lines)))


def complain(text: str) -> None:
    """Print to standard error, on one line, why a command did not do its work."""
    show(visible(text), sys.stderr)


def _encoding() -> str:
    return sys.stdout.encoding or "ascii"


def _flat(content: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in content.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
