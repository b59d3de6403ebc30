"""JUnit's file with the runbook's outcomes: a wrong state is a failure, an unknown state is an error.

A blocked step is an error too: CI servers ignore a skipped test.

pytest calls everything that a test's body raises a failure. So the file is corrected after pytest has written it: this
relies on the file's format only, not on pytest's internals.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

from fixtures.system.visible import visible
from reports.journal.collected import Collected, Outcome

_TAGS = ("failure", "error", "skipped")


def properties(collected: Collected) -> list[tuple[str, object]]:
    """Return the properties of a test: its outcome in the runbook's words, its step, its host."""
    step = collected.step
    told: list[tuple[str, object]] = [("outcome", collected.outcome.value)]
    return told + ([("step", step.id), ("host", step.host)] if step else [])


def correct(path: Path) -> None:
    """Correct a file that pytest has written. Raises OSError; a file that is not XML is left as it is."""
    try:
        tree = ET.parse(path)  # noqa: S314 - this process has just written it
    except ET.ParseError:
        return
    for element in tree.iter():  # pytest has spelled out the control characters, which XML cannot hold
        element.text = visible(element.text, block=True) if element.text else None
        for name, value in element.items():
            element.set(name, visible(value, block=True))
    for suite in tree.getroot().iter("testsuite"):
        cases = list(suite.iter("testcase"))
        for case in cases:
            _correct(case)
        for tag, name in zip(_TAGS, ("failures", "errors", "skipped"), strict=True):
            suite.set(name, str(sum(case.find(tag) is not None for case in cases)))
    new = path.with_suffix(".new")
    tree.write(new, encoding="utf-8", xml_declaration=True)
    new.replace(path)


def _correct(case: ET.Element) -> None:
    outcome = _outcome(case)
    failure = case.find("failure")
    if outcome == Outcome.UNKNOWN and failure is not None:
        failure.tag = "error"
    elif outcome == Outcome.FAILED and failure is None and (error := case.find("error")) is not None:
        error.tag = "failure"  # a fixture found the wrong state
    elif outcome == Outcome.BLOCKED and (skipped := case.find("skipped")) is not None:
        skipped.tag = "error"
        skipped.set("type", outcome)


def _outcome(case: ET.Element) -> str:
    """Return the outcome in the test's property; add the property if there is none (the test's process died)."""
    known = case.find("properties/property[@name='outcome']")
    if known is not None:
        return known.get("value", "")
    outcome = Outcome.UNKNOWN if case.find("error") is not None else Outcome.DONE
    if case.find("failure") is not None:
        outcome = Outcome.FAILED
    skipped = case.find("skipped")
    if skipped is not None:
        word = skipped.get("message", "").partition(":")[0].lower()
        outcome = Outcome(word) if word in (Outcome.BLOCKED, Outcome.PLANNED) else Outcome.SKIPPED
    place = case.find("properties")
    if place is None:
        place = ET.Element("properties")
        case.insert(0, place)
    ET.SubElement(place, "property", name="outcome", value=outcome.value)
    return outcome.value
