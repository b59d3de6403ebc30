"""The record of a site of 300 hosts: still light, still readable, and what somebody looks for is found in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import large, places
from tests.browser.browsing import Visit, visit

LIGHT, SOON = 15_000_000, 5  # bytes, seconds
SHOWN = "[data-row]:not(.out)"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out") / "CHG0012345"
    large.change(folder)
    return places.record(folder, "en")


@pytest.fixture
def seen(browser: Browser, page: Path) -> Iterator[Visit]:
    with visit(browser, page, "large-en") as seen:
        yield seen
        assert (seen.asked_for, seen.complaints) == ([], [])


def test_it_is_light_and_soon_open(page: Path, seen: Visit) -> None:
    print(f"{page.stat().st_size} bytes, {seen.seconds:.1f} s")
    assert page.stat().st_size < LIGHT
    assert seen.seconds < SOON


def test_what_counts_is_seen_without_scrolling_and_the_rest_is_grouped(seen: Visit) -> None:
    seen.shot()
    seen.shot("-whole", whole=True)
    for selector in (".outcome .word", ".outcome .first", ".counts", "#standing"):
        assert any(seen.seen(selector)), selector
    assert seen.page.evaluate("document.documentElement.scrollHeight") < 12 * 800  # with everything folded
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_host_is_found_everywhere_by_its_name(seen: Visit) -> None:
    seen.page.get_by_role("searchbox").fill("CVP007A")
    rows = seen.page.locator(SHOWN)
    texts = rows.all_inner_texts()
    assert texts
    assert all("cvp007a" in text for text in texts)
    assert f"shown: {len(texts)} of " in seen.page.get_by_role("status").inner_text()
    assert rows.first.is_visible()  # its group was opened
    assert {"ads001a.example.com", "ads020b.example.com"} <= {text.split()[0] for text in texts}
    seen.shot("-filtered", whole=True)
    seen.page.get_by_role("searchbox").fill("")
    assert seen.page.locator(".out").count() == 0
    assert not rows.first.is_visible()  # and is as it was


def test_what_is_not_right_is_found_without_knowing_its_name(seen: Visit) -> None:
    seen.page.get_by_role("checkbox").check()
    texts = seen.page.locator(SHOWN).all_inner_texts()
    assert any(large.BROKEN in text and "failed" in text for text in texts)
    assert len([text for text in texts if "the port is closed" in text]) == large.ADSES
    assert all(large.BROKEN in text or "blocked" in text or "a trust fails" in text for text in texts)
    seen.shot("-not-right", whole=True)


def test_paper_shows_also_what_is_filtered_away(seen: Visit) -> None:
    seen.page.get_by_role("searchbox").fill("no host is called so")
    seen.page.emulate_media(media="print")
    hidden = "[...document.querySelectorAll('.out')].filter(one => getComputedStyle(one).display === 'none').length"
    assert seen.page.evaluate(hidden) == 0
    assert not seen.page.get_by_role("searchbox").is_visible()


def test_it_is_read_without_any_script(browser: Browser, page: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    try:
        plain = context.new_page()
        plain.goto(page.as_uri())
        assert not plain.get_by_role("searchbox").is_visible()  # no box that does nothing
        plain.get_by_text("Every trust, one by one").click()
        plain.get_by_text("ads001a.example.com: 280").click()
        assert plain.get_by_role("cell", name="cvp007a.example.com").first.is_visible()
    finally:
        context.close()
