r"""Every fault of the lab at every step that meets it: a clear line or recovery, and nothing left behind.

    .venv/bin/pytest tests/soak/test_faults.py -n0 -s

First every step is walked through without a fault, which shows what it sends and to whom; then each case starts from
the state right before its step. One that was ended goes on where it stopped (`tests/soak/record.py`).
"""

from __future__ import annotations

from pathlib import Path

from tests.runbook.faults import attempt, cases, walk
from tests.soak.record import Record

SITE = (Path(__file__).parent / "faults.yaml").read_text(encoding="utf-8")
SEED = 20261206  # of the order of the cases, and of whom each meets


def test_every_fault_at_every_step_is_told_or_recovered_from(tmp_path: Path) -> None:
    site = walk(tmp_path / "walk", SITE)
    by_name = {case.name: case for case in cases(site, SEED)}
    folders = {name: tmp_path / str(number) for number, name in enumerate(by_name)}
    record = Record("faults", "tests/soak/test_faults.py", SEED, list(by_name))
    record.try_all(lambda name: attempt(site, by_name[name], folders[name]))
