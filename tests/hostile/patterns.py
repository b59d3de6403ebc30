"""Every regular expression of the rooms that read what comes from outside, and the methods by which each is used.

They are found in the source: a pattern that somebody adds is tried with the worst inputs without anybody asking for it.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[2]
ROOMS = ("checks", "fixtures", "reports")
_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "split")
_TABLES = (tuple, list, dict, frozenset)
_IN_A_TABLE = "pattern"  # what each is called when a table is gone through


@dataclass(frozen=True)
class Used:
    """A pattern, where it stands, and one method by which it is used there."""

    where: str  # module:line
    pattern: re.Pattern[Any]
    method: str

    @property
    def name(self) -> str:
        return f"{self.where} {self.method}"

    def run(self, text: Any) -> None:
        """Use the pattern so, to its end."""
        found: Any = (
            self.pattern.sub(self.pattern.pattern[:0], text)
            if self.method == "sub"
            else getattr(self.pattern, self.method)(text)
        )
        if self.method == "finditer":
            for _ in found:
                pass


def modules() -> Iterator[tuple[ModuleType, ast.Module]]:
    """The modules of the rooms, imported and as source."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            if not name.endswith("__main__"):
                yield importlib.import_module(name), ast.parse(path.read_text(encoding="utf-8"))


@cache
def every() -> tuple[Used, ...]:
    """All of them."""
    return tuple(used for module, tree in modules() for used in _of(module, tree))


def of(module: str) -> tuple[re.Pattern[Any], ...]:
    """The patterns of one module."""
    return tuple(dict.fromkeys(one.pattern for one in every() if one.where.partition(":")[0] == module))


def _of(module: ModuleType, tree: ast.Module) -> Iterator[Used]:
    """A pattern in a table may be used in every way; the others as the source says."""
    ways = _ways(tree)
    of_tables = ways.get(_IN_A_TABLE, set()) or {"search"}
    for node in tree.body:
        for name in _assigned(node):
            value = getattr(module, name, None)
            here = f"{module.__name__}:{node.lineno}"
            if isinstance(value, re.Pattern):
                yield from (Used(here, value, way) for way in sorted(ways.get(name, set()) or {"search"}))
            elif isinstance(value, _TABLES):
                yield from (Used(here, one, way) for one in _within(value) for way in ways.get(name, of_tables))
    yield from _inline(module, tree)


def _assigned(node: ast.stmt) -> Iterator[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    yield from (target.id for target in targets if isinstance(target, ast.Name))


def _within(value: Any) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, _TABLES):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _within(one)


def _ways(tree: ast.Module) -> dict[str, set[str]]:
    """Name of a pattern -> the methods by which the module uses it."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in _METHODS:
            of = node.value.value if isinstance(node.value, ast.Subscript) else node.value
            if isinstance(of, ast.Name):
                found.setdefault(of.id, set()).add(node.attr)
    return found


def _inline(module: ModuleType, tree: ast.Module) -> Iterator[Used]:
    """Patterns that stand where they are used: `re.search(r"...", text)`."""
    for call in _calls(tree):
        pattern = _evaluated(module, call)
        if pattern is not None:
            yield Used(f"{module.__name__}:{call.lineno}", pattern, str(getattr(call.func, "attr", "")))


def made_of_values() -> tuple[str, ...]:
    """The modules that make patterns of what a function is given."""
    return tuple(
        dict.fromkeys(
            module.__name__ for module, tree in modules() for call in _calls(tree) if _evaluated(module, call) is None
        )
    )


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        function = call.func
        if isinstance(function, ast.Attribute) and ast.unparse(function.value) == "re" and function.attr in _METHODS:
            yield call


def _evaluated(module: ModuleType, call: ast.Call) -> re.Pattern[Any] | None:
    """The pattern of a call, where the module alone knows it; one that is made of a function's own values is not."""
    flags = [
        word for word in ast.unparse(call).replace("|", " ").replace(",", " ").rstrip(")").split() if word[:3] == "re."
    ]
    try:
        source = eval(ast.unparse(call.args[0]), dict(vars(module)))  # noqa: S307 - this project's own source
    except NameError:
        return None
    return re.compile(source, sum({getattr(re, word[3:], 0) for word in flags if word[3:].isupper()}))
