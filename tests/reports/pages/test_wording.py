"""Every visible word comes from the catalogue of its language, and no catalogue has a word that nobody says."""

from __future__ import annotations

import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
import yaml

import reports
import runbook
from fixtures.system.messages import TEXTS
from fixtures.tables.steps import AGAIN, SECTIONS, Step
from reports.journal.collected import Outcome
from reports.pages.wording import OPTION, languages, printable_in, words, words_of
from reports.record.story import State
from tests.reports import sample

ROOM = Path(reports.__file__).parent
TEMPLATES = [*(ROOM / "templates").glob("*.html"), *(ROOM / "templates").glob("*.svg")]
FILES = {"plan.json", "plan.html", "page.css", "summary.txt"}  # they only look like keys
SIDES = {"A", "B"}  # letters by which a page calls what it compares
TRANSLATIONS = [language for language in languages() if language != "en"]
OF_OTHERS = (
    "step.",
    "check.",
    "section.",
    "spoken.",
)  # in English these stand where they belong: only others have them

# What is called the same in every language: signs, and the names of products.
SAME = {"cell.unknown", "cell.none", "role.ads", "role.rogger", "role.hds", "role.ece", "role.cucm", "role.finesse",
        "role.cuic", "role.cloud_connect", "role.vvb", "role.customer_collaboration", "role.call_studio"}  # fmt: skip
COMMANDS = ("pytest runbook",)  # the only words of Latin letters that may follow one another without a capital


def steps() -> dict[str, Step]:
    """Every step of the runbook by its id, the way back and whatever else is collected only by name included."""
    modules = (import_module(one.name) for one in pkgutil.walk_packages(runbook.__path__, "runbook."))
    found = [getattr(one, "step", None) for module in modules for one in vars(module).values()]
    own = {one.stage.step: one for one in found if isinstance(one, Step)}
    return own | {stage.step: replace(own[stage.again], stage=stage) for stage in AGAIN}


def of_others() -> dict[str, str]:
    """What a translation must have besides the keys of the English catalogue, with the English text."""
    every = {f"spoken.{key}": text for key, text in TEXTS.items()}
    every |= {f"section.{'r' if key == 'rollback' else key}": text for key, text in SECTIONS.items()}
    for step, declared in steps().items():
        every |= {f"step.{step}": declared.title, f"check.{step}": declared.description}
    return every


def asked() -> set[str]:
    """What of a key stands in the sources: all of it, or its begin where the end is put together."""
    topics = "|".join({key.partition(".")[0] for key in words("ja").texts})
    quoted = re.compile(rf"""(counted\()?["']((?:{topics})\.[\w.-]*)(?=["'{{])""")
    files = [*TEMPLATES, *(path for path in ROOM.rglob("*.py") if "node_modules" not in path.parts)]
    found = (match for path in files for match in quoted.finditer(path.read_text(encoding="utf-8")))
    return {match[2] + "." * bool(match[1]) for match in found}


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w+\}", text))


def test_each_word_that_is_asked_for_is_there_and_each_that_is_there_is_asked_for() -> None:
    known, said = words().texts, asked()
    begins = tuple(key for key in said if key.endswith("."))
    assert [key for key in known if key not in said and not key.startswith(begins)] == []
    missing = [key for key in said - FILES if not any(one.startswith(key) for one in known)]
    assert [key for key in missing if not key.startswith(OF_OTHERS)] == []


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_has_every_key_and_no_other(language: str) -> None:
    english = {**words().texts, **of_others()}
    assert sorted(words(language).texts.keys() ^ english.keys()) == []


def keys(node: yaml.Node | None) -> Iterator[str]:
    """Every key below a node of a YAML document."""
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        yield key.value
        yield from (f"{key.value}.{one}" for one in keys(value))


@pytest.mark.parametrize("language", languages())
def test_no_key_stands_twice(language: str) -> None:
    text = (ROOM / "words" / f"{language}.yaml").read_text(encoding="utf-8")
    every = list(keys(yaml.compose(text, Loader=yaml.SafeLoader)))
    assert sorted(one for one, times in Counter(every).items() if times > 1) == []


def test_every_step_is_found() -> None:
    assert {"0.1.login", "1.1.iii", "x5.1", "r.1", "r.3.vvb", "v4.trust"} <= steps().keys()
    assert len(steps()) > 50


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_has_the_same_placeholders(language: str) -> None:
    english = {**words().texts, **of_others()}
    told = {key: placeholders(text) for key, text in words(language).texts.items()}
    assert {key: found for key, found in told.items() if found != placeholders(english[key])} == {}


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_nothing_is_left_in_english(language: str) -> None:
    english = {**words().texts, **of_others()}
    same = {key for key, text in words(language).texts.items() if text == english[key]}
    assert same <= SAME
    # The mark of what was forgotten: two words in a row.
    english_words = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")
    found = {key: set(english_words.findall(text)) - {*COMMANDS} for key, text in words(language).texts.items()}
    assert {key: left for key, left in found.items() if left} == {}


@pytest.mark.parametrize(
    ("language", "encoding"), [("ja", "cp932"), ("ja", "euc_jp"), ("zh", "gbk"), ("zh", "gb18030")]
)
def test_a_console_of_its_country_can_show_a_language(language: str, encoding: str) -> None:
    assert printable_in(language, encoding)
    assert not printable_in(language, "cp1252")
    assert not printable_in(language, "no such encoding")


def test_english_can_be_shown_everywhere() -> None:
    assert printable_in("en", "ascii")


@pytest.mark.parametrize(
    ("asked_for", "spoken"), [("ja", "ja"), ("zh", "zh"), ("", "en"), ("klingon", "en"), ("../words/ja", "en")]
)
def test_a_run_is_told_in_the_language_that_its_record_names(tmp_path: Path, asked_for: str, spoken: str) -> None:
    assert words_of(sample.run(tmp_path, options={OPTION: asked_for})).language == spoken
    assert words_of(sample.run(tmp_path)).language == "en"


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
    assert say.title("1.1.iii", "Generate") == "Generate"
    assert (say.counted("allure.entries", 1), say.counted("allure.entries", 2)) == ("1 entry", "2 entries")


@pytest.mark.parametrize(
    ("step", "key"), [("0.1.login", "0"), ("x1.2.c", "1"), ("v3.trust", "3"), ("x5.1", "5"), ("r.3.vvb", "r")]
)
def test_a_steps_section_is_known_by_its_id(step: str, key: str) -> None:
    assert words("ja").section(step, "?") == words("ja")(f"section.{key}")
    assert words().section(step, "Section") == "Section"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("state", State)
def test_every_way_to_end_has_a_sentence(language: str, state: State) -> None:
    facts = dict.fromkeys(("done", "nothing", "failed", "unknown", "blocked", "holds", "judged", "runs"), 1)
    for kind in ("change", "verify"):
        assert words(language)(f"record.sentence.{kind}.{state}", **facts)
    assert words(language)(f"record.state.{state}")


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_its_words(outcome: Outcome) -> None:
    assert words()(f"outcome.{outcome.name.lower()}") == outcome.value
    assert words()(f"record.steps.{outcome.name.lower()}")
