"""The same run on several workers: stages one after another, hosts of a stage side by side, one writer a store."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.runbook.conftest import verify
from tests.runbook.runs import Finished, runbook
from tests.runbook.site_lab import SiteLab, site_lab

# What stands for a stage in the lab's audit log, in the order of the stages.
STAGES = (
    r'conf\\security" .*before\.part',
    r"-delete -alias",
    r"-genkeypair",
    r"-importkeystore .*cacerts",
    r"-importkeystore .*\.keystore",
    r"cacerts\+,,",
    r"\.keystore\+,,",
)


@dataclass(frozen=True)
class Parallel:
    """A fresh site after a run on four workers."""

    lab: SiteLab
    aliases: dict[str, set[str]]
    done: Finished
    verified: Finished

    @property
    def changes(self) -> list[dict[str, Any]]:
        """The audit log's changing commands, without the locks'."""
        return [
            line
            for line in self.lab.audit()
            if (line.get("changed") or line.get("changed_services")) and "runbook-lock" not in line["text"]
        ]

    @property
    def journals(self) -> list[list[dict[str, Any]]]:
        """What each process sent."""
        files = (self.done.evidence / "P").rglob("runs/*-change/journal-*.jsonl")
        return [[json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] for file in files]


@pytest.fixture(scope="module")
def parallel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parallel]:
    folder = tmp_path_factory.mktemp("parallel")
    with site_lab(folder) as lab:
        aliases = {fqdn: set(lab.entries(fqdn)) for fqdn in lab.hosts}
        done = runbook(lab, folder / "out", "--change=P", "-n4")
        yield Parallel(lab, aliases, done, verify(lab, folder / "out"))


def test_four_workers_leave_the_stores_that_one_process_leaves(parallel: Parallel) -> None:
    assert parallel.done.exit_code == 0, parallel.done.output
    assert parallel.verified.exit_code == 0, parallel.verified.output
    lab = parallel.lab
    for fqdn, before in parallel.aliases.items():
        peers = lab.of_role("cvp", "cvp_reporting") if fqdn in lab.of_role("ads") else lab.of_role("ads")
        assert set(lab.entries(fqdn)) == before | set(peers)


def test_no_command_of_a_stage_is_sent_before_the_end_of_the_stage_before(parallel: Parallel) -> None:
    times: dict[str, list[str]] = defaultdict(list)
    for line in parallel.changes:
        for stage in STAGES:
            if re.search(stage, line["text"]):
                times[stage].append(line["time"])
    assert set(times) == set(STAGES)
    for earlier, later in pairwise(STAGES):
        assert max(times[earlier]) < min(times[later]), (earlier, later)


def test_a_host_is_changed_by_one_worker_alone_and_several_work_at_once(parallel: Parallel) -> None:
    changed: dict[str, set[int]] = defaultdict(set)
    for worker, journal in enumerate(parallel.journals):
        for entry in journal:
            if entry["event"] == "sending" and entry["changes"] and "runbook-lock" not in entry["text"]:
                changed[entry["host"]].add(worker)

    assert {host: len(workers) for host, workers in changed.items()} == dict.fromkeys(parallel.lab.hosts, 1)
    assert len(set.union(*changed.values())) >= 3


def test_restarts_go_wave_by_wave_side_a_before_side_b(parallel: Parallel) -> None:
    restarts = [line["host"] for line in parallel.changes if line["text"].startswith("@sc start")]
    order = list(dict.fromkeys(restarts))

    names = [host.partition(".")[0] for host in order]
    assert names == ["awb", "awa", "cvpa", "cvprpt", "cvpb"]
    assert restarts == sorted(restarts, key=order.index)


def test_the_locks_are_given_back(parallel: Parallel) -> None:
    assert not [path for fqdn in parallel.lab.hosts for path in parallel.lab.folder(fqdn).rglob("runbook-lock")]


def test_a_worker_that_dies_blocks_the_rest_and_the_same_command_finishes(
    tmp_path: Path, exchanged_duo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.runbook.site_lab import DUO

    monkeypatch.setenv("DIE_AT", "-genkeypair")
    with site_lab(tmp_path, site=DUO, like=exchanged_duo) as lab:
        lab.edit_inventory(renew="all")
        crashed = runbook(lab, tmp_path / "out", "--change=W", "-n2", "-p", "tests.runbook.dying_worker")
        monkeypatch.delenv("DIE_AT")
        finished = runbook(lab, tmp_path / "out", "--change=W", "-n2")

        assert crashed.exit_code == 1, crashed.output
        assert "ended unexpectedly" in crashed.said
        assert "Traceback" not in crashed.output
        assert finished.exit_code == 0, finished.output
