"""Every visible word of the pages comes from the catalogue, and the catalogue has no word that nobody says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import reports
from reports.collected import Outcome
from reports.record.story import State
from reports.wording import words

ROOM = Path(reports.__file__).parent
TEMPLATES = [*(ROOM / "templates").glob("*.html"), *(ROOM / "templates").glob("*.svg")]
FILES = {"plan.json", "plan.html"}  # they only look like keys
SIDES = {"A", "B"}  # letters by which a page calls what it compares


def asked() -> set[str]:
    """What of a key stands in the sources: all of it, or its begin where the end is put together."""
    topics = "|".join({key.partition(".")[0] for key in words().texts})
    quoted = re.compile(rf"""["']((?:{topics})\.[\w.-]*)(?=["'{{])""")
    files = [*TEMPLATES, *ROOM.rglob("*.py")]
    return {match[1] for path in files for match in quoted.finditer(path.read_text(encoding="utf-8"))}


def test_each_word_that_is_asked_for_is_there_and_each_that_is_there_is_asked_for() -> None:
    known, said = words().texts, asked()
    begins = tuple(key for key in said if key.endswith("."))
    assert [key for key in known if key not in said and not key.startswith(begins)] == []
    optional = ("step.", "check.")  # only a translation has them
    missing = [key for key in said - FILES if not any(one.startswith(key) for one in known)]
    assert [key for key in missing if not key.startswith(optional)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_word_is_written_into_a_template(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)  # Jinja's own
    text = re.sub(r"<!DOCTYPE html>|<[^>]*>|&\w+;", " ", text, flags=re.DOTALL)
    assert set(re.findall(r"\w+", text)) <= SIDES


def test_a_placeholder_is_never_left_empty() -> None:
    say = words()
    with pytest.raises(KeyError):
        say("record.who", user="ada")
    with pytest.raises(KeyError):
        say("record.nothing_of_that_name")
    assert say("record.who", user="ada", machine="{jump}") == "ada on {jump}"
    assert say.or_else("step.1.1.iii", "Generate") == "Generate"


@pytest.mark.parametrize("state", State)
def test_every_way_to_end_has_a_sentence(state: State) -> None:
    facts = dict.fromkeys(("done", "nothing", "failed", "unknown", "blocked", "holds", "judged", "runs"), 1)
    for kind in ("change", "verify"):
        assert words()(f"record.sentence.{kind}.{state}", **facts)
    assert words()(f"record.state.{state}")


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_its_words(outcome: Outcome) -> None:
    assert words()(f"outcome.{outcome.name.lower()}") == outcome.value
    assert words()(f"record.steps.{outcome.name.lower()}")
