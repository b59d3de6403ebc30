"""Sites whose exchange is done: made once, started from copies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runbook.runs import Finished, runbook
from tests.runbook.site_lab import DUO, SiteLab, site_lab


@pytest.fixture(scope="session")
def exchanged_duo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of a lab of two hosts after section 1."""
    folder = tmp_path_factory.mktemp("duo")
    with site_lab(folder, site=DUO) as lab:
        done = runbook(lab, folder / "out", "--change=first")
        assert done.exit_code == 0, done.output
    return folder / "state"


@pytest.fixture
def duo(tmp_path: Path, exchanged_duo: Path) -> Iterator[SiteLab]:
    """A lab of two hosts whose exchange is done; each test has its own."""
    with site_lab(tmp_path, site=DUO, like=exchanged_duo) as lab:
        yield lab


def verify(lab: SiteLab, evidence: Path) -> Finished:
    """What an engineer runs every night."""
    return runbook(lab, evidence, "-m", "verify")
