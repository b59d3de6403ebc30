"""Faults of the lab that come exactly at a step, a seeded sample of what `tests/soak` tries at every step."""

from __future__ import annotations

from pathlib import Path

from tests.runbook.faults import WALKS, attempt, sample, walk
from tests.runbook.site_lab import DUO

RENEWED = DUO.replace("renew: needed", "renew: all")
SEED, CASES = 7, 4


def test_a_fault_at_a_step_is_told_or_recovered_from(tmp_path: Path) -> None:
    site = walk(tmp_path / "walk", RENEWED, WALKS[:1])
    chosen = sample(site, SEED, CASES)
    assert len(chosen) == CASES
    assert {case.name: attempt(site, case, tmp_path / "case") for case in chosen} == {case.name: [] for case in chosen}
