"""Each keytool line of the documents against the one in its place in a plan: they differ as docs/coverage.yaml says."""

from __future__ import annotations

import string
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.documents.items import Edition, Item, load
from tests.documents.keytool_lines import differing, parse
from tests.documents.planned import Planned, found_differences

COVERAGE = load()
COMMANDS = [(item, edition) for item in COVERAGE.items if item.command for edition in item.editions]
LINES = [(item, edition) for item, edition in COMMANDS if item.is_keytool]
OTHERS = [(item, edition) for item, edition in COMMANDS if not item.is_keytool]


def _name(value: object) -> str:
    return f"{value.at}-{value.lines('zh') or value.lines('ja')}" if isinstance(value, Item) else str(value)


@pytest.fixture(scope="module")
def documented(tmp_path_factory: pytest.TempPathFactory) -> Planned:
    """The documents' own import lines; no VVB needs two certificates of one name."""
    folder = tmp_path_factory.mktemp("documented")
    return Planned.of(folder, "--import-style=documented", old="trusts: [http, sip]", new="trusts: [http]")


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Planned:
    """What is sent where nobody says otherwise."""
    return Planned.of(tmp_path_factory.mktemp("usual"))


def _is(found: str | None, said: str | None) -> bool:
    return found == said or (found is not None and said is not None and fnmatchcase(found, said))


@pytest.mark.parametrize("item, edition", LINES, ids=_name)
def test_a_keytool_line_differs_from_ours_exactly_as_the_page_says(
    item: Item, edition: Edition, documented: Planned, usual: Planned
) -> None:
    found = found_differences(documented, usual, item, edition)
    said: dict[str, str | None] = {}
    for name in item.differences(edition):
        said |= COVERAGE.differences[name].options

    assert found.keys() - said.keys() == set(), "differs, and the page does not say so"
    assert said.keys() - found.keys() == set(), "said to differ, and does not"
    for option, value in said.items():
        assert all(_is(one, value) for one in found[option]), f"-{option} is {set(found[option])}"


@pytest.mark.parametrize("item, edition", OTHERS, ids=_name)
def test_any_other_command_has_ours_in_the_plan(item: Item, edition: Edition, documented: Planned) -> None:
    assert item.lines(edition)
    assert item.ours in documented.texts(item)


def test_a_documented_line_is_taken_apart() -> None:
    line = parse(r'Example: keytool -keystore "C:\Program Files\x" -import -alias A_IIS -file c:\certs\ ICMa.cer')

    assert (line.program, line.subcommand, line.alias, line.stray) == ("keytool", "import", "a_iis", ("ICMa.cer",))
    assert line.options == {"keystore": r"C:\Program Files\x", "file": "c:\\certs\\"}


@pytest.mark.parametrize(
    "ours, differences",
    [
        (r"keytool -list -keystore a\security\b -file c", {}),
        (r"keytool -list -keystore a\security\b", {"file": None}),
        (r'@"keytool" -J-Da -J-Db -list -keystore "a\security\b" -file c && echo done', {"-J": "-Da -Db"}),
        (r"keytool -list -keystore a\runbook-%RUNBOOK_CHANGE%\staged\b -file c", {"staged": "yes"}),
        (
            r"keytool -list -keystore a\runbook-%RUNBOOK_CHANGE%\staged\d -file c",
            {"staged": "yes", "keystore": r"a\security\d"},
        ),
        (r"keytool -list -keystore a\security\b -storepass:env NAME -file c", {"storepass": "NAME"}),
        (r"keytool -list -v -keystore a\security\b d -file c", {"v": "", "stray": "d"}),
        (r"C:\keytool.exe -list -keystore a\security\b -file c", {"program": r"C:\keytool.exe"}),
    ],
)
def test_two_lines_are_compared_option_by_option(ours: str, differences: dict[str, str | None]) -> None:
    assert differing(parse(r"keytool -list -keystore a\security\b -file c"), parse(ours)) == differences


def test_a_placeholder_stands_for_any_value_but_not_for_none() -> None:
    theirs = parse("keytool -genkeypair -validity XXXX")

    assert differing(theirs, parse("keytool -genkeypair -validity 1095")) == {}
    assert differing(theirs, parse("keytool -genkeypair")) == {"validity": None}


WORD = st.text(string.ascii_letters + string.digits + "_.\\%", min_size=1)


@given(WORD, st.dictionaries(st.sampled_from(["file", "storetype", "keystore", "validity"]), WORD))
def test_a_line_put_together_is_taken_apart_again(alias: str, options: dict[str, str]) -> None:
    text = " ".join(f'-{name} "{value}"' for name, value in options.items())

    line = parse(f"keytool {text} -delete -alias {alias}")

    assert (line.alias, line.options, line.stray) == (alias.lower(), options, ())


@pytest.mark.parametrize("text", ["", "echo keytool", "keytool -alias a", "keytool -list -delete -alias a"])
def test_what_is_no_keytool_line_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"keytool|subcommand"):
        parse(text)
