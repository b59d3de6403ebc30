"""Everything that the runs of a change send and that changes something stands in their plans, also on the way back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.journal import history
from reports.journal.chains import run_folders
from reports.plan.content import read
from reports.record.story import Story
from tests.runbook.kills import ROLLBACK
from tests.runbook.planned import numbers_of, planned, unplanned
from tests.runbook.runs import example, runbook
from tests.runbook.site_lab import SiteLab, site_lab
from tests.solution.test_two_sides import TWO_SIDES

LONG = 900.0


@pytest.fixture(params=["minimal", TWO_SIDES], ids=["minimal", "two sides with VVBs"])
def lab(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SiteLab]:
    with site_lab(tmp_path, site=request.param) as made:
        yield made


@pytest.mark.parametrize("style", ["batch", "documented"])
def test_nothing_changes_that_the_plan_does_not_say(lab: SiteLab, tmp_path: Path, style: str) -> None:
    """An exchange, a renewal of everything with its superseded entries, a failure in it, its end, and the way back."""
    lab.edit_inventory(renew="all")
    option = f"--import-style={style}"
    plan, back = planned(lab, tmp_path / "plan", option), planned(lab, tmp_path / "plan-back", ROLLBACK)
    assert len(plan["locks"]) == len(lab.keepers)
    dies = [{"host": "*", "kind": "keytool_dies", "match": "-delete.*_old", "leave": "untouched", "times": 1}]
    assert runbook(lab, tmp_path / "seen", "--plan", "--observe", "--change=A1", option).exit_code == 0
    seen_before = read(tmp_path / "seen" / "A1")
    for change, fault in (("A1", []), ("B1", dies), ("B1", [])):
        lab.fail_in_many_ways(*fault)
        seen = len(lab.audit())
        done = runbook(lab, tmp_path / "out", f"--change={change}", option, within=LONG)
        assert done.exit_code == bool(fault), done.output
        assert unplanned(plan, lab.audit()[seen:]) == []
    story = Story.of([history.of(run) for run in run_folders(tmp_path / "out" / "A1")])
    assert story is not None
    assert seen_before is not None
    assert story.totals == numbers_of(seen_before)
    seen = len(lab.audit())
    done = runbook(lab, tmp_path / "out", ROLLBACK, "--change=B1", within=LONG)
    assert done.exit_code == 0, done.output
    assert unplanned(back, lab.audit()[seen:]) == []


@pytest.mark.parametrize("build_server", ["", "true"], ids=["at a terminal", "on a build server"])
def test_an_error_of_the_runbook_s_own_is_told_in_plain_words_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, build_server: str
) -> None:
    for variable in ("CI", "BUILD_NUMBER"):  # pytest says more where one of them is set
        monkeypatch.setenv(variable, build_server)
    options = ("--plan", "-p", "tests.runbook.broken_step", example(tmp_path))
    broken = runbook(None, tmp_path / "out", "runbook/section1/test_1_1_i_list_certificates.py", *options)
    assert broken.exit_code == 1, broken.output
    summary = " ".join(broken.output.partition("= runbook =")[2].split())
    assert "an error of this program: LookupError: a fault of the runbook's own. Keep the evidence" in summary
    assert "object at 0x" not in summary
