"""Runs killed with kill -9 after a changing command: a seeded sample of what tests/soak walks through in full."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runbook.kills import finish_after_kill, named, sample, take_back_after_kill
from tests.runbook.site_lab import SiteLab


@pytest.mark.parametrize("moment", sample(1), ids=named)
def test_the_same_command_finishes_a_killed_run(one_way_duo: SiteLab, tmp_path: Path, moment: int) -> None:
    finish_after_kill(one_way_duo, tmp_path / "out", moment)


@pytest.mark.parametrize("moment", sample(2), ids=named)
def test_a_killed_run_is_taken_back(one_way_duo: SiteLab, tmp_path: Path, moment: int) -> None:
    take_back_after_kill(one_way_duo, tmp_path / "out", moment)
