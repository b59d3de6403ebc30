"""Each changing command of the steps that bring found trusts, on two servers that trust each other, as `test_crash.py`.

.venv/bin/pytest tests/soak/test_crash_found.py -n0 -s
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from tests.runbook.crashes import cases, changes_of, in_steps, prepared_state, try_one
from tests.runbook.planted import Planted, PlantedSite
from tests.soak.record import Record

SEED = 20261208
STEPS = ("x1.5", "x1.5.activate")
AWA, CVPA, CVPB = (f"{name}.found.example" for name in ("awa", "cvpa", "cvpb"))
SITE = PlantedSite(
    {AWA: "ads", CVPA: "cvp", CVPB: "cvp"},
    {AWA: "A", CVPA: "A", CVPB: "B"},
    (
        Planted(CVPA, CVPB, "callserver_sip", "the other side"),
        Planted(CVPB, CVPA, "callserver_sip", "the other side"),
        Planted(CVPA, CVPA, "wsm", "vxml_wsm_certificate"),
        Planted(AWA, CVPB, "vxml", "by hand"),
    ),
)


def test_no_crash_loses_a_trust_that_was_found(tmp_path: Path) -> None:
    prepared = prepared_state(tmp_path / "prepared", SITE.text)
    changes = changes_of(tmp_path / "whole", prepared, SITE.text)
    ours = in_steps(tmp_path / "whole" / "out", STEPS)
    every = [case for case in cases(changes, SEED) if (case.host, case.purpose, case.nth) in ours]
    assert {case.host for case in every} == {AWA, CVPA, CVPB}
    random.Random(SEED).shuffle(every)  # noqa: S311 - an order, not a secret
    by_name = {case.name: case for case in every}

    def attempt(name: str) -> list[str]:
        folder = tmp_path / name
        try_one(folder, prepared, by_name[name], SITE.text, SITE.trusts())
        shutil.rmtree(folder)
        return []

    Record("crash-found", "tests/soak/test_crash_found.py", SEED, list(by_name)).try_all(attempt)
