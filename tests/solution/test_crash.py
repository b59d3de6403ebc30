"""Crashes in the middle of an activation, a seeded sample of what `tests/soak` walks through in full: one a moment."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.runbook.crashes import MOMENTS, Case, cases, try_one
from tests.runbook.signals import ACTIVATION
from tests.runbook.site_lab import ADS, CVP, DUO

SEED = 10
SITE = DUO.replace("renew: needed", "renew: all")
_LINES = [line.replace("awa:", f"{ADS}:").replace("cvpa:", f"{CVP}:") for line in ACTIVATION]


def sample(seed: int) -> list[Case]:
    """A case of each moment; which one, the seed says."""
    chosen, every = random.Random(seed), cases(_LINES, seed)  # noqa: S311 - nothing secret hangs on it
    return [chosen.choice([case for case in every if case.moment == moment]) for moment in MOMENTS]


@pytest.mark.parametrize("case", sample(SEED), ids=lambda case: case.name)
def test_nothing_is_lost_and_all_can_go_on(staged_state: Path, tmp_path: Path, case: Case) -> None:
    try_one(tmp_path, staged_state, case, SITE)
