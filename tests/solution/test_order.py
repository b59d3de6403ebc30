"""--order documented on a site with two sides and VVBs: exactly the trusts that the plan names end, and come again."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reports.journal import history
from reports.journal.chains import run_folders
from reports.journal.parts import over_runs
from tests.runbook.kills import ROLLBACK, run_and_kill
from tests.runbook.planned import plan_of, planned, unplanned
from tests.runbook.probes import Trust
from tests.runbook.runs import Finished, runbook
from tests.runbook.site_lab import SiteLab, site_lab
from tests.runbook.whole import whole
from tests.solution.gaps import GapMonitor, journal, named, spans
from tests.solution.test_two_sides import TWO_SIDES, held
from tests.solution.watched import LONG, untrusting

DOCUMENTED = "--order=documented"
ADS, CVPS, VVBS = "awa", ("cvpa", "cvpb"), ("vvba", "vvbb")
KILLED_AT = "bring it the certificate of cvpa.sides.example"  # it holds the new one, and has not restarted
# Where each host is activated, section by section.
ACTIVATIONS = [
    *(("1.2.d", ADS), *(("x1.5.activate", cvp) for cvp in ("cvpa", "cvpb"))),
    *(("1.4.iii", "cvpa"), ("1.4.iii", "cvpb")),
    *(("x2.4", "vvba"), ("x2.4", "vvbb"), ("2.2.activate", ADS)),
    *(("x2.3.activate", "cvpa"), ("x2.3.activate", "cvpb"), ("3.3.activate", ADS)),
]


@dataclass(frozen=True)
class Run:
    """One or more runs of a change under the watch of each trust, and what restarted in them."""

    finished: Finished
    failed: Mapping[Trust, list[Any]]
    worked: set[Trust]
    restarts: list[tuple[str, str]]
    untrusting: list[Trust]
    audit: list[dict[str, Any]]


@dataclass(frozen=True)
class Story:
    """An exchange in that order, then renewals: approved and taken back; by two workers; killed and resumed."""

    lab: SiteLab
    out: Path
    blind: dict[str, Any]
    seen: dict[str, Any]
    seen_fresh: dict[str, Any]
    exchange: Run
    before: dict[str, bytes]
    renewal: Run
    back: Run
    after: dict[str, bytes]
    workers: Run
    killed: Run


def run(lab: SiteLab, out: Path, *arguments: str, kill_after: int = 0) -> Run:
    """A run under watch; one that is killed after so many changing commands is given again."""
    heard = len(lab.audit())
    with GapMonitor(lab, whole(lab)) as monitor:
        if kill_after:
            run_and_kill(lab, out, kill_after, *arguments)
        finished = runbook(lab, out, *arguments, within=LONG)
    every, audit = whole(lab), lab.audit()[heard:]
    return Run(finished, monitor.failed, monitor.worked, lab.restarts(heard), untrusting(lab, every), audit)


def changes_until(change: Path, purpose: str) -> int:
    """How many changing commands a change has sent, that for this purpose included."""
    records = [entry["record"] for entry in journal(change) if entry["event"] == "command"]
    return [record["purpose"] for record in records if record["changes"]].index(purpose) + 1


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("documented-order")
    out = folder / "out"
    with site_lab(folder, site=TWO_SIDES) as lab:
        fresh = observed(lab, folder / "fresh")
        exchange = run(lab, out, "--change=E1", DOCUMENTED, "-n2", "--no-importers-view")
        lab.edit_inventory(renew="all")
        before, blind, seen = held(lab), planned(lab, folder / "blind", DOCUMENTED), observed(lab, folder / "seen")
        approved = f"--approved-plan={next((folder / 'seen').rglob('plan.json'))}"
        renewal = run(lab, out, "--change=P1", DOCUMENTED, approved, "--no-importers-view")
        back = run(lab, out, ROLLBACK, "--change=P1")
        after = held(lab)
        workers = run(lab, out, "--change=P2", DOCUMENTED, "-n2", "--no-importers-view")
        moment = changes_until(out / "P1", KILLED_AT)
        killed = run(lab, out, "--change=P3", DOCUMENTED, "--no-importers-view", kill_after=moment)
        yield Story(lab, out, blind, seen, fresh, exchange, before, renewal, back, after, workers, killed)


def observed(lab: SiteLab, folder: Path) -> dict[str, Any]:
    """A plan that has looked."""
    made = runbook(lab, folder, "--plan", "--observe", DOCUMENTED)
    assert made.exit_code == 0, made.output
    return plan_of(folder)


def short(fqdn: str) -> str:
    return fqdn.partition(".")[0]


def test_the_plan_names_each_trust_that_ends_from_where_until_where(story: Story) -> None:
    told = [
        (short(gap["importer"]), gap["kind"], short(gap["exporter"]), gap["since"]["step"], gap["until"]["step"])
        for gap in story.blind["gaps"]
    ]
    kinds = {"vvba": ("VXML", "CallServer"), "vvbb": ("VXML",)}
    expected = [(vvb, kind, cvp, "1.4.iii", "x2.4") for cvp in CVPS for vvb, uses in kinds.items() for kind in uses]
    assert sorted(told) == sorted(expected)
    assert all(gap["since"]["host"] == gap["exporter"] for gap in story.blind["gaps"])
    assert all(gap["until"]["host"] == gap["importer"] for gap in story.blind["gaps"])


def test_of_those_a_plan_that_looks_names_what_works_now(story: Story) -> None:
    assert story.seen["observed"]["gaps"] == story.blind["gaps"]
    assert story.seen_fresh["gaps"] == story.blind["gaps"]
    assert story.seen_fresh["observed"]["gaps"] == []


def test_every_run_ends_well_and_afterwards_every_trust_works(story: Story) -> None:
    for one in (story.exchange, story.renewal, story.back, story.workers, story.killed):
        assert one.finished.exit_code == 0, one.finished.output
        assert one.untrusting == []
        assert one.worked == set(whole(story.lab))


@pytest.mark.parametrize("change", ["P1", "P2", "P3"])
def test_the_named_trusts_fail_from_their_step_until_their_step_and_no_other_does(story: Story, change: str) -> None:
    one = {"P1": story.renewal, "P2": story.workers, "P3": story.killed}[change]
    gaps = named(story.seen["observed"]["gaps"], whole(story.lab))
    assert set(one.failed) == set(gaps)
    for edge, span in spans(gaps, story.out / change).items():
        assert span.begin < one.failed[edge][0]
        assert one.failed[edge][-1] < span.end


def test_nothing_ends_where_nothing_worked_and_on_the_way_back(story: Story) -> None:
    assert dict(story.exchange.failed) == {}
    gaps = {edge for edge in whole(story.lab) if edge.importer in story.lab.of_role("vvb")}
    assert set(story.back.failed) <= gaps  # a VVB works with one side at least: see test_two_sides
    assert story.after == story.before


def test_services_restart_in_each_section_that_brings_their_server_something(story: Story) -> None:
    times = Counter(story.exchange.restarts)
    assert times[ADS, '@sc start "Tomcat9"'] == 3
    services = ("callserver", "vxmlserver", "WebServicesManager")
    assert {times[cvp, f'@sc start "{name}"'] for cvp in CVPS for name in services} == {2}
    assert {count for (host, _), count in times.items() if host in VVBS} == {1}
    renewed = Counter(story.renewal.restarts)  # sections 2 and 3 bring nothing new to Windows servers
    assert {*renewed.values()} == {1}


def test_activations_of_a_host_are_kept_apart_in_all_evidence(story: Story) -> None:
    change = story.out / "E1"
    in_order = [
        (entry["step"]["id"], short(entry["step"]["host"]), entry["step"]["section"])
        for entry in journal(change)
        if entry["event"] == "step" and entry["step"]["phase"] == "activate"
    ]
    # Machine stores need no order among themselves: they hold old and new certificates side by side.
    assert {host for step, host, _ in in_order if step == "x1.6"} == {ADS, *CVPS}
    in_order = [one for one in in_order if one[0] != "x1.6"]
    assert [one[:2] for one in in_order] == ACTIVATIONS
    assert all(section.startswith(f"Section {re.sub('^x', '', step)[0]}") for step, _, section in in_order)
    (folder,) = (change / "runs").iterdir()
    junit = ET.parse(folder / "junit.xml")  # noqa: S314 - this project's own
    told = [{one.get("name"): one.get("value") for one in case.iter("property")} for case in junit.iter("testcase")]
    cases = [(one["step"], one["host"]) for one in told]
    results = [json.loads(file.read_text(encoding="utf-8"))["fullName"] for file in folder.rglob("*-result.json")]
    shares = [(part.told.step, part.told.host) for part in over_runs([history.of(one) for one in run_folders(change)])]
    for found in (cases, results, shares):
        assert len(found) == len(set(found)) == len(shares)
    for step, host in ACTIVATIONS:
        fqdn = f"{host}.sides.example"
        assert (step, fqdn) in cases
        assert (step, fqdn) in shares
        assert [one for one in results if one.endswith(f" / {step} / {fqdn}")]


def test_nothing_is_sent_that_the_plan_does_not_say(story: Story) -> None:
    for one in (story.exchange, story.renewal, story.workers, story.killed):
        assert unplanned(story.blind, one.audit) == []


def test_locks_are_given_back_and_nothing_is_left_staged(story: Story) -> None:
    left = [path for fqdn in story.lab.hosts for path in story.lab.folder(fqdn).rglob("runbook-lock")]
    left += [path for fqdn in story.lab.hosts for path in story.lab.folder(fqdn).rglob("runbook-*/staged/*")]
    assert [path for path in left if not path.is_dir()] == []
