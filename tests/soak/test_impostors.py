"""An impostor on every kind of certificate and every channel, in each way and in each kind of run: he gets nothing.

    .venv/bin/pytest tests/soak/test_impostors.py -n0 -s

One that was ended goes on where it stopped (`tests/soak/record.py`); the result goes to `benchmarks/results/`.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from tests.runbook.impostors import States, cases, nobody_trusts_him
from tests.soak.record import Record

SEED = 20261130  # of the order of the cases: a job that is ended early has seen some of everything


def test_nobody_trusts_an_impostor(impostor_states: States, tmp_path: Path) -> None:
    every = cases()
    random.Random(SEED).shuffle(every)  # noqa: S311 - an order, not a secret
    by_name = {case.name: case for case in every}

    def attempt(name: str) -> list[str]:
        nobody_trusts_him(impostor_states, tmp_path / name, by_name[name])
        shutil.rmtree(tmp_path / name)
        return []

    Record("impostors", "tests/soak/test_impostors.py", SEED, list(by_name)).try_all(attempt)
