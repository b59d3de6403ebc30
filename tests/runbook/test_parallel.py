"""A run on several workers of which one dies. How they share the work: `tests/solution/test_two_sides.py`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runbook.runs import runbook
from tests.runbook.site_lab import DUO, site_lab


def test_a_worker_that_dies_blocks_the_rest_and_the_same_command_finishes(
    tmp_path: Path, exchanged_duo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIE_AT", "-genkeypair")
    with site_lab(tmp_path, site=DUO, like=exchanged_duo) as lab:
        lab.edit_inventory(renew="all")
        crashed = runbook(lab, tmp_path / "out", "--change=W", "-n2", "-p", "tests.runbook.dying_worker")
        monkeypatch.delenv("DIE_AT")
        finished = runbook(lab, tmp_path / "out", "--change=W", "-n2")

        assert crashed.exit_code == 1, crashed.output
        assert "ended unexpectedly" in crashed.said
        assert "Traceback" not in crashed.output
        assert finished.exit_code == 0, finished.output
