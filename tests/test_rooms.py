"""The rooms and their doors, where import-linter does not see: the root conftest.py, and the shape of every step."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STEPS = sorted((ROOT / "runbook").rglob("test_*.py"))
LAB = sorted((ROOT / "lab").rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The top-level packages that a file names in an import, wherever it stands."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in names}


def the_test(path: Path) -> ast.FunctionDef:
    """The one test of a step's file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tests = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert len(tests) == 1, f"{path.name}: one file a step, one test a file"
    return tests[0]


def performs(node: ast.AST) -> list[ast.Call]:
    """The calls of perform below a node."""
    return [
        call
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "perform"
    ]


def test_the_root_conftest_does_nothing() -> None:
    body = ast.parse((ROOT / "conftest.py").read_text(encoding="utf-8")).body

    assert len(body) == 1
    assert isinstance(body[0], ast.Expr)


def test_the_lab_imports_no_other_room_in_any_way() -> None:
    rooms = {"runbook", "fixtures", "checks", "reports", "tests"}

    assert {path.name: imported(path) & rooms for path in LAB if imported(path) & rooms} == {}
    assert not [path.name for path in LAB if "import_module" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", STEPS, ids=lambda path: path.stem)
def test_a_step_that_performs_does_so_exactly_once_and_before_anything_else(path: Path) -> None:
    test = the_test(path)
    if "perform" not in [argument.arg for argument in test.args.args]:
        assert performs(test) == []
        return

    statements = test.body[1:]  # after the docstring
    assert len(performs(test)) == 1
    assert len(performs(statements[0])) == 1


@pytest.mark.parametrize("path", STEPS, ids=lambda path: path.stem)
def test_a_step_names_no_library(path: Path) -> None:
    assert imported(path) <= {"fixtures", "checks"}
