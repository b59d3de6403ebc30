"""change-record.html and plan.html as somebody sees them who opens them from a disk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import places
from tests.browser.browsing import Visit, visit
from tests.browser.paper import beyond_the_edges, missing

PAGES = {name: (places.record, makes) for name, makes in places.RECORDS.items()}
PAGES |= {name: (places.plan, makes) for name, makes in places.PLANS.items()}
FIRST_SCREEN = {  # what must be seen without scrolling
    "all-right": [".outcome .word", ".outcome p", ".counts"],
    "failed-on-side-a": [".outcome .word", ".outcome p", ".outcome .first", ".counts"],
    "interrupted": [".outcome .word", ".outcome p", ".outcome .first", ".counts"],
    "verification": [".outcome .word", ".outcome p", ".counts"],
    "taken-back": [".outcome .word", ".outcome p", ".counts"],
    "failed-and-taken-back": [".outcome .word", ".outcome p", ".counts"],
    "plan": ["h1", "header .fingerprint", "#scope + ul > li:first-child"],
    "plan-incomplete": ["h1", ".outcome .word", ".outcome li"],
}


@pytest.fixture(scope="module", params=places.LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=PAGES)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def seen(browser: Browser, kind: str, language: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    made, makes = PAGES[kind]
    folder = tmp_path_factory.mktemp("out") / "CHG0012345"
    folder.mkdir()
    makes(folder)
    with visit(browser, made(folder, language), f"{kind}-{language}") as seen:
        seen.shot()
        yield seen


def test_nothing_is_asked_of_anybody_and_the_console_is_silent(seen: Visit) -> None:
    assert (seen.asked_for, seen.complaints) == ([], [])
    assert len(seen.requests) == 1  # the page itself was seen to be asked for, so others would have been


def test_what_counts_is_seen_without_scrolling(seen: Visit, kind: str) -> None:
    seen.page.evaluate("window.scrollTo(0, 0)")
    assert [selector for selector in FIRST_SCREEN[kind] if not any(seen.seen(selector))] == []


def test_the_page_is_no_wider_than_the_screen(seen: Visit) -> None:
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.parametrize("language, font", [("zh", "CJK SC"), ("ja", "CJK JP")], indirect=["language"])
def test_chinese_and_japanese_have_fonts_of_their_own(seen: Visit, font: str) -> None:
    assert any(font in one for one in seen.fonts("h2")), "no such font here: apt-get install fonts-noto-cjk"


def test_everybody_can_read_it(seen: Visit) -> None:
    assert seen.violations() == {}
    seen.shot("-whole", whole=True)


def test_paper_cuts_nothing(seen: Visit) -> None:
    seen.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = false })")
    pdf = seen.printed()
    texts = seen.texts()
    assert len(texts) > 50
    assert beyond_the_edges(pdf) == []
    assert missing(pdf, texts) == []
