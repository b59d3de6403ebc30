from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from reports.verification import junit
from tests.reports import fake_steps
from tests.reports.test_run import start


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> ET.Element:
    folder = tmp_path_factory.mktemp("out")
    start(folder, "--no-report", f"--junitxml={folder / 'junit.xml'}", fake_steps.__file__)
    found = ET.parse(folder / "junit.xml").getroot().find("testsuite")  # noqa: S314 - our own
    assert found is not None
    return found


def test_outcomes_are_told_apart(suite: ET.Element) -> None:
    found = {}
    for case in suite.iter("testcase"):
        told = case.find("properties/property[@name='outcome']")
        said = [child for child in case if child.tag in ("failure", "error", "skipped")]
        name = case.get("name", "").partition("[")[0].removeprefix("test_")
        message = said[0].get("message", "").partition(" ")[0] if said else ""
        found[name] = told.get("value") if told is not None else "", *(child.tag for child in said), message
    assert found == {
        "1_1_iii": ("done", ""),
        "1_1_iv": ("nothing to do", ""),
        "1_2_c": ("failed", "failure", "Failed:"),
        "1_3_a": ("could not find out", "error", "fixtures.errors.CouldNotFindOut:"),
        "1_3_b": ("blocked", "error", "Blocked:"),
        "1_3_ix": ("planned", "skipped", "Planned:"),
        "without_a_step": ("done", ""),
    }


def test_the_numbers_are_those_of_the_cases(suite: ET.Element) -> None:
    assert [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["7", "1", "2", "1"]


def test_step_and_host_are_properties(suite: ET.Element) -> None:
    told = {each.get("name"): each.get("value") for each in suite.iter("property")}
    assert told.keys() == {"outcome", "step", "host"}


@pytest.mark.parametrize(
    ("inside", "outcome", "tag"),
    [
        ('<error message="failed on setup"/>', "could not find out", "error"),
        ('<failure message="wrong"/>', "failed", "failure"),
        ('<skipped message="Blocked: 1.1.iii"/>', "blocked", "error"),
        ('<skipped message="not here"/>', "skipped", "skipped"),
        ('<properties><property name="outcome" value="failed"/></properties><error/>', "failed", "failure"),
    ],
)
def test_a_case_without_an_outcome_gets_one(tmp_path: Path, inside: str, outcome: str, tag: str) -> None:
    path = tmp_path / "junit.xml"
    path.write_text(f"<testsuites><testsuite><testcase>{inside}</testcase></testsuite></testsuites>", encoding="utf-8")
    junit.correct(path)
    (case,) = ET.parse(path).getroot().iter("testcase")  # noqa: S314 - our own
    assert case.find(tag) is not None
    (told,) = case.iter("property")
    assert told.get("value") == outcome


def test_what_is_no_xml_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "junit.xml").write_text("<", encoding="utf-8")
    junit.correct(tmp_path / "junit.xml")
    assert (tmp_path / "junit.xml").read_text(encoding="utf-8") == "<"
