"""A sample of `tests/soak/test_readings.py`: readings that fail on a half exchanged site, one of each wrong way."""

from __future__ import annotations

import random
from pathlib import Path

from tests.runbook.site_lab import SiteLab
from tests.soak.readings import FAULTS, attempt, cases, contradictions, look, oracle

SEED = 20261130


def test_a_reading_that_fails_makes_no_false_verdict(one_way_duo: SiteLab, tmp_path: Path) -> None:
    truth = oracle(one_way_duo, tmp_path / "oracle")
    assert set(truth.values()) == {True, False}
    first = look(one_way_duo, tmp_path / "first")
    assert contradictions(first, truth) == []
    every = cases(first)
    random.Random(SEED).shuffle(every)  # noqa: S311 - a sample, not a secret
    sample = [next(case for case in every if case.fault == fault) for fault in FAULTS]
    for number, case in enumerate(sample):
        assert attempt(one_way_duo, tmp_path / str(number), case, first, truth) == [], case
