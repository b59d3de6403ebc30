"""docs/coverage.yaml and the page made from it: whole, in step with the runbook, and not stale."""

from __future__ import annotations

import re

import pytest
from pydantic import ValidationError

from fixtures.tables.steps import STAGES
from tests.documents.items import DOCS, Coverage, Item, Status, load, titles
from tests.documents.page import page

COVERAGE = load()
IDS = {stage.step for stage in STAGES}


def test_the_page_is_not_stale() -> None:
    written = (DOCS / "coverage.md").read_text(encoding="utf-8")

    assert written == page(COVERAGE), "python -m tests.documents.page > docs/coverage.md"


def test_every_step_that_is_named_exists_and_has_a_title() -> None:
    assert set(titles()) == IDS
    assert COVERAGE.steps - IDS == set()


def test_every_step_of_ours_is_asked_for_by_the_documents_or_explained() -> None:
    assert set(COVERAGE.own_steps) == IDS - COVERAGE.steps


def test_each_of_the_26_errors_of_the_documents_stands_where_it_applies() -> None:
    assert list(COVERAGE.errors) == list(range(1, 27))
    assert {number for item in COVERAGE.items for number in COVERAGE.errors_of(item)} == set(COVERAGE.errors)


@pytest.mark.parametrize(
    "number, pattern",
    [
        (2, r"security\\keystore\b"),
        (3, r"security\\ICM"),
        (4, r"certs\\ "),
        (12, r"-genkeypair(?!.*-validity)"),
        (19, r"^(?!.*-storetype)"),
        (20, r" -import "),
        (21, r"jre1\.8\.0_221"),
    ],
)
def test_an_error_of_keytool_lines_is_told_of_all_that_have_it_and_of_no_other(number: int, pattern: str) -> None:
    lines = [item for item in COVERAGE.items if item.is_keytool]
    have_it = [item for item in lines if any(re.search(pattern, item.line(edition)) for edition in item.editions)]

    told = [item for item in lines if number in COVERAGE.errors_of(item)]

    assert told == have_it != []


def test_every_recurring_difference_recurs_and_every_one_named_is_explained() -> None:
    named = {name for item in COVERAGE.items for edition in item.editions for name in item.differences(edition)}

    assert named == set(COVERAGE.differences)


def test_no_line_is_told_of_out_of_the_documents_order() -> None:
    for edition in ("zh", "ja"):
        # Headings stand in the contents too: the last line of an item is the one in the text itself.
        ends = [item.lines(edition)[-1] for item in COVERAGE.items if item.lines(edition)]
        assert ends == sorted(ends)


LINE = r"{at: Step 1, kind: command, zh: 1, command: keytool -list, role: cvp, "
NOT_WHOLE = {
    "keytool line without a step": LINE + "why_not: no need}",
    "no step and no reason": "{at: Step 1, kind: step, zh: 1, says: Do it.}",
    "performed and not performed": "{at: Step 1, kind: step, zh: 1, says: Do it., steps: [1.1.i], why_not: no need}",
    "neither edition": "{at: Step 1, kind: step, says: Do it., steps: [1.1.i]}",
    "says nothing": "{at: Step 1, kind: step, zh: 1, steps: [1.1.i]}",
    "command without a text": "{at: Step 1, kind: command, zh: 1, says: Do it., steps: [1.1.i]}",
    "of no role": "{at: Step 1, kind: command, zh: 1, command: keytool -list, steps: [1.1.i]}",
    "neither keytool's nor": "{at: Step 1, kind: command, zh: 1, command: dir, steps: [1.1.i], role: cvp}",
}


def coverage_with(item: str) -> Coverage:
    head = "{editions: {zh: Chinese}, differences: {}, errors: {}, own_steps: {}, beside: {}"
    return load(f"{head}, sections: [{{title: One, items: [{item}]}}]}}")


@pytest.mark.parametrize("problem", NOT_WHOLE)
def test_an_item_that_is_not_whole_is_refused(problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        coverage_with(NOT_WHOLE[problem])


@pytest.mark.parametrize(
    "more, status",
    [
        ("says: Do it., steps: [1.1.i]", Status.AS_WRITTEN),
        ("says: Do it., steps: [1.1.i], but: later", Status.DIFFERENTLY),
        ("says: Do it., steps: [1.1.i], errors: [9]", Status.DIFFERENTLY),
        ("says: Do it., why_not: no need", Status.NOT_PERFORMED),
    ],
)
def test_an_item_is_counted_by_what_is_said_of_it(more: str, status: Status) -> None:
    (item,) = coverage_with(f"{{at: Step 1, kind: step, zh: '1, 3-4', {more}}}").items

    assert isinstance(item, Item)
    assert item.zh == (1, 3, 4)
    assert item.status is status
