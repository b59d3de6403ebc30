"""Every parser with 1 MB of many more of its worst inputs than its test takes, and every pattern with longer ones.

.venv/bin/pytest tests/soak/test_linear.py -n0
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile import clock, patterns
from tests.hostile.parsers import PARSERS
from tests.hostile.test_linear import FLOOR, LONGEST, MEGABYTE, quietly, worst_of
from tests.hostile.test_patterns import steep

_TRIED, _MOST = 5_000, 8
_SIZE, _FLOOR = 128_000, 0.05


@pytest.mark.parametrize("name", PARSERS)
def test_a_parser_is_linear(name: str, tmp_path: Path) -> None:
    parser = PARSERS[name]
    for call in parser.calls:
        run = quietly(parser, call, tmp_path)
        for make in worst_of(parser, run, _TRIED, _MOST):
            growth = clock.growth(run, make, MEGABYTE, FLOOR)
            assert growth.steepness < clock.STEEP, f"{growth}: {make(200)!r}"
            assert growth.seconds < LONGEST, f"{growth}: {make(200)!r}"


@pytest.mark.parametrize("used", patterns.every(), ids=lambda used: used.name)
def test_a_pattern_is_linear(used: patterns.Used) -> None:
    assert steep(used, _SIZE, _FLOOR) == []
