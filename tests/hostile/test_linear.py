"""Every parser takes 1 MB of its worst inputs in a time that grows with the input and no faster."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

import fixtures.parsers
from fixtures.parsers.cvp import parse_security_properties
from fixtures.parsers.errors import Unreadable
from tests.hostile import clock, patterns, worst
from tests.hostile.parser import Parser, Read
from tests.hostile.parsers import PARSERS

MEGABYTE, FLOOR, LONGEST = 1_000_000, 0.1, 2.0  # seconds, of the processor's
_TRIED, _SMALL, _FEW = 60, 4_000, 1  # ways for each function; characters to find the worst of them; those
_SEED = 20261130


def ways(parser: Parser) -> list[worst.Make]:
    """Ways to make a long input for a parser."""
    made = chain.from_iterable(worst.texts(pattern) for module in parser.modules for pattern in patterns.of(module))
    return [*chain.from_iterable(map(worst.of_sample, parser.samples)), *made]


def quietly(parser: Parser, call: Read, folder: Path) -> Callable[[Any], object]:
    """One of its functions, without its own errors."""

    def run(given: Any) -> None:
        with suppress(*parser.raises):
            call(parser.taken(given), folder)

    return run


def worst_of(parser: Parser, run: Callable[[Any], object], tried: int, most: int) -> Iterator[worst.Make]:
    """The inputs that take most time, of a seeded choice; and a real one again and again."""
    every = ways(parser)
    some = random.Random(_SEED).sample(every, min(tried, len(every)))  # noqa: S311 - a choice, not a secret
    slowest = sorted(some, key=lambda make: clock.seconds(run, make(_SMALL)), reverse=True)
    yield from dict.fromkeys((*slowest[:most], *every[:1]))


@pytest.mark.parametrize("name", PARSERS)
def test_a_parser_is_linear(name: str, tmp_path: Path) -> None:
    parser = PARSERS[name]
    for call in parser.calls:
        run = quietly(parser, call, tmp_path)
        for place, make in enumerate(worst_of(parser, run, _TRIED, _FEW)):
            growth = clock.growth(run, make, MEGABYTE // 4 if place else MEGABYTE, FLOOR)
            assert growth.steepness < clock.STEEP, f"{growth}: {make(200)!r}"
            assert growth.seconds < LONGEST, f"{growth}: {make(200)!r}"


# What the soak has found: a text that is repeated to 1 MB, and what reads it.
FOUND: dict[str, tuple[Callable[[str], object], str]] = {
    "one line over all lines of a file": (parse_security_properties, "a:\\\n"),
    "a key again and again": (parse_security_properties, "Security.keystorePW = se\\\r\n"),
}


@pytest.mark.parametrize("read, pump", FOUND.values(), ids=FOUND)
def test_what_was_found_is_linear(read: Callable[[str], object], pump: str) -> None:
    def run(text: str) -> None:
        with suppress(Unreadable):
            read(text)

    growth = clock.growth(run, lambda size: pump * (size // len(pump)), MEGABYTE, FLOOR)
    assert growth.steepness < clock.STEEP, growth
    assert growth.seconds < LONGEST, growth


def test_every_reading_is_in_the_table() -> None:
    """A new function of `fixtures.parsers` is called by a parser of the table; a new pattern is found by itself."""
    tree = ast.parse((patterns.ROOT / "tests/hostile/of_hosts.py").read_text(encoding="utf-8"))
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for found in pkgutil.walk_packages(fixtures.parsers.__path__, "fixtures.parsers."):
        module = importlib.import_module(found.name)
        own = {
            name
            for name, function in inspect.getmembers(module, inspect.isfunction)
            if function.__module__ == module.__name__ and not name.startswith("_")
        }
        assert own <= called, f"{module.__name__}: {own - called} in no parser of tests/hostile/of_hosts.py"
