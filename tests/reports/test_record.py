"""change-record.html: its structure for each way in which a change can end, and what every page must be."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import render
from reports.journal import history
from reports.journal.chains import run_folders
from reports.pages.html import script, script_hash
from reports.record import page
from tests.reports import changes, sample
from tests.reports.outline import compare, outline

STORIES: dict[str, Callable[[Path], None]] = {
    "all-right": changes.all_right,
    "failed-on-side-a": changes.failed_on_side_a,
    "interrupted": changes.interrupted,
    "verification": changes.verification,
    "taken-back": changes.rolled_back,
    "failed-and-taken-back": changes.failed_and_rolled_back,
}


def record(site: Path) -> bytes:
    """The page of a change's folder."""
    made = page.made([history.of(run) for run in run_folders(site)], site, [])
    assert made is not None
    return made


def without_filter(html: str) -> str:
    """The page without the one script that it has."""
    assert html.count(script("filter.js")) == 1
    return html.replace(f"<script>{script('filter.js')}</script>", "")


@pytest.fixture(scope="module", params=STORIES)
def story(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def html(story: str, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    site = tmp_path_factory.mktemp("out") / "CHG0012345"
    STORIES[story](site)
    return record(site)


def test_a_record_has_the_structure_that_somebody_has_looked_at(story: str, html: bytes) -> None:
    compare(f"record-{story}", html)


def test_a_record_stands_alone_and_asks_nothing_of_anybody(html: bytes) -> None:
    text = html.decode()
    assert f"script-src 'sha256-{script_hash('filter.js')}'\"" in text  # the page's own filter, and no other script
    text = without_filter(text)
    assert not re.search(r"<(script|link|img|iframe|object|embed|form)\b|\b(src|srcset|action)=|url\(|@import", text)
    assert [link for link in re.findall(r'href="([^"]*)"', text) if not link.startswith("#")] == []
    assert "default-src 'none'" in text


def test_a_record_can_be_read_by_everybody(html: bytes) -> None:
    soup = BeautifulSoup(html, "html.parser")
    assert soup.html is not None
    assert soup.html["lang"] == "en"
    levels = [int(tag.name[1]) for tag in soup.find_all(re.compile(r"^h[1-6]$"))]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert [cell for cell in soup.find_all("th") if not cell.get("scope")] == []
    for picture in soup.find_all("svg"):
        named = str(picture["aria-labelledby"]).split()
        assert picture["role"] == "img"
        assert all(picture.find(id=name) for name in named)
    names = [str(tag["id"]) for tag in soup.find_all(id=True)]
    assert len(names) == len(set(names))


class _Strict(HTMLParser):
    """Finds elements that are not closed, or closed out of their order."""

    EMPTY = ("meta", "br", "rect", "line", "input")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag, attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_element_is_closed(html: bytes) -> None:
    parser = _Strict()
    parser.feed(html.decode())
    assert parser.open == []


def test_a_rerun_adds_to_the_record_and_erases_nothing(tmp_path: Path) -> None:
    changes.interrupted(tmp_path)
    before = outline(record(tmp_path))
    assert "not finished The change is not finished" in before
    changes.all_right(tmp_path, changes.SECOND)
    after = outline(record(tmp_path))
    assert "successful The change is complete" in after
    told = (
        "interrupted: its journal has no end line; 4 of 9 steps did not begin | 1 | a later run went through all of it"
    )
    assert f"| {changes.FIRST} | {told}\n" in after
    assert 'interrupted while: sc stop "callserver" | 1 | later: done (run 2)' in after


def test_what_a_host_printed_is_text(tmp_path: Path) -> None:
    book = changes.Book(tmp_path)
    shout = "<script>alert('{{ 7 * 7 }}')</script> \x00 & \udcff"
    book.step("1.1.iii", "<b>host</b>", book.command("h", shout, shout, stdout=shout), outcome="failed", said=shout)
    book.end(1)
    text = without_filter(record(tmp_path).decode())
    assert "<script" not in text
    assert "<b>host" not in text
    assert "\x00" not in text
    assert "&lt;script&gt;alert(&#39;{{ 7 * 7 }}&#39;)&lt;/script&gt;" in text


def test_the_documents_of_a_change_include_the_record_and_name_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changes.all_right(tmp_path)
    assert render.main([str(tmp_path), "--no-report"]) == 0
    assert f"Change record: {tmp_path / 'change-record.html'}\n" in capsys.readouterr().out
    made = (tmp_path / "change-record.html").read_bytes()
    assert made == record(tmp_path)
    assert b'"service": "callserver"' in (tmp_path / "measured.json").read_bytes()
    assert render.main([str(tmp_path), "--no-report"]) == 0
    assert (tmp_path / "change-record.html").read_bytes() == made


def test_a_folder_with_nothing_but_plans_has_no_record(tmp_path: Path) -> None:
    book = changes.Book(tmp_path, "20261122T120000Z-plan", kind="plan")
    book.end()
    assert page.made([history.of(run) for run in run_folders(tmp_path)], tmp_path, []) is None


ODD = [
    None,
    "",
    -1,
    1e308,
    float("nan"),
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-01-01T00:00:00",
]


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Every line of all journals here."""
    out = tmp_path_factory.mktemp("out")
    for name, write in STORIES.items():
        write(out / name)
    return [line for path in sorted(out.rglob("journal-*.jsonl")) for line in path.read_bytes().splitlines()]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("CHG2") / "runs" / changes.FIRST
    folder.mkdir(parents=True)
    return folder


def places(entry: object, place: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where in a journal's line something stands."""
    for name, value in entry.items() if isinstance(entry, dict) else ():
        yield (*place, name)
        yield from places(value, (*place, name))


@settings(deadline=None)
@given(data=st.data())
def test_whatever_a_journal_holds_there_is_a_record(run: Path, lines: list[bytes], data: st.DataObject) -> None:
    written = []
    for line in data.draw(st.lists(st.sampled_from(lines), max_size=10)):
        entry = json.loads(line)
        *way, last = data.draw(st.sampled_from(list(places(entry))))
        part = entry
        for name in way:
            part = part[name]
        part[last] = data.draw(st.sampled_from([*ODD, part[last]]))
        written.append(json.dumps(entry).encode() + b"\n")
    (run / "journal-1.jsonl").write_bytes(b"".join(written) + data.draw(st.binary(max_size=10)))
    assert record(run.parent.parent).startswith(b"<!DOCTYPE html>")


def test_the_approved_plan_and_the_one_that_lies_there_are_told_apart(tmp_path: Path) -> None:
    changes.all_right(tmp_path)
    (tmp_path / "plan.json").write_text('{"hash": "other"}', encoding="utf-8")
    assert "the plan in this folder has the hash other: no run was told that it is the approved one" in outline(
        record(tmp_path)
    )
    assert f"the approved plan is {changes.PLAN}".encode() in record(tmp_path)
    assert sample.run(tmp_path).approved_plan == ""
