"""A run on several workers, and one of which one dies. How they share the work: `tests/solution/test_two_sides.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.runbook.blocked import not_succeeded
from tests.runbook.runs import runbook
from tests.runbook.site_lab import DUO, site_lab


def test_four_workers_leave_the_stores_that_one_process_leaves(tmp_path: Path, exchanged_duo: Path) -> None:
    left: list[tuple[dict[str, set[str]], dict[tuple[str, str], Any]]] = []
    for options in ((), ("-n4",)):
        folder = tmp_path / f"run{len(left)}"
        folder.mkdir()
        with site_lab(folder, site=DUO, like=exchanged_duo) as lab:
            lab.edit_inventory(renew="all")
            done = runbook(lab, folder / "out", "--change=S1", *options)
            assert done.exit_code == 0, done.output
            (cvp,) = lab.of_role("cvp")
            aliases = {fqdn: set(lab.entries(fqdn)) for fqdn in lab.hosts}
            # What was made anew differs from run to run; what was brought of other servers does not.
            brought = {
                (fqdn, alias): one for fqdn in lab.hosts for alias, one in lab.trusted(fqdn).items() if alias != cvp
            }
            left.append((aliases, brought))
    assert left[0] == left[1]
    assert left[0][1]


def test_a_worker_that_dies_blocks_the_rest_and_the_same_command_finishes(
    tmp_path: Path, exchanged_duo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIE_AT", "-genkeypair")
    with site_lab(tmp_path, site=DUO, like=exchanged_duo) as lab:
        lab.edit_inventory(renew="all")
        crashed = runbook(lab, tmp_path / "out", "--change=W1", "-n2", "-p", "tests.runbook.dying_worker")
        not_succeeded(crashed.exit_code, crashed.output, tmp_path / "out" / "W1")
        monkeypatch.delenv("DIE_AT")
        finished = runbook(lab, tmp_path / "out", "--change=W1", "-n2")

        assert "ended unexpectedly" in crashed.said
        assert "Traceback" not in crashed.output
        assert finished.exit_code == 0, finished.output
