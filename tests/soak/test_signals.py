"""Each signal, to whoever may be sent it, at each changing command of an activation: nothing is left stopped.

    .venv/bin/pytest tests/soak/test_signals.py -n0 -s

One that was ended goes on where it stopped: what has passed stands in `build/sweep/`; the result goes to
`benchmarks/results/`. Every fourth case is also finished by the same command.
"""

from __future__ import annotations

import random
from pathlib import Path

from tests.runbook.signals import cases, it_ends_well, it_is_finished_later
from tests.runbook.site_lab import DUO, site_lab
from tests.soak.record import Record

SEED = 20261204  # of the order of the cases: a job that is ended early has seen some of everything
FINISHED = 4


def test_no_signal_leaves_anything_stopped(staged_state: Path, tmp_path: Path) -> None:
    every = cases()
    random.Random(SEED).shuffle(every)  # noqa: S311 - an order, not a secret
    record = Record("signals", "tests/soak/test_signals.py", SEED, len(every))
    for number, case in enumerate(every):
        if case.name in record.passed:
            continue
        folder = tmp_path / str(number)
        found: list[str] = []
        try:
            with site_lab(folder, site=DUO, like=staged_state) as lab:
                lab.edit_inventory(renew="all")
                it_ends_well(lab, folder / "out", case)
                if number % FINISHED == 0:
                    it_is_finished_later(lab, folder / "out")
        except AssertionError as error:
            found = [str(error)]
        record.note(case.name, found)
    record.end()
    assert record.failed == {}
