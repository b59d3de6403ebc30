"""Every visible word of the pages for people comes from one catalogue: `words/<language>.yaml`.

What the evidence itself says (a step's title, a command, a finding) is data and stays as it was written down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

ENGLISH = "en"


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


@cache
def words(language: str = ENGLISH) -> Words:
    """The catalogue of a language. Raises OSError where there is none."""
    content = yaml.safe_load(files("reports").joinpath("words", f"{language}.yaml").read_text(encoding="utf-8"))
    return Words(language, dict(_flat(content)))


def _flat(content: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in content.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
