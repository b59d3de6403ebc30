"""Labs and their states."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.hosts.labs import DUO, LabInside, LabProcess, lab_inside, lab_process, prepared
from tests.lab.hosts.solution import SOLUTION


@pytest.fixture(scope="session")
def factory_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of the two hosts as their installers left it; tests copy it."""
    return prepared(tmp_path_factory.mktemp("factory"), DUO)


@pytest.fixture
def duo_site(tmp_path: Path) -> str:
    """The site file of that state."""
    (tmp_path / "duo.yaml").write_text(DUO, encoding="utf-8")
    return str(tmp_path / "duo.yaml")


@pytest.fixture
def duo_state(factory_state: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(factory_state, tmp_path / "state"))


@pytest.fixture
def duo(duo_state: Path, tmp_path: Path) -> Iterator[LabInside]:
    with lab_inside(tmp_path, duo_state) as lab:
        yield lab


@pytest.fixture(scope="module")
def minimal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabProcess]:
    with lab_process(tmp_path_factory.mktemp("minimal")) as lab:
        yield lab


@pytest.fixture(scope="session")
def solution(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabInside]:
    """The half-exchanged site with a host of every other kind; tests leave it as it is."""
    folder = tmp_path_factory.mktemp("solution")
    with lab_inside(folder, folder / "state", site=SOLUTION) as lab:
        yield lab
