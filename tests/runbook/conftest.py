"""Sites whose exchange is done: made once, started from copies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.runbook.impostors import States, make_states
from tests.runbook.kills import World
from tests.runbook.runs import Finished, runbook
from tests.runbook.site_lab import ADS, CVP, DUO, SiteLab, site_lab


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


@pytest.fixture(scope="session")
def one_way_state(tmp_path_factory: pytest.TempPathFactory, exchanged_duo: Path) -> Path:
    """The state of a lab of two hosts of which one trusts the other and is not trusted by it."""
    folder = tmp_path_factory.mktemp("one-way")
    with site_lab(folder, site=DUO, like=exchanged_duo) as lab:
        lab.keytool(CVP, f"-delete -alias {ADS}")
    return folder / "state"


@pytest.fixture
def one_way_duo(tmp_path: Path, one_way_state: Path) -> Iterator[SiteLab]:
    """Two hosts, a trust that works and one that is missing, and an inventory that asks for a renewal of everything."""
    with site_lab(tmp_path, site=DUO, like=one_way_state) as lab:
        lab.edit_inventory(renew="all")
        yield lab


@pytest.fixture(scope="session")
def staged_state(tmp_path_factory: pytest.TempPathFactory, one_way_state: Path) -> Path:
    """The state of the two hosts when all of change K1 is staged and nothing activated."""
    folder = tmp_path_factory.mktemp("staged")
    with site_lab(folder, site=DUO, like=one_way_state) as lab:
        lab.edit_inventory(renew="all")
        staged = runbook(lab, folder / "out", "-m", "look or stage", "--change=K1")
        assert staged.exit_code == 0, staged.output
    return folder / "state"


@pytest.fixture
def staged_duo(tmp_path: Path, staged_state: Path) -> Iterator[SiteLab]:
    """Two hosts on which all of change K1 is staged."""
    with site_lab(tmp_path, site=DUO, like=staged_state) as lab:
        lab.edit_inventory(renew="all")
        yield lab


@pytest.fixture(scope="session")
def impostor_states(tmp_path_factory: pytest.TempPathFactory) -> States:
    """The states of a site with every kind of certificate."""
    return make_states(tmp_path_factory.mktemp("impostors"))


@dataclass(frozen=True)
class Renewed:
    """A site after a finished renewal, and how it was before."""

    lab: SiteLab
    before: World


@pytest.fixture(scope="session")
def renewed_state(tmp_path_factory: pytest.TempPathFactory, one_way_state: Path) -> tuple[Path, World]:
    """The state of the two hosts after change K, and their world before it."""
    folder = tmp_path_factory.mktemp("renewed")
    with site_lab(folder, site=DUO, like=one_way_state) as lab:
        lab.edit_inventory(renew="all")
        before = World.of(lab)
        done = runbook(lab, folder / "out", "--change=K1")
        assert done.exit_code == 0, done.output
    return folder / "state", before


@pytest.fixture
def renewed_duo(tmp_path: Path, renewed_state: tuple[Path, World]) -> Iterator[Renewed]:
    """Two hosts after change K, whose journal is lost."""
    state, before = renewed_state
    with site_lab(tmp_path, site=DUO, like=state) as lab:
        yield Renewed(lab, before)


def verify(lab: SiteLab, evidence: Path) -> Finished:
    """What an engineer runs every night."""
    return runbook(lab, evidence, "-m", "verify")
