"""Every regular expression of the rooms is linear in what it is given, in the way in which it is used."""

from __future__ import annotations

import re

import pytest

from tests.hostile import clock, patterns, worst

SIZE, FLOOR = 8_000, 0.01
# Patterns that a function makes of its own values: the parsers that use them are tried as they are.
MADE = {
    "fixtures.connections.command": "answers",
    "fixtures.secrets.credentials": "redaction",
    "fixtures.actions.perform": "answers",
    "fixtures.connections.vos.backend": "a line of ours",
    "fixtures.parsers.vos.cli": "cli",
}
QUADRATIC = {
    "two runs of the same": (re.compile(r"a+a+b"), "search"),
    "a run from anywhere": (re.compile(r"[0-9]+$"), "search"),
    "a block without an end": (re.compile(r"BEGIN.*?END", re.DOTALL), "findall"),
    "blanks at the end of a line": (re.compile(r"^(.*?)\s*$", re.MULTILINE), "findall"),
    "bytes": (re.compile(rb"<a[^>]*>"), "sub"),
}


def steep(used: patterns.Used, size: int, floor: float) -> list[str]:
    """The worst inputs that take more than their share of time."""
    found = []
    for make in worst.texts(used.pattern):
        growth = clock.growth(used.run, make, size, floor)
        if growth.steepness >= clock.STEEP:
            found.append(f"{growth}: {make(80)!r}")
            break
    return found


@pytest.mark.parametrize("used", patterns.every(), ids=lambda used: used.name)
def test_a_pattern_is_linear(used: patterns.Used) -> None:
    assert steep(used, SIZE, FLOOR) == []


@pytest.mark.parametrize("pattern, method", QUADRATIC.values(), ids=QUADRATIC)
def test_one_that_is_not_is_found(pattern: re.Pattern[str], method: str) -> None:
    assert len(steep(patterns.Used("here:1", pattern, method), SIZE, FLOOR / 4)) == 1


def test_every_pattern_is_found() -> None:
    """Those that are made when they are used stand in the table above; how they are used is tried with the parsers."""
    known = {one.where.partition(":")[0] for one in patterns.every()}
    assert {
        "fixtures.parsers.keytool",
        "reports.seal.manifest",
        "checks.x509.names",
        "fixtures.secrets.leak_patterns",
    } <= known
    assert set(patterns.made_of_values()) == set(MADE)
