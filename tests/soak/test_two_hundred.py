"""200 runs in a row on one lab, most with nothing to do: nothing grows in the lab, on the hosts or on the runner.

    .venv/bin/pytest tests/soak/test_two_hundred.py -n0 -s

Each cycle of ten verifies, runs six times without anything to do, renews everything, takes that back and cleans up.
What is left after each run is what was left at the same place of the first cycle. A job that was ended goes on with the
runs that are left, on a new lab (`tests/soak/record.py`).
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.runbook.many_runs import CYCLE, row_of_runs, told
from tests.runbook.site_lab import DUO
from tests.soak.record import Record

CYCLES = 20


def test_nothing_grows(exchanged_duo: Path, tmp_path: Path) -> None:
    runs = {
        f"{cycle * len(CYCLE) + place + 1:03} {kind}": (kind, cycle)
        for cycle in range(CYCLES)
        for place, kind in enumerate(CYCLE)
    }
    shutil.copytree(exchanged_duo, tmp_path / "state")
    with row_of_runs(tmp_path, tmp_path / "state", DUO) as row:

        def attempt(name: str) -> list[str]:
            done = row.run(*runs[name])
            print(f"{name}: {told(row.every)}", flush=True)
            place = (len(row.every) - 1) % len(CYCLE)
            grown = row.every[-1].more_than(row.every[place])
            failed = [] if done.exit_code == 0 else [f"exit code {done.exit_code}", *done.output.splitlines()]
            return [*failed, *(f"more: {one}" for one in grown)]

        Record("two hundred", "tests/soak/test_two_hundred.py", 0, list(runs)).try_all(attempt)
