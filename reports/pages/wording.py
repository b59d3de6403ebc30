"""Every word that people read comes from one catalogue a language, `words/<language>.yaml`: a new file is a language.

What the evidence itself says (a command, what a host answered, a finding) is data and stays as it was written down. The
steps say in English what they are; other languages have their titles by their ids.
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
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C takes a tenth of the time
OPTION = "--language"  # of the command line; its value stands with the others in the run's record


class Words:
    """The texts of one language, by keys such as "record.title"; placeholders are named: "{host}"."""

    def __init__(self, language: str, texts: Mapping[str, str]) -> None:
        self.language = language
        self.texts = texts

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key with its placeholders filled. Raises KeyError for what the catalogue does not have."""
        return self.texts[key].format(**values)

    def or_else(self, key: str, text: str) -> str:
        """The catalogue's text for what the evidence says in English, else that itself."""
        return self.texts.get(key, text)

    def counted(self, key: str, number: int) -> str:
        """The text of a key for so many: some languages tell one from several."""
        return self(f"{key}.{'one' if number == 1 else 'many'}", number=number)

    def title(self, step: str, text: str) -> str:
        """The title of a step by its id; `text` is what the step calls itself."""
        return self.or_else(f"step.{step}", text)

    def section(self, step: str, text: str) -> str:
        """The title of the section that a step belongs to; `text` is what the step says of it."""
        return self.or_else(f"section.{step.lstrip('xv')[:1]}", text)


@cache
def words(language: str = ENGLISH) -> Words:
    """The catalogue of a language. Raises OSError where there is none."""
    text = files("reports").joinpath("words", f"{language}.yaml").read_text(encoding="utf-8")
    content = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader, whichever of the two it is
    return Words(language, dict(_flat(content)))


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a catalogue, English first."""
    found = {path.name.removesuffix(".yaml") for path in files("reports").joinpath("words").iterdir()}
    return (ENGLISH, *sorted(found - {ENGLISH}))


def language_of(run: RunRecord) -> str:
    """The language that a run was asked to speak; English where it was not asked, or asked for one unknown here."""
    asked = run.options.get(OPTION, ENGLISH)
    return asked if asked in languages() else ENGLISH


def words_of(run: RunRecord) -> Words:
    """The catalogue of a run's language."""
    return words(language_of(run))


def printable_in(language: str, encoding: str) -> bool:
    """True if an output in this encoding can show the letters of a language; single signs may be replaced."""
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
    """The language for what is printed: English where standard output cannot show the one that was asked for."""
    return language if printable_in(language, _encoding()) else ENGLISH


def words_for_output(language: str) -> Words:
    """The catalogue for what is printed."""
    return words(language_for_output(language))


def not_shown(language: str, output: Words) -> list[str]:
    """The remark on an output in another language than was asked for; empty where it is in that language."""
    return [] if output.language == language else [output("made.in_english", encoding=_encoding(), language=language)]


def print_lines(lines: Iterable[str]) -> None:
    """Print what people read, whatever standard output can show of it."""
    show("\n".join(map(visible, lines)))


def complain(text: str) -> None:
    """Print why a command did not do its work, on the error stream: one line, whatever is in it."""
    show(visible(text), sys.stderr)


def _encoding() -> str:
    return sys.stdout.encoding or "ascii"


def _flat(content: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in content.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
