"""How the rooms are furnished: no module imports itself by way of others, and no folder is a drawer."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MOST = 16  # modules of a folder, its __init__.py apart
ROOMS = ("checks", "fixtures", "lab", "reports", "runbook")


def modules(room: str) -> dict[str, Path]:
    """The modules of a room by their dotted names."""
    files = (path for path in (ROOT / room).rglob("*.py") if not {"node_modules", "out"} & set(path.parts))
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in files}


def imported(path: Path, known: dict[str, Path]) -> Iterator[str]:
    """The modules of its room that a file names in an import, wherever that stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in known else str(node.module) for name in names)


@pytest.mark.parametrize("room", ROOMS)
def test_no_module_imports_itself_by_way_of_others(room: str) -> None:
    known = modules(room)
    assert known
    TopologicalSorter({name: set(imported(path, known)) - {name} for name, path in known.items()}).prepare()


@pytest.mark.parametrize("room", ROOMS)
def test_no_folder_is_a_drawer(room: str) -> None:
    folders = {path.parent for path in modules(room).values()}
    full = {folder.name: len(list(folder.glob("*.py"))) - 1 for folder in folders}
    assert {name: number for name, number in full.items() if number > MOST} == {}
