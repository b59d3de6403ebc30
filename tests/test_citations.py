"""Every page that the code or another page names is there, and so is the heading that is named with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("runbook", "fixtures", "checks", "reports", "lab", "tests", "benchmarks")
CODE = sorted(
    path for room in ROOMS for path in (ROOT / room).rglob("*.py") if not {"node_modules", "out"} & set(path.parts)
)
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "lab").rglob("*.md"))]
# `docs/sources.md`, "keytool"
NAMED = re.compile(r"`((?:[\w.-]+/)*[\w-]+\.md)`(?:, \"([^\"]+)\")?")
LINKED = re.compile(r"\]\(((?!https?:)[^)#\s]*)(?:#([\w-]+))?\)")


def headings(page: Path) -> set[str]:
    """The headings of a page, as they stand."""
    return set(re.findall(r"^#+ +(.+?) *$", page.read_text(encoding="utf-8"), re.MULTILINE))


def anchors(page: Path) -> set[str]:
    """The headings of a page as links name them."""
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings(page)}


def one_line(code: str) -> str:
    """A file's text, comments and docstrings joined over their line breaks."""
    return re.sub(r"\s*\n\s*(?:# )?", " ", code)


def missing(name: str, heading: str) -> str:
    """What is not there of a citation; empty if it leads somewhere."""
    page = ROOT / name
    if not page.exists():
        return f"{name} is not there: name it from the project's root"
    there = not heading or any(one.startswith(heading) for one in headings(page))
    return "" if there else f'{name} has no heading "{heading}"'


def test_what_code_cites_is_there() -> None:
    cited = {file: NAMED.findall(one_line(file.read_text(encoding="utf-8"))) for file in CODE}
    found = {
        f"{file.relative_to(ROOT)}: {missing(*one)}" for file, every in cited.items() for one in every if missing(*one)
    }

    assert found == set()
    assert {"docs/procedure.md", "docs/sources.md"} <= {name for every in cited.values() for name, _ in every}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_page_links_to_is_there(page: Path) -> None:
    for name, anchor in LINKED.findall(page.read_text(encoding="utf-8")):
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{name} is not there"
        assert not anchor or anchor in anchors(target), f"{name} has no heading #{anchor}"
