"""A site with two sides and VVBs: exchanged by four workers, renewed, taken back. Gently; one writer a store.

One VVB uses secure HTTP and secure SIP, the other secure HTTP alone: the one restarts as a whole, of the
other two services.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.runbook.kills import ROLLBACK
from tests.runbook.monitor import Monitor
from tests.runbook.probes import Trust
from tests.runbook.runs import Finished, runbook
from tests.runbook.site_lab import SiteLab, site_lab
from tests.runbook.whole import whole

TWO_SIDES = """
site: two-sides
release: "12.5(1)"
certificate:
  {organizational_unit: Contact Center, organization: Two Sides, locality: San Jose, state: California, country: US,
   validity_days: 1095, san: required, renew: needed, renew_below_days: 180}
credentials: {windows: {username: 'LAB\\runbook'}, cvp_local: {username: administrator}, vos: {username: administrator}}
role_credentials: {cvp: cvp_local}
hosts:
  - {fqdn: awa.sides.example, role: ads, side: A, principal: true}
  - {fqdn: cvpb.sides.example, role: cvp, side: B, also_trusted_by: []}
  - {fqdn: cvpa.sides.example, role: cvp, side: A, also_trusted_by: []}
  - {fqdn: vvbb.sides.example, role: vvb, side: B, node: publisher, trusts: [http]}
  - {fqdn: vvba.sides.example, role: vvb, side: A, node: publisher, trusts: [http, sip]}
"""
# The steps that change something before VVBs do, in the order of a run.
STAGES = ("1.1.pre.2", "1.1.ii", "1.1.iii", "1.2.c", "1.4.ii", "2.2", "x2.3", "3.3", "1.2.d", "1.4.iii")
ORDER = ["awa", "cvpa", "vvba", "vvbb", "cvpb"]
NOTES = r"runbook-lock|runbook-restart-"


@dataclass(frozen=True)
class Run:
    """One run under the watch of what works."""

    finished: Finished
    monitor: Monitor
    restarts: list[tuple[str, str]]
    entries: dict[str, dict[str, str]]

    @property
    def hosts(self) -> list[str]:
        """Whose services restarted, in their order."""
        return list(dict.fromkeys(host for host, _ in self.restarts))


@dataclass(frozen=True)
class Story:
    """A fresh site, a first change on four workers, a renewal of everything, and its way back."""

    lab: SiteLab
    edges: list[Trust]
    fresh: dict[str, dict[str, str]]
    first: Run
    before: dict[str, bytes]
    renewal: Run
    back: Run
    after: dict[str, bytes]


def held(lab: SiteLab) -> dict[str, bytes]:
    """Every live store, and every entry of a trust list."""
    stores = {fqdn: lab.store_file(fqdn).read_bytes() for fqdn in lab.keepers}
    lists = {f"{fqdn}/{name}": pem for fqdn in lab.of_role("vvb") for name, pem in lab.trust_list(fqdn).items()}
    return stores | lists


def run(lab: SiteLab, evidence: Path, *arguments: str) -> Run:
    """One run, watched."""
    seen = len(lab.audit())
    with Monitor(lab, whole(lab)) as monitor:
        finished = runbook(lab, evidence, *arguments)
    return Run(finished, monitor, lab.restarts(seen), {fqdn: lab.entries(fqdn) for fqdn in lab.keepers})


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("two-sides")
    with site_lab(folder, site=TWO_SIDES) as lab:
        fresh = {fqdn: lab.entries(fqdn) for fqdn in lab.keepers}
        first = run(lab, folder / "out", "--change=F1", "-n4")
        before = held(lab)
        lab.edit_inventory(renew="all")
        renewal = run(lab, folder / "out", "--change=P1")
        back = run(lab, folder / "out", ROLLBACK, "--change=P1")
        yield Story(lab, whole(lab), fresh, first, before, renewal, back, held(lab))


def test_every_run_ends_well_and_at_the_end_of_each_every_trust_works(story: Story) -> None:
    assert len(story.edges) == 18
    for one in (story.first, story.renewal, story.back):
        assert one.finished.exit_code == 0, one.finished.output
        assert one.monitor.worked == set(story.edges)


def test_a_fresh_site_trusts_nobody_and_everybody_afterwards(story: Story) -> None:
    for fqdn, fresh in story.fresh.items():
        brought = {edge.alias for edge in story.edges if edge.importer == fqdn}
        assert brought
        assert set(story.first.entries[fqdn]) == set(fresh) | brought


def test_no_trust_that_works_breaks_on_the_way_there_or_back(story: Story) -> None:
    for one in (story.first, story.renewal, story.back):
        assert dict(one.monitor.broken) == {}
        assert dict(one.monitor.alone) == {}, "a VVB that runs works with the CVP servers of one side at least"
        assert min(one.monitor.tries.values()) > 20
    cvps = story.lab.of_role("cvp")
    for one in (story.renewal, story.back):
        assert {cvp: len(one.monitor.presented[cvp]) for cvp in cvps} == dict.fromkeys(cvps, 4)


def test_a_renewal_leaves_the_aliases_that_were_there(story: Story) -> None:
    for fqdn, entries in story.first.entries.items():
        renewed = story.renewal.entries[fqdn]
        assert set(renewed) == set(entries)
        changed = {alias for alias in entries if renewed[alias] != entries[alias]}
        own = {"wsm_certificate", "vxml_certificate", "callserver_certificate"}
        assert changed == (own if fqdn in story.lab.of_role("cvp") else set(story.lab.of_role("cvp")))


def test_each_service_restarts_once_at_most_and_side_a_before_side_b(story: Story) -> None:
    for one in (story.first, story.renewal, story.back):
        twice = {restart for restart, times in Counter(one.restarts).items() if times > 1}
        # On the way back an ADS server trusts both first, and forgets the new ones when nobody presents them.
        assert twice == ({("awa", '@sc start "Tomcat9"')} if one is story.back else set())
    # A VVB of side B restarts before its CVP servers: it works with those of side A already.
    assert [one.hosts for one in (story.first, story.renewal, story.back)] == [ORDER] * 3
    commands = [text for host, text in story.renewal.restarts if host.startswith("vvb")]
    services = ["utils service restart Cisco Tomcat", "utils service restart Engine"]
    assert commands == ["utils system restart; answer 'yes'", *services]


def test_the_way_back_leads_to_the_bytes_from_before(story: Story) -> None:
    assert len(story.before) == 3 + 2 * 3  # each VVB holds its own certificate and both CVP servers'
    assert story.after == story.before


def test_no_command_of_a_stage_is_sent_before_the_end_of_the_stage_before(story: Story) -> None:
    begun: dict[str, list[str]] = defaultdict(list)
    ended: dict[str, list[str]] = defaultdict(list)
    for journal in journals(story.first.finished):
        step = ""
        for event in journal:
            if event["event"] == "step":
                step = event["step"]["id"]
            if event["event"] == "sending" and event["changes"]:
                begun[step].append(event["time"])
            if event["event"] == "command" and event["record"]["changes"]:
                ended[step].append(event["time"])
    assert [stage for stage in STAGES if stage in begun] == [*STAGES]
    for earlier, later in pairwise(STAGES):
        assert max(ended[earlier]) <= min(begun[later]), (earlier, later)


def test_a_host_is_changed_by_one_worker_alone_and_several_work_at_once(story: Story) -> None:
    changed: dict[str, set[int]] = defaultdict(set)
    for worker, journal in enumerate(journals(story.first.finished)):
        for entry in journal:
            # A VVB's worker leaves its note about a restart beside the keystore of a CVP server.
            if entry["event"] == "sending" and entry["changes"] and not re.search(NOTES, entry["text"]):
                changed[entry["host"]].add(worker)

    assert {host: len(workers) for host, workers in changed.items()} == dict.fromkeys(story.lab.hosts, 1)
    assert len(set.union(*changed.values())) >= 3


def journals(finished: Finished) -> list[list[dict[str, Any]]]:
    """What each process of the first change sent."""
    files = (finished.evidence / "F1").glob("runs/*-change/journal-*.jsonl")
    return [[json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] for file in files]


def test_the_locks_are_given_back(story: Story) -> None:
    assert not [path for fqdn in story.lab.hosts for path in story.lab.folder(fqdn).rglob("runbook-lock")]
