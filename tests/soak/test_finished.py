"""A run killed after each of its changing commands is finished by the same command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runbook.kills import MOMENTS, finish_after_kill, named
from tests.runbook.site_lab import SiteLab


@pytest.mark.parametrize("moment", MOMENTS, ids=named)
def test_the_same_command_finishes_it(one_way_duo: SiteLab, tmp_path: Path, moment: int) -> None:
    finish_after_kill(one_way_duo, tmp_path / "out", moment)
