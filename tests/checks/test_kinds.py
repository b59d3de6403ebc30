"""Every kind of violation is well made and used, and each use gives it the values that its sentence names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from checks import kinds
from checks.violation import Kind, Violation

ROOT = Path(__file__).parents[2]
ROOMS = ("checks", "fixtures")
MODULES = [f"checks.kinds.{found.name}" for found in iter_modules(kinds.__path__)]
KINDS = {
    f"{module.rpartition('.')[2]}.{name}": kind
    for module in MODULES
    for name, kind in vars(import_module(module)).items()
    if isinstance(kind, Kind)
}
OF_IDS = {kind.id: kind for kind in KINDS.values()}


def test_every_kind_has_an_id_of_its_own() -> None:
    assert len(OF_IDS) == len(KINDS) > 60


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_makes_a_whole_sentence(kind: Kind) -> None:
    values = {name: f"<{name}>" for name in kind.names}
    told = str(kind.at("cvp1a.example.com", **values))
    assert told.startswith("cvp1a.example.com ")
    assert all(value in told for value in values.values())
    assert not any(f"{{{name}}}" in told for name in (*kind.names, "host"))
    assert all((kind.subject, kind.property, kind.expected, kind.found, kind.remedy))


@pytest.mark.parametrize("values", [{}, {"service": "Tomcat9", "store": "cacerts"}], ids=["missing", "unknown"])
def test_a_value_that_is_missing_or_unknown_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(TypeError, match=r"service\.does-not-run: values for"):
        KINDS["services.DOES_NOT_RUN"].at("awa", **values)


def test_a_value_may_look_like_a_text_of_a_kind() -> None:
    one = KINDS["stores.UNSPEAKABLE_ALIAS"].at("awa", store="cacerts", alias="{host}{0}", why="{why}")
    assert (one.subject, one.found) == ("cacerts alias {host}{0}", "{why}")


def test_another_remedy_changes_nothing_else() -> None:
    one = KINDS["services.DOES_NOT_RUN"].at("awa", service="Tomcat9")
    other = one.remedied("Bring it back first.")
    assert str(other) == str(one).replace(one.remedy, "Bring it back first.")
    assert (other.kind, other.values) == (one.kind, one.values)


# -- their uses --------------------------------------------------------------------------------------------------------


def _uses() -> Iterator[tuple[str, int, str, frozenset[str] | None]]:
    """Every mention of a kind: file, line, its name, and the values it is given there (None: not by name)."""
    for path in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        modules = _imported(tree)
        calls = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for node in ast.walk(tree):
            at = calls.get(id(node)) if isinstance(node, ast.Attribute) and node.attr == "at" else None
            target = node.value if at is not None and isinstance(node, ast.Attribute) else node
            name = _named(target, modules)
            if name and (at is not None or isinstance(target, ast.Attribute | ast.Name)):
                yield str(path), getattr(node, "lineno", 0), name, _values(at) if at is not None else None


def _imported(tree: ast.Module) -> dict[str, str]:
    """Names in a file that stand for a module of kinds, or for a kind."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("checks.kinds"):
            module = node.module.removeprefix("checks.kinds").strip(".")
            found |= {one.asname or one.name: f"{module}.{one.name}".strip(".") for one in node.names}
    return found


def _named(node: ast.AST, modules: dict[str, str]) -> str:
    """The kind that an expression names; empty for others."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        name = f"{modules.get(node.value.id, '')}.{node.attr}"
    else:
        name = modules.get(node.id, "") if isinstance(node, ast.Name) else ""
    return name if name in KINDS else ""


def _values(call: ast.Call) -> frozenset[str] | None:
    names = [one.arg for one in call.keywords]
    return None if None in names else frozenset(name for name in names if name)


USES = list(_uses())


def test_every_kind_is_used() -> None:
    assert KINDS.keys() == {name for _, _, name, _ in USES}


def test_each_use_gives_the_values_that_the_sentence_names() -> None:
    wrong = [
        f"{path}:{line}: {name} is given {sorted(given)}, its texts name {sorted(KINDS[name].names)}"
        for path, line, name, given in USES
        if given is not None and given != KINDS[name].names
    ]
    assert wrong == []
    assert sum(given is not None for *_, given in USES) > 50


def test_only_a_kind_makes_a_violation() -> None:
    """So that a sentence has one place."""
    made = [
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == Violation.__name__
    ]
    assert made == ["checks/violation.py"]
