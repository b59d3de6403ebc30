"""The pages of a whole rehearsal of the `reference` site: how heavy, how soon open, and the same as for made ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.browsing import Visit, visit
from tests.browser.paper import beyond_the_edges, missing
from tests.runbook.runs import example, runbook

LIGHT, SOON = 3_000_000, 2  # bytes, seconds


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The evidence of a rehearsal."""
    out = tmp_path_factory.mktemp("out")
    done = runbook(None, out, "--rehearse=reference", "--report", within=600)
    assert done.exit_code == 0, done.output
    (folder,) = out.iterdir()
    return folder


@pytest.fixture
def record(browser: Browser, evidence: Path) -> Iterator[Visit]:
    with visit(browser, evidence / "change-record.html", "reference-record-en") as seen:
        yield seen
        assert (seen.asked_for, seen.complaints) == ([], [])


def test_the_record_is_light_and_soon_open(evidence: Path, record: Visit) -> None:
    size = (evidence / "change-record.html").stat().st_size
    print(f"{size} bytes, {record.seconds:.1f} s")
    record.shot()
    record.shot("-whole", whole=True)
    assert size < LIGHT
    assert record.seconds < SOON
    for side in "AB":
        assert record.page.get_by_text(f"Side {side}: restarted, and seen to run again").count()
    assert all(record.seen(selector) for selector in (".outcome .word", ".outcome p", ".counts"))


def test_everybody_can_read_the_record(record: Visit) -> None:
    assert record.violations() == {}


def test_paper_cuts_nothing_of_the_record(record: Visit) -> None:
    pdf = record.printed()
    assert beyond_the_edges(pdf) == []
    assert missing(pdf, record.texts()) == []


def test_allures_page_opens_with_every_step_in_document_order(browser: Browser, evidence: Path) -> None:
    page = evidence / "allure-report" / "index.html"
    with visit(browser, page, "reference-allure-en", ready="text=Section 0") as seen:
        seen.shot()
        text = seen.page.locator("body").inner_text()
        places = [text.index(f"Section {number}") for number in range(6)]
        assert places == sorted(places)
        assert any(button.startswith("Passed 2") for button in seen.seen("button"))
        assert (seen.asked_for, seen.complaints) == ([], [])


def test_the_plan_of_the_example_opens_as_one_page(browser: Browser, tmp_path: Path) -> None:
    done = runbook(None, tmp_path / "out", "--plan", example(tmp_path))
    assert done.exit_code == 0, done.output
    (page,) = (tmp_path / "out").glob("*/plan.html")
    with visit(browser, page, "example-plan-en") as seen:
        seen.shot()
        assert all(seen.seen(selector) for selector in ("h1", "header .fingerprint", "#scope + ul > li:first-child"))
        assert seen.violations() == {}
        seen.shot("-whole", whole=True)
        pdf = seen.printed()
        assert beyond_the_edges(pdf) == []
        assert missing(pdf, seen.texts()) == []
        assert (seen.asked_for, seen.complaints) == ([], [])
