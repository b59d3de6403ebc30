"""A run killed after each of its changing commands is taken back, also when the way back is killed in the same way."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.runbook.conftest import Renewed
from tests.runbook.kills import (
    CHANGES_BACK,
    MOMENTS,
    MOMENTS_BACK,
    ROLLBACK,
    is_taken_back,
    named,
    run_and_kill,
    store_bytes,
    take_back_after_kill,
)
from tests.runbook.runs import runbook
from tests.runbook.site_lab import SiteLab


@pytest.mark.parametrize("moment", MOMENTS, ids=named)
def test_the_rollback_takes_it_back(one_way_duo: SiteLab, tmp_path: Path, moment: int) -> None:
    take_back_after_kill(one_way_duo, tmp_path / "out", moment)


@pytest.mark.parametrize("moment", MOMENTS_BACK, ids=partial(named, changes=CHANGES_BACK))
def test_a_killed_rollback_is_finished_by_the_same_command(renewed_duo: Renewed, tmp_path: Path, moment: int) -> None:
    lab, evidence = renewed_duo.lab, tmp_path / "out"
    live = store_bytes(lab)
    assert run_and_kill(lab, evidence, moment, ROLLBACK, "--change=K1") == list(CHANGES_BACK[:moment])
    is_taken_back(lab, renewed_duo.before, live, runbook(lab, evidence, ROLLBACK, "--change=K1"))
