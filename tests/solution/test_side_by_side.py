"""Two sites in one lab, each with an inventory of its own, changed at the same time by two runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise

import pytest
import yaml

from tests.runbook.runs import Finished, runbook
from tests.runbook.site_lab import DUO, SiteLab, site_lab
from tests.runbook.whole import whole
from tests.solution.watched import untrusting

SITES = ("one.example", "two.example")
_HEAD, _, _HOSTS = DUO.partition("hosts:\n")
BOTH = _HEAD + "hosts:\n" + "".join(_HOSTS.replace("duo.example", domain) for domain in SITES)
BOTH = BOTH.replace(
    "{fqdn: awa.two.example, role: ads, side: A, principal: true}", "{fqdn: awa.two.example, role: ads, side: A}"
)


@dataclass(frozen=True)
class Half:
    """One of the two sites: the lab as its inventory shows it, and the run on it."""

    lab: SiteLab
    done: Finished

    @property
    def addressed(self) -> list[tuple[str, str]]:
        """Host and text of each command that its run has sent."""
        files = self.done.evidence.glob(f"{self.lab.inventory['site']}/runs/*/journal-*.jsonl")
        lines = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
        return [(line["host"], line["text"]) for line in lines if line["event"] == "sending"]


@pytest.fixture(scope="module")
def halves(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Half]]:
    folder = tmp_path_factory.mktemp("two-sites")
    with site_lab(folder, site=BOTH) as lab:
        views = [one_site(lab, domain) for domain in SITES]
        with ThreadPoolExecutor() as pool:
            runs = pool.map(
                lambda view: runbook(view, folder / "out", f"--change={view.inventory['site']}", within=600), views
            )
            yield [Half(view, done) for view, done in zip(views, runs, strict=True)]


def one_site(lab: SiteLab, domain: str) -> SiteLab:
    """The lab by an inventory that knows the hosts of one domain alone."""
    content = lab.process.inventory
    content["site"] = domain.partition(".")[0]
    content["hosts"] = [host for host in content["hosts"] if host["fqdn"].endswith(domain)]
    content["hosts"][0]["principal"] = True
    file = lab.inventory_file.with_name(f"{content['site']}.yaml")
    file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return SiteLab(replace(lab.process, inventory_file=file))


def test_both_runs_end_well_and_each_site_trusts_its_own_alone(halves: list[Half]) -> None:
    for half, other in (halves, halves[::-1]):
        assert half.done.exit_code == 0, half.done.output
        assert untrusting(half.lab, whole(half.lab)) == []
        strangers = set(other.lab.hosts) & {alias for fqdn in half.lab.keepers for alias in half.lab.entries(fqdn)}
        assert strangers == set()


def test_no_run_sends_anything_to_a_host_of_the_other(halves: list[Half]) -> None:
    for half in halves:
        assert {host for host, _ in half.addressed} == set(half.lab.hosts)
    sent = sum(len(half.addressed) for half in halves)
    heard = [line for line in halves[0].lab.audit() if line["kind"] == "command"]
    assert len(heard) == sent


def test_they_really_ran_at_the_same_time(halves: list[Half]) -> None:
    texts = [line["host"] for line in halves[0].lab.audit() if line["kind"] == "command"]
    turns = sum(before != after for before, after in pairwise(texts))
    assert turns > 50
