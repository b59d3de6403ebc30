"""A page as its outline: what a reader meets, in its order, without markup. Golden files hold it, not bytes."""

from __future__ import annotations

import os
import re
from pathlib import Path

from bs4 import BeautifulSoup, Tag

GOLDEN = Path(__file__).with_name("golden")
_SHOWN = ["h1", "h2", "h3", "h4", "p", "li", "dt", "dd", "caption", "tr", "pre", "summary", "title"]
_UNSTEADY = (  # what another machine, process or day would write otherwise
    (r"journal-\d+\.jsonl", "journal-N.jsonl"),
    (r"\b[0-9a-f]{64}\b", "HASH"),
    (r"/\S*/(?=runs|site\.yaml)", ""),
)


def outline(html: bytes) -> str:
    """One line for each heading, paragraph, list item, table row and named part of a picture."""
    soup = BeautifulSoup(html, "html.parser")
    assert soup.body is not None
    lines = [_line(tag) for tag in soup.body.find_all(_SHOWN) if not _told_already(tag)]
    text = "\n".join(line for line in lines if line) + "\n"
    for pattern, shown in _UNSTEADY:
        text = re.sub(pattern, shown, text)
    return text


def _told_already(tag: Tag) -> bool:
    return any(parent.name in ("tr", "li", "summary") for parent in tag.parents if isinstance(parent, Tag))


def _line(tag: Tag) -> str:
    if tag.name == "tr":
        return "| " + " | ".join(_words(cell) for cell in tag.find_all(["th", "td"]))
    marks = {"h1": "# ", "h2": "## ", "h3": "### ", "h4": "#### ", "li": "- ", "title": "[picture] ", "dt": "> "}
    return marks.get(tag.name, "") + _words(tag)


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def compare(name: str, html: bytes) -> None:
    """Compare a page with its golden outline; with RUNBOOK_GOLDEN=write it becomes that, to be looked at in a diff."""
    path = GOLDEN / f"{name}.txt"
    found = outline(html)
    if os.environ.get("RUNBOOK_GOLDEN") == "write":
        path.write_text(found, encoding="utf-8", newline="\n")
    assert found == path.read_text(encoding="utf-8")
