"""SPOG's own word: read before and after a change, as evidence, and judged by what worked before."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.runbook.runs import Finished, runbook
from tests.runbook.site_lab import ADS, CVP, DUO, SiteLab, site_lab

SITE = DUO.replace("cvp_local: {", "spog: {username: 'LAB\\admin'}, cvp_local: {") + "spog: {credential: spog}\n"


@dataclass(frozen=True)
class Story:
    """A night before, the change, a night after it, one after SPOG has lost a server, and wrong answers."""

    lab: SiteLab
    before: Finished
    done: Finished
    after: Finished
    lost: Finished
    lost_in_change: Finished
    refused: Finished
    password: str


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("spog")
    with site_lab(folder, site=SITE) as lab:
        password = (lab.inventory_file.parent / "secrets" / "spog").read_text(encoding="utf-8")
        before = runbook(lab, folder / "before", "-m", "verify", "-k", "spog")
        done = runbook(lab, folder / "out", "--change=S1")
        after = runbook(lab, folder / "after", "-m", "verify", "-k", "spog")
        lab.keytool(ADS, f"-delete -alias {CVP}")
        lab.restart(ADS, "Tomcat9")
        lost = runbook(lab, folder / "lost", "-m", "verify", "-k", "spog")
        lost_in_change = runbook(lab, folder / "third", "runbook/section0", "runbook/section5", "--change=S3")
        (lab.inventory_file.parent / "secrets" / "spog").write_text("another", encoding="utf-8")
        refused = runbook(lab, folder / "refused", "-m", "verify", "-k", "spog")
        yield Story(lab, before, done, after, lost, lost_in_change, refused, password)


def told(finished: Finished) -> str:
    file, *_ = finished.evidence.rglob("change-record.html")
    page = file.read_text(encoding="utf-8")
    found = re.search(r'<section aria-labelledby="spog">.*?</section>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


def test_a_night_tells_whom_spog_does_not_reach(story: Story) -> None:
    assert story.before.exit_code == 1, story.before.output
    assert f"{ADS} SPOG: SERVER_CONNECTION of cvpa (CVP): expected OK, found ERROR" in story.before.said


def test_a_change_shows_what_it_has_brought(story: Story) -> None:
    assert story.done.exit_code == 0, story.done.output
    assert "cvpa CVP ERROR, then OK BLOCKED, then OK OK" in told(story.done)
    assert story.after.exit_code == 0, story.after.output


def test_a_server_that_spog_has_lost_is_told(story: Story) -> None:
    assert story.lost.exit_code == 1, story.lost.output
    assert "SERVER_CONNECTION of cvpa (CVP): expected OK, found ERROR" in story.lost.said


def test_what_was_no_better_before_the_change_is_no_fault_of_it(story: Story) -> None:
    """The connection did not work before S3, which brings nothing, so its verification only warns."""
    assert story.lost_in_change.exit_code == 0, story.lost_in_change.output
    assert (
        "SPOG: SERVER_CONNECTION of cvpa is ERROR; it was not OK before the change either" in story.lost_in_change.said
    )


def test_a_refused_password_is_told_without_it(story: Story) -> None:
    assert story.refused.exit_code in (1, 10), story.refused.output
    assert r"refuses LAB\admin (HTTP 401)" in story.refused.said
    files = [path for path in story.refused.evidence.parent.rglob("*") if path.is_file() and "out" in path.parts]
    assert files
    assert not [path for path in files if story.password.encode() in path.read_bytes()]


def test_no_password_goes_to_whoever_presents_another_certificate(tmp_path: Path) -> None:
    with site_lab(tmp_path, site=SITE) as lab:
        content = lab.process.inventory
        (ads,) = (one for one in content["hosts"] if one["fqdn"] == ADS)
        ads["ports"]["iis"] = ads["ports"]["dfp"]  # whoever answers there is not IIS
        lab.inventory_file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
        asked = runbook(lab, tmp_path / "out", "-m", "verify", "-k", "spog")
        assert asked.exit_code in (1, 10), asked.output
        assert json.dumps(asked.said).count("Traceback") == 0
