"""Two operators whose runs meet, a sample of what `tests/soak/test_operators.py` walks through in full.

One is beside a run that lives: `tests.solution.test_interrupted.py`.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.runbook.operators import HERE, KILLED_DURING, Pair, they_never_meet

SAMPLE = (
    Pair(1, "other", HERE, KILLED_DURING, 0, 1, shared=True, workers=False),
    Pair(2, "break", HERE, "beside", 200, 12, shared=False, workers=False),
)


@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("cc"), reason="the time of day is shifted by a library")
@pytest.mark.parametrize("pair", SAMPLE, ids=lambda pair: pair.name)
def test_two_operators_never_meet(one_way_state: Path, tmp_path: Path, pair: Pair) -> None:
    they_never_meet(one_way_state, tmp_path, pair)
