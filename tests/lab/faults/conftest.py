"""One lab for all faults."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab.faults.remote import Failing
from tests.lab.hosts.labs import lab_inside


@pytest.fixture(scope="session")
def the_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Failing]:
    folder = tmp_path_factory.mktemp("failing")
    with lab_inside(folder, folder / "state") as lab:
        yield Failing(lab, folder)


@pytest.fixture
def lab(the_lab: Failing) -> Iterator[Failing]:
    """The lab without a fault, before and after."""
    the_lab.recover()
    yield the_lab
    the_lab.recover()
