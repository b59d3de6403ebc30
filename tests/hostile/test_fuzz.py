"""A seeded sample of `tests/soak/test_fuzz.py`: every parser gives a result or an error of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.fuzzing import fuzz
from tests.hostile.parser import Parser, each
from tests.hostile.parsers import PARSERS

SEED, INPUTS = 20261122, 40


@pytest.mark.parametrize("name", PARSERS)
def test_a_parser_gives_a_result_or_an_error_of_its_own(name: str, tmp_path: Path) -> None:
    done = fuzz(PARSERS[name], 0, INPUTS, SEED, tmp_path)
    assert done.failed == []
    assert done.passed == INPUTS


def test_what_is_no_error_of_a_parser_s_own_is_found(tmp_path: Path) -> None:
    broken = Parser("broken", each(lambda text: text.index("alias"), int), (), ("alias 1", "12345"))
    done = fuzz(broken, 0, INPUTS, SEED, tmp_path)
    assert len(done.failed) > INPUTS // 2
    assert all(one.startswith("ValueError: ") for one in done.failed)


def test_the_same_seed_gives_the_same_inputs(tmp_path: Path) -> None:
    one, other = (fuzz(PARSERS["keytool"], 7, INPUTS, SEED, tmp_path).came for _ in range(2))
    assert one == other
