"""Each changing command of a full run, at each moment at which something may die: nothing is lost, all can go on.

    .venv/bin/pytest tests/soak/test_crash.py -n0 -s

One that was ended goes on where it stopped (`tests/soak/record.py`); the result goes to `benchmarks/results/`.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from tests.runbook.crashes import cases, changes_of, prepared_state, try_one
from tests.soak.record import Record

SEED = 20261130


def test_no_crash_loses_anything(tmp_path: Path) -> None:
    prepared = prepared_state(tmp_path / "prepared")
    every = cases(changes_of(tmp_path / "whole", prepared), SEED)
    random.Random(SEED).shuffle(every)  # noqa: S311 - an order, not a secret
    by_name = {case.name: case for case in every}
    assert len(by_name) == len(every)

    def attempt(name: str) -> list[str]:
        folder = tmp_path / name
        try_one(folder, prepared, by_name[name])
        shutil.rmtree(folder)
        return []

    Record("crash", "tests/soak/test_crash.py", SEED, list(by_name)).try_all(attempt)
