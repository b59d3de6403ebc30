"""Runs in a row on one lab leave nothing that grows: five of the two hundred of `tests/soak`."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.runbook.many_runs import NOTHING, row_of_runs
from tests.runbook.site_lab import DUO


def test_what_is_left_does_not_grow(exchanged_duo: Path, tmp_path: Path) -> None:
    shutil.copytree(exchanged_duo, tmp_path / "state")
    with row_of_runs(tmp_path, tmp_path / "state", DUO) as row:
        for kind in (NOTHING, "renewed", "taken back", "cleaned up", NOTHING):
            done = row.run(kind, 1)
            assert done.exit_code == 0, done.output
        first, *others = row.every
        assert [(one.shells, one.commands, one.temporary) for one in row.every] == [(0, 0, frozenset())] * 5
        assert [one.sockets for one in others] == [first.sockets] * 4
        assert row.every[-1].files == first.files
        assert max(one.threads for one in others) <= first.threads + 2  # of the lab's pool
