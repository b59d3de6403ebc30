"""Fifty pairs of operators over whole changes of two hosts: they never change a host at once.

    .venv/bin/pytest tests/soak/test_operators.py -n0 -s

One that was ended goes on where it stopped (`tests/soak/record.py`); the result goes to `benchmarks/results/`. Other
machines and containers are name spaces of Linux; the time of day is shifted by a library that `cc` makes.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.runbook.operators import pairs, they_never_meet
from tests.soak.record import Record

SEED = 20261205  # of the pairs


def test_two_operators_never_meet(one_way_state: Path, tmp_path: Path) -> None:
    by_name = {pair.name: pair for pair in pairs(SEED)}

    def attempt(name: str) -> list[str]:
        they_never_meet(one_way_state, tmp_path / name, by_name[name])
        shutil.rmtree(tmp_path / name)
        return []

    Record("operators", "tests/soak/test_operators.py", SEED, list(by_name)).try_all(attempt)
