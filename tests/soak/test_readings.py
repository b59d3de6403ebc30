"""Every reading that fails, in every wrong way: no trust holds that Java refuses, none fails that Java accepts.

    .venv/bin/pytest tests/soak/test_readings.py -n0 -k half

Each site is a job of its own. One that was ended goes on where it stopped (`tests/soak/record.py`); the result goes to
`benchmarks/results/`.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from lab.windows.spoken import LANGUAGES
from tests.runbook.runs import runbook
from tests.runbook.site_lab import SiteLab, site_lab
from tests.soak.readings import attempt, cases, contradictions, look, oracle
from tests.soak.record import Record

SITE = (Path(__file__).parent / "sweep.yaml").read_text(encoding="utf-8")
SEED = 20261130  # of the order of the cases: a job that is ended early has seen some of everything
HALF = ("runbook/section1",)
# The language of its Windows hosts, and what has been done on the site before.
SITES: dict[str, tuple[str, tuple[str, ...] | None]] = {
    "never exchanged": ("en", None),
    "half exchanged": ("en", HALF),
    "exchanged": ("en", ("runbook",)),
    **{f"half exchanged, {language}": (language, HALF) for language in LANGUAGES if language != "en"},
}


def speaking(language: str) -> str:
    """The site, with Windows hosts of this language."""
    return re.sub(r"(role: (?:ads|rogger|pg|cvp),)", rf"\1 language: {language},", SITE)


def prepare(lab: SiteLab, folder: Path, paths: tuple[str, ...] | None) -> None:
    """Exchange what the site is to have exchanged."""
    if paths is not None:
        done = runbook(lab, folder / "out", *paths, "--change=SWEEP", "--accept-outage")
        assert done.exit_code == 0, done.output


@pytest.mark.parametrize("name", SITES)
def test_a_reading_that_fails_makes_no_false_verdict(tmp_path: Path, name: str) -> None:
    language, paths = SITES[name]
    with site_lab(tmp_path, site=speaking(language)) as lab:
        prepare(lab, tmp_path, paths)
        truth = oracle(lab, tmp_path / "oracle")
        assert any(truth.values()) is (paths is not None)
        first = look(lab, tmp_path / "first")
        assert contradictions(first, truth) == [], contradictions(first, truth)
        every = cases(first)
        random.Random(SEED).shuffle(every)  # noqa: S311 - an order, not a secret
        by_name = {case.name: case for case in every}
        folders = {case.name: tmp_path / str(number) for number, case in enumerate(every)}
        record = Record(f"readings-{name}", f"tests/soak/test_readings.py, {name}", SEED, list(by_name))
        record.try_all(lambda case: attempt(lab, folders[case], by_name[case], first, truth))
