"""Each signal, to whoever may be sent it, at each changing command of an activation: nothing is left stopped.

    .venv/bin/pytest tests/soak/test_signals.py -n0 -s

One that was ended goes on where it stopped (`tests/soak/record.py`); the result goes to `benchmarks/results/`. Every
fourth case is also finished by the same command.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from tests.runbook.signals import cases, it_ends_well, it_is_finished_later
from tests.runbook.site_lab import DUO, site_lab
from tests.soak.record import Record

SEED = 20261204  # of the order of the cases: a job that is ended early has seen some of everything
FINISHED = 4


def test_no_signal_leaves_anything_stopped(staged_state: Path, tmp_path: Path) -> None:
    every = cases()
    random.Random(SEED).shuffle(every)  # noqa: S311 - an order, not a secret
    by_name = {case.name: case for case in every}
    finished = set(list(by_name)[::FINISHED])

    def attempt(name: str) -> list[str]:
        with site_lab(tmp_path / name, site=DUO, like=staged_state) as lab:
            lab.edit_inventory(renew="all")
            it_ends_well(lab, tmp_path / name / "out", by_name[name])
            if name in finished:
                it_is_finished_later(lab, tmp_path / name / "out")
        shutil.rmtree(tmp_path / name)
        return []

    Record("signals", "tests/soak/test_signals.py", SEED, list(by_name)).try_all(attempt)
