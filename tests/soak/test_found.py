r"""Trusts planted in any store of any role: none is lost by a renewal, and each is taken back.

    .venv/bin/pytest tests/soak/test_found.py -n0 -s

One that was ended goes on where it stopped (`tests/soak/record.py`); the result goes to `benchmarks/results/`.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.runbook.planted import planted, renewed_and_taken_back, three_entries
from tests.soak.record import Record

SEED = 20261207
SITES = 40


def test_no_planted_trust_is_lost(tmp_path: Path) -> None:
    sites = {
        "the guides' own": three_entries(),
        **{f"site {SEED + number}": planted(SEED + number) for number in range(SITES)},
    }

    def attempt(name: str) -> list[str]:
        found = renewed_and_taken_back(sites[name], tmp_path / name)
        shutil.rmtree(tmp_path / name)
        return found

    Record("found", "tests/soak/test_found.py", SEED, list(sites)).try_all(attempt)
