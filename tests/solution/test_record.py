"""The record of a change that went wrong against what the disks hold, and what is left of it after the way back."""

from __future__ import annotations

from pathlib import Path

from reports.journal import history
from reports.journal.chains import run_folders
from reports.pages.wording import words
from reports.record.deviations import deviations
from reports.record.story import State, Story
from tests.reports.outline import outline
from tests.runbook.kills import ROLLBACK, World, staged_files, store_bytes
from tests.runbook.runs import runbook
from tests.runbook.site_lab import ADS, CVP, SiteLab

CACERTS, KEYSTORE = r"%RUNBOOK_JAVA_HOME%\lib\security\cacerts", r"%CVP_HOME%\conf\security\.keystore"
ASKED = "> What is in use, and what is only prepared?\n"


def story_of(evidence: Path) -> Story:
    story = Story.of([history.of(run) for run in run_folders(evidence / "K1")])
    assert story is not None
    return story


def answer(evidence: Path) -> list[str]:
    """What the page says is live, and what is only staged."""
    text = outline((evidence / "K1" / "change-record.html").read_bytes())
    lines = text[text.index(ASKED) + len(ASKED) :].splitlines()
    return lines[: next(number for number, line in enumerate(lines) if line.startswith(("> ", "By the step")))]


def standing(story: Story) -> dict[str, list[str]]:
    """The deviations that nobody has settled, by their kind."""
    groups = deviations(story, words(), [])
    found = {group.name: [one.where for one in group.deviations if not one.settled] for group in groups}
    return {name: where for name, where in found.items() if where and name not in ("plan", "options")}


def test_a_record_says_of_each_host_what_is_live(one_way_duo: SiteLab, tmp_path: Path) -> None:
    lab, evidence, before = one_way_duo, tmp_path / "out", World.of(one_way_duo)

    lab.fail(host=CVP, kind="disk_full", path="*left.txt")  # the second activation ends before its move
    failed = runbook(lab, evidence, "--change=K1")
    assert failed.exit_code == 1, failed.output
    now = store_bytes(lab)
    assert (now[ADS] != before.stores[ADS], now[CVP] == before.stores[CVP]) == (True, True)
    assert staged_files(lab) == {CVP}
    assert answer(evidence) == [
        f"In use: {CACERTS}: {ADS}",
        f"Only prepared, not in use: a staged copy lies beside {KEYSTORE}: {CVP}",
    ]

    lab.fail(host=ADS, kind="keytool_dies", match="-delete")  # all are activated, and a later stage fails
    failed = runbook(lab, evidence, "--change=K1")
    assert failed.exit_code == 1, failed.output
    assert store_bytes(lab)[CVP] != before.stores[CVP]
    assert answer(evidence) == [
        f"In use: {CACERTS}: {ADS}",
        f"In use: {KEYSTORE}: {CVP}",
        f"Only prepared, not in use: a staged copy lies beside {CACERTS}: {ADS}",
    ]
    story = story_of(evidence)
    assert (story.state, story.first_wrong and story.first_wrong.told.step) == (State.FAILED, "x5.1")
    assert set(standing(story)) == {"failed", "blocked"}

    lab.fail()
    back = runbook(lab, evidence, ROLLBACK, "--change=K1")
    assert back.exit_code == 0, back.output
    assert World.of(lab) == before
    assert answer(evidence) == [
        f"As before the change again: {CACERTS}: {ADS}",
        f"As before the change again: {KEYSTORE}: {CVP}",
    ]
    story = story_of(evidence)
    assert (story.state, standing(story)) == (State.ROLLED_BACK, {})
    assert {(one.importer, one.exporter): one.after for one in story.trusts} == {
        (one.importer, one.exporter): one.before for one in story.trusts
    }
    assert "Wrong state" not in (evidence / "K1" / "summary.txt").read_text(encoding="utf-8")
