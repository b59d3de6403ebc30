"""The documents' own text against docs/coverage.yaml, where somebody has it: it is not part of this project.

`python -m tests.documents.seeds FOLDER`, with one `*.zh.txt` and one `*.ja.txt` in the folder; exit code 1 where they
differ.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.documents.items import EDITIONS, Coverage, Edition, load

_FENCE = "```"
# A command line that the text of one edition has broken in two, in two blocks.
_BROKEN = re.compile(r"^(.+ -)\n(```\n+```\n)", re.MULTILINE)
_COMMAND = re.compile(r"keytool(\.exe)? -|(?i:%JAVA_HOME%)|%CVP_HOME%\\conf\\security\.properties|\bnet (stop|start)\b")
_NOTE = re.compile(r"注[:：\d]|注意|注释|警告")
_NUMBERED = re.compile(r"^[#*\[ -]*(\((i|ii|iii|iv|v|vi)\)|二|[abd]\)|[步手][骤順] ?\d|ステップ ?\d)")
_NOTES = frozenset({"note", "caution"})
_STEPS = frozenset({"step", "demand", "command"})


def text_of(folder: Path, edition: Edition) -> str:
    """The text of an edition. Raises FileNotFoundError where the folder has not exactly one."""
    found = sorted(folder.glob(f"*.{edition}.txt"))
    if len(found) != 1:
        raise FileNotFoundError(f"{folder}: one file *.{edition}.txt is expected, found {len(found)}")
    return found[0].read_text(encoding="utf-8")


def problems(coverage: Coverage, edition: Edition, text: str) -> Iterator[str]:
    """What the text has and the data does not, or the other way round; a line each."""
    lines = _lines(text)
    yield from _lines_without_item(coverage, edition, lines)
    yield from _wrong_kind(coverage, edition, lines)
    yield from _commands(coverage, edition, lines)


def _lines(text: str) -> dict[int, str]:
    """The lines that say something, by number, without Markdown; a broken command stands on its last line."""
    # The line breaks within it go in front of it, so that no line's number moves.
    joined = _BROKEN.sub(lambda found: "\n" * (1 + found[2].count("\n")) + found[1], text)
    plain = (re.sub(r"\\([_()\[\]])", r"\1", line).strip() for line in joined.split("\n"))
    return {number: line for number, line in enumerate(plain, start=1) if line and line != _FENCE}


def _lines_without_item(coverage: Coverage, edition: Edition, lines: dict[int, str]) -> Iterator[str]:
    beside = coverage.lines_beside(edition)
    in_items = {line for item in coverage.items for line in item.lines(edition)}
    for number, line in lines.items():
        if number not in in_items | beside:
            yield f"{edition} {number}: no item has this line: {line}"
    for number in sorted(in_items & beside):
        yield f"{edition} {number}: both an item and beside"
    for number in sorted((in_items | beside) - set(range(1, max(lines) + 1))):
        yield f"{edition} {number}: the text ends before this line"
    for item in coverage.items:
        if item.lines(edition) and not any(number in lines for number in item.lines(edition)):
            yield f"{edition} {item.lines(edition)}: {item.at} has no text"


def _wrong_kind(coverage: Coverage, edition: Edition, lines: dict[int, str]) -> Iterator[str]:
    kinds: dict[int, list[str]] = {}
    for item in coverage.items:
        for number in item.lines(edition):
            kinds.setdefault(number, []).append(item.kind)
    for number, line in lines.items():
        found = kinds.get(number, [])
        # A line may hold more than one note.
        if len(_NOTE.findall(line)) > sum(kind in _NOTES for kind in found):
            yield f"{edition} {number}: no note or caution for: {line}"
        if _NUMBERED.search(line) and not any(kind in _STEPS for kind in found):
            yield f"{edition} {number}: no step for: {line}"


def _commands(coverage: Coverage, edition: Edition, lines: dict[int, str]) -> Iterator[str]:
    items = [item for item in coverage.items if item.command and item.lines(edition)]
    in_items = {number for item in items for number in item.lines(edition)}
    for number, line in lines.items():
        if _COMMAND.search(line) and number not in in_items:
            yield f"{edition} {number}: no item for the command {line}"
    for item in items:
        here = [lines[number] for number in item.lines(edition) if number in lines]
        # A keytool line is the whole line; another command may stand within a sentence.
        if (
            sum(item.line(edition) == line or (not item.is_keytool and item.line(edition) in line) for line in here)
            != 1
        ):
            yield f"{edition} {item.lines(edition)}: not there as it is in the data: {item.line(edition)}"


def main(folder: Path) -> int:
    """Print what differs; the exit code."""
    coverage = load()
    found = [line for edition in EDITIONS for line in problems(coverage, edition, text_of(folder, edition))]
    print("\n".join(found) or "every line of both editions is accounted for")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
