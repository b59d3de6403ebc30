"""Impostors in whole runs, a seeded sample of what `tests/soak/test_impostors.py` walks through in full."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runbook.impostors import Case, States, nobody_trusts_him, sample


@pytest.mark.parametrize("case", sample(11), ids=lambda case: case.name)
def test_nobody_trusts_an_impostor(impostor_states: States, tmp_path: Path, case: Case) -> None:
    nobody_trusts_him(impostor_states, tmp_path / "lab", case)
