"""The rooms and their doors, where import-linter does not see: the root conftest.py, and the shape of every step."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# An activation that several sections need is one section's step; the others' folders have a file that names it.
SHARED = {"test_1_2_d_activate_ads": ("section2", "section3"), "test_1_4_iii_activate_cvp": ("section2", "section4")}
REFERENCES = [ROOT / "runbook" / section / f"{name}.py" for name, sections in SHARED.items() for section in sections]
STEPS = sorted(set((ROOT / "runbook").rglob("test_*.py")) - set(REFERENCES))
LAB = sorted((ROOT / "lab").rglob("*.py"))
ROOMS = ("runbook", "fixtures", "checks", "reports", "lab", "benchmarks")
PRODUCT = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "node_modules" not in path.parts)
STARTING = re.compile(r"subprocess\.(run|Popen|call|check_call|check_output)")
OTHER_WAYS = re.compile(
    r"subprocess\.get\w*output|os\.(system|popen|exec\w+|spawn\w+|posix_spawn\w*|fork\w*|startfile)|pty\.(spawn|fork)"
    r"|.*\.create_subprocess_\w+|.*\.subprocess_(exec|shell)|multiprocessing\..*|.*\.ProcessPoolExecutor"
)


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


@pytest.mark.parametrize("path", REFERENCES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_reference_to_a_step_is_nothing_but_that(path: Path) -> None:
    docstring, reference, names = ast.parse(path.read_text(encoding="utf-8")).body
    assert isinstance(docstring, ast.Expr)
    assert isinstance(reference, ast.ImportFrom)
    assert reference.module == f"runbook.section1.{path.stem}"
    assert isinstance(names, ast.Assign)


@pytest.mark.parametrize("path", STEPS, ids=lambda path: path.stem)
def test_a_step_names_no_library(path: Path) -> None:
    assert imported(path) <= {"fixtures", "checks"}


def handed_everything(source: str) -> list[str]:
    """The calls that start a program with more than `environment(...)` makes: the one function with a table."""
    tree = ast.parse(source)
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {one.asname: one.name for one in node.names if one.asname}
        if isinstance(node, ast.ImportFrom):
            names |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    found = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        first, dot, rest = ast.unparse(call.func).partition(".")
        called = names.get(first, first) + dot + rest
        given = next((ast.unparse(one.value) for one in call.keywords if one.arg == "env"), "")
        is_made = re.search(r"\benvironment\(", given) and "os.environ" not in given
        if OTHER_WAYS.fullmatch(called) or (STARTING.fullmatch(called) and not is_made):
            found.append(f"line {call.lineno}: {called}")
    return found


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_program_gets_the_whole_environment(path: Path) -> None:
    assert handed_everything(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source, found",
    [
        ("subprocess.run(a)", True),
        ("subprocess.run(a, env=None)", True),
        ("subprocess.run(a, env=os.environ)", True),
        ("subprocess.run(a, env=os.environ | environment(Program.NPM))", True),
        ("subprocess.run(a, env=environment(Program.NPM))", False),
        ("subprocess.Popen(a, env={**call.environment, **environment()})", False),
        ("import subprocess as s\ns.check_output(a)", True),
        ("from subprocess import Popen\nPopen(a)", True),
        ("os.system(a)", True),
        ("from os import execv\nexecv(a)", True),
        ("asyncio.create_subprocess_exec(a)", True),
        ("import multiprocessing\nmultiprocessing.Process(target=a)", True),
        ("process.run(a)", False),
    ],
)
def test_that_is_seen_however_it_is_spelt(source: str, found: bool) -> None:  # noqa: FBT001
    assert bool(handed_everything(source)) is found


# Who may print for himself: all others pass through `fixtures.system.visible.show`, which hides no control character.
PRINTING = {
    "fixtures/system/visible.py": "the door itself",
    "fixtures/tables/trust_page.py": "a page made of the project's own table",
    "fixtures/inventory/aw/from_aw.py": "the inventory that it makes: a file, whose values are clean",
}


def test_what_is_printed_passes_the_one_door() -> None:
    printing = {
        path.relative_to(ROOT).as_posix()
        for room in ("runbook", "fixtures", "checks", "reports")
        for path in (ROOT / room).rglob("*.py")
        if "node_modules" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "sys.stdout.write", "sys.stderr.write")
    }
    assert printing == PRINTING.keys()
