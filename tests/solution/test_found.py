"""Trusts that no table names, on a site as the guides make it: found, approved, renewed without a gap, taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.runbook.kills import ROLLBACK
from tests.runbook.monitor import Monitor
from tests.runbook.planned import plan_of, unplanned
from tests.runbook.planted import Planted, planted, renewed_and_taken_back, three_entries
from tests.runbook.probes import leaf
from tests.runbook.runs import Finished, runbook
from tests.runbook.site_lab import SiteLab, site_lab
from tests.runbook.whole import whole

SITE = three_entries()
AWA, CVPA, CVPB, RPT = SITE.roles
LATER = Planted(AWA, CVPA, "callserver_sip", "planted later")
EVERY = {(one.importer, one.exporter, one.alias) for one in SITE.planted}


@dataclass(frozen=True)
class Story:
    """A night's verification, a plan that looks, a run that finds more, the change, once more, and its way back."""

    lab: SiteLab
    night: Finished
    plan: dict[str, Any]
    stopped: Finished
    changed_by_stopped: list[str]
    done: Finished
    monitor: Monitor
    unplanned: list[tuple[str, str]]
    restarts: list[tuple[str, str]]
    again: Finished
    changed_again: list[str]
    back: Finished
    back_monitor: Monitor
    same_bytes: bool


def changed(lab: SiteLab, since: int) -> list[str]:
    return [one["text"] for one in lab.audit()[since:] if one["changed"] or one["changed_services"]]


def plant(lab: SiteLab, one: Planted) -> None:
    """Somebody imports a certificate by hand, and restarts the service."""
    pem = Path(lab.folder(one.importer) / "C" / "temp" / "later.der")
    pem.write_bytes(leaf(*lab.endpoint(one.exporter, one.port)))
    lab.keytool(one.importer, rf'-importcert -noprompt -alias "{one.alias}" -file C:\temp\later.der')
    lab.restart(one.importer, "Tomcat9")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("found")
    with site_lab(folder, site=SITE.text) as lab:
        out, trusts = folder / "out", [*SITE.trusts(), *whole(lab)]
        night = runbook(lab, folder / "night", "-m", "verify")
        assert runbook(lab, out, "--plan", "--observe", "--change=F1").exit_code == 0
        plan = plan_of(out)
        approved = f"--approved-plan={plan['hash']}"
        before = {fqdn: lab.store_file(fqdn).read_bytes() for fqdn in lab.keepers}
        plant(lab, LATER)
        seen = len(lab.audit())
        stopped = runbook(lab, out, "--change=F1", approved)
        changed_by_stopped = changed(lab, seen)
        lab.store_file(AWA).write_bytes(before[AWA])  # whoever planted it takes it out again
        lab.restart(AWA, "Tomcat9")
        seen = len(lab.audit())
        with Monitor(lab, trusts) as monitor:
            done = runbook(lab, out, "--change=F1", "-n2", approved)
        audit, restarts, seen = lab.audit()[seen:], lab.restarts(seen), len(lab.audit())
        again = runbook(lab, out, "--change=F1", approved)
        changed_again = changed(lab, seen)
        with Monitor(lab, trusts) as back_monitor:
            back = runbook(lab, out, ROLLBACK, "--change=F1", "-n2")
        same = {fqdn: lab.store_file(fqdn).read_bytes() for fqdn in lab.keepers} == before
        yield Story(
            lab, night, plan, stopped, changed_by_stopped, done, monitor, unplanned(plan, audit), restarts, again,
            changed_again, back, back_monitor, same,
        )  # fmt: skip


def edges(finished: Finished) -> dict[tuple[str, str, str], str]:
    """The verdicts of a run's verification.json on the trusts found."""
    (file,) = finished.evidence.rglob("verification.json")
    told = json.loads(file.read_text(encoding="utf-8"))["edges"]
    found = [one for one in told if one["purpose"] == "found on this site"]
    return {(one["importer"], one["exporter"], one["alias"]): one["verdict"] for one in found}


def test_every_night_tells_them(story: Story) -> None:
    assert story.night.exit_code == 1, "the table's own trusts were not made yet"
    assert edges(story.night) == dict.fromkeys(EVERY, "HOLDS")


def test_a_plan_that_looks_lists_every_holder(story: Story) -> None:
    into = [place for one in story.plan["observed"]["renewed"] for place in one["into"] if place["step"] == "x1.5"]
    assert {(place["host"], place["alias"]) for place in into} == {(host, alias) for host, _, alias in EVERY}
    due = {(one["step"], one["host"]) for one in story.plan["observed"]["due"]}
    assert {host for step, host in due if step == "x1.5"} == {AWA, CVPA, CVPB, RPT}
    assert {host for step, host in due if step == "x1.5.activate"} == {CVPA, CVPB, RPT}


def test_a_run_that_finds_another_holder_stops_before_anything_changes(story: Story) -> None:
    assert story.stopped.exit_code == 1, story.stopped.output
    assert f"{AWA} cacerts alias planted later: trust found on this site, in {CVPA} (CallServer)" in story.stopped.said
    assert "expected one that the approved plan lists" in story.stopped.said
    assert story.changed_by_stopped == []


def test_no_trust_is_lost_for_a_moment(story: Story) -> None:
    assert story.done.exit_code == 0, story.done.output
    planted_trusts = SITE.trusts()
    assert {*planted_trusts} <= story.monitor.worked
    # Where a server trusts its own certificate, its services restart one after the other, as one host's restart.
    assert [one for one in planted_trusts if one in story.monitor.broken and one.importer != one.exporter] == []
    assert story.unplanned == []


def test_who_trusts_another_restarts_before_it_presents_its_own_new_certificate(story: Story) -> None:
    starts = [host for host, text in story.restarts if "callserver" in text]
    assert starts == ["cvpa", "rpt", "cvpb", "cvpa", "rpt", "cvpb"]


def test_the_same_command_changes_nothing_more(story: Story) -> None:
    assert story.again.exit_code == 0, story.again.output
    assert story.changed_again == []


def test_the_record_shows_them_among_the_trusts(story: Story) -> None:
    record = (story.done.evidence / "F1" / "change-record.html").read_text(encoding="utf-8")
    for alias in ("vxml_wsm_certificate", "callserver_a", "by hand"):
        assert alias in record


def test_all_is_taken_back_without_a_gap(story: Story) -> None:
    assert story.back.exit_code == 0, story.back.output
    assert story.same_bytes
    broken = [one for one in SITE.trusts() if one in story.back_monitor.broken and one.importer != one.exporter]
    assert broken == []


def test_a_store_that_cannot_be_searched_is_confirmed_by_a_person(tmp_path: Path) -> None:
    """One server alone is renewed; another one has a keystore that does not open, and is none of its business else."""
    with site_lab(tmp_path, site=SITE.text) as lab:
        lab.fail(host=RPT, kind="keystore_password")
        chosen = ("--change=G1", "--host=cvpb")
        waiting = runbook(lab, tmp_path / "out", *chosen)
        assert waiting.exit_code == 1, waiting.output
        assert f"{CVPB} gate not passed: {RPT} (.keystore could not be searched: {RPT}" in waiting.said
        assert f'--confirmed "{CVPB}:{RPT}"' in waiting.said
        before = lab.entries(CVPB)["wsm_certificate"]
        done = runbook(lab, tmp_path / "out", *chosen, f"--confirmed={CVPB}:{RPT}")
        assert f"{CVPB}: {RPT} holds the new certificates (.keystore could not be searched" in done.said
        assert lab.entries(CVPB)["wsm_certificate"] != before
        assert "Could not find out" in done.said, "what the ADS server trusts of it is verified as before"


def test_a_site_with_trusts_planted_at_random_loses_none(tmp_path: Path) -> None:
    """A sample of `tests/soak/test_found.py`."""
    assert renewed_and_taken_back(planted(7), tmp_path) == []
