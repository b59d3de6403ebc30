"""A VVB that is on, and what it was copied from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.vos.pages.appliances import Appliance, Run, appliance, event_loop, installed_node


@pytest.fixture(scope="session")
def run() -> Iterator[Run]:
    with event_loop() as run:
        yield run


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installed_node(tmp_path_factory.mktemp("vvb"))


@pytest.fixture
def vvb(run: Run, installed: Path, tmp_path: Path) -> Iterator[Appliance]:
    with appliance(run, installed, tmp_path) as one:
        yield one
