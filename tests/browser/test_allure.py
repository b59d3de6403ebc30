"""Allure's page, as somebody sees it who opens it from a disk; with the history of the site's earlier runs."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from reports import allure
from reports.pages.wording import words
from tests.browser import places
from tests.browser.browsing import Visit, visit
from tests.browser.paper import beyond_the_edges, missing
from tests.reports import fake_steps, plans
from tests.reports.test_run import start

FAILED = "1.2.c · Verify the trust · cvp1.pcce.example.com"
# What axe-core finds in Allure's own program, which is not ours to mend: rule -> why it may stand.
ALLURES_OWN = {
    "button-name": "its icons' buttons (layout, theme, filters' clearing, copying) have no text",
    "color-contrast": "its red: white on it 3.7 to 1, it on pink 4.45 to 1, where 4.5 is asked for",
    "landmark-one-main": "it has no main landmark",
    "page-has-heading-one": "its headings begin at the second level",
    "region": "its parts are no landmarks",
}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A change that was run twice, and another of the same site: three runs with a step that fails each time."""
    out = tmp_path_factory.mktemp("out")
    start(out / "CHG0012345", fake_steps.__file__)
    start(out / "CHG0012345", "--fake-run", "20261123T120000Z-change", fake_steps.__file__, RESUMED="1")
    plans.written(out / "CHG0012346")
    start(out / "CHG0012346", "--fake-run", "20261124T120000Z-change", fake_steps.__file__)
    return out


@pytest.fixture(scope="module", params=places.LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def page(out: Path, language: str) -> Path:
    """The report of the last run in a language."""
    site = out / "CHG0012346"
    if language == "en":
        return site / "allure-report" / "index.html"
    there = shutil.copytree(site, out / language / site.name)
    return allure.generate(there, language=language)


@pytest.fixture
def spoken(browser: Browser, page: Path, language: str) -> Iterator[Visit]:
    with visit(browser, page, f"allure-{language}", ready="text=/1.2.c · .+ · cvp1/") as seen:
        yield seen
        assert (seen.asked_for, seen.complaints) == ([], [])


@pytest.fixture
def seen(browser: Browser, out: Path) -> Iterator[Visit]:
    page = out / "CHG0012346" / "allure-report" / "index.html"
    with visit(browser, page, "allure-en", ready=f"text={FAILED}") as seen:
        yield seen
        assert (seen.asked_for, seen.complaints) == ([], [])  # whatever was clicked


def click(seen: Visit, text: str) -> None:
    seen.page.get_by_text(text, exact=True).first.click()


def open_failed(seen: Visit) -> None:
    seen.page.get_by_text("1.2.c · ").first.click()
    seen.page.get_by_text("aw1 cvp1_iis - presence").first.wait_for()


def test_the_verdicts_and_what_failed_are_seen_without_scrolling(spoken: Visit, language: str) -> None:
    title = words(language).or_else("step.1.2.c", "Verify the trust")
    spoken.page.get_by_text(f"1.2.c · {title} · cvp1.pcce.example.com").click(trial=True)  # nothing lies over it
    spoken.shot()
    assert spoken.seen(f"text=1.2.c · {title}")
    assert len(spoken.requests) == 1


def test_the_verdicts_are_counted_on_the_first_screen(seen: Visit) -> None:
    assert {"Failed 1", "Broken 1", "Skipped 3"} <= set(seen.seen("button"))  # one of them only planned


def test_suites_come_in_document_order_with_titles_that_people_know(seen: Visit) -> None:
    text = seen.page.locator("body").inner_text()
    places = [text.index(title) for title in ("Section 1: CVP", "1.1.iii Generate", "1.2.c Verify", "1.3.a Import")]
    assert places == sorted(places)


def test_categories_tell_apart_what_is_wrong_what_is_not_known_and_what_was_blocked(seen: Visit) -> None:
    seen.page.get_by_text("Categories").first.click()  # the tab; the filter of the same name comes after it
    seen.page.get_by_text("Wrong state").first.wait_for()
    text = seen.page.locator("body").inner_text()
    places = [text.index(name) for name in ("Wrong state", "Could not find out", "Blocked", "Planned")]
    assert places == sorted(places)
    seen.shot("-categories")


def test_a_step_shows_how_it_went_in_the_runs_before(seen: Visit) -> None:
    click(seen, FAILED)
    seen.page.get_by_text("History").first.click()
    before = seen.page.get_by_text(re.compile(r"^\d+/\d+/\d{4} at \d"))
    before.first.wait_for()
    assert before.count() == 2  # the two runs of the change before
    seen.shot("-history")


def test_graphs_show_the_runs_of_the_site(seen: Visit) -> None:
    seen.page.get_by_role("button", name="Report").first.click()
    click(seen, "Graphs")
    seen.page.get_by_text("How the steps ended, run by run").wait_for()
    for run in ("11/22/2026", "11/23/2026", "Latest"):
        seen.page.get_by_text(run).first.wait_for()
    seen.shot("-graphs")


@pytest.mark.parametrize(
    "title, heading", [("Change record", "Is the contact centre serving?"), ("Plan", "Point of no return")]
)
def test_the_record_and_the_plan_lie_in_it_and_can_be_read_there(seen: Visit, title: str, heading: str) -> None:
    seen.page.get_by_text("Global Attachments").first.click()
    click(seen, title)
    seen.page.frame_locator("iframe").get_by_text(heading).wait_for()
    box = seen.page.locator("iframe").bounding_box()
    assert box is not None
    assert box["height"] > 500  # more than a few lines of it
    seen.shot(f"-{title.lower().replace(' ', '-')}")


def test_what_axe_finds_is_allures_own(spoken: Visit) -> None:
    found = dict(spoken.violations())
    open_failed(spoken)
    found |= spoken.violations()
    assert set(found) == set(ALLURES_OWN)  # also: what Allure has mended leaves the table


def test_paper_cuts_nothing(spoken: Visit) -> None:
    open_failed(spoken)
    texts = spoken.texts(shown=True)  # before: the page goes on adding to itself
    pdf = spoken.printed()
    assert beyond_the_edges(pdf) == []
    assert missing(pdf, texts) == []
