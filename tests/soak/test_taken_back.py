"""A way back that is killed after each of its changing commands is finished by the same command.

The change itself is killed in `tests/soak/test_crash.py`.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.runbook.conftest import Renewed
from tests.runbook.kills import CHANGES_BACK, MOMENTS_BACK, ROLLBACK, is_rolled_back, named, run_and_kill, store_bytes
from tests.runbook.runs import runbook


@pytest.mark.parametrize("moment", MOMENTS_BACK, ids=partial(named, changes=CHANGES_BACK))
def test_a_killed_rollback_is_finished_by_the_same_command(renewed_duo: Renewed, tmp_path: Path, moment: int) -> None:
    lab, evidence = renewed_duo.lab, tmp_path / "out"
    live = store_bytes(lab)
    assert run_and_kill(lab, evidence, moment, ROLLBACK, "--change=K1") == list(CHANGES_BACK[:moment])
    is_rolled_back(lab, renewed_duo.before, live, runbook(lab, evidence, ROLLBACK, "--change=K1"))
