"""While one side restarts the other one must work: before it, during it; and outages are measured at ports."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runbook.runs import Finished, runbook
from tests.runbook.site_lab import DUO, SiteLab, site_lab

A, B = "cvpa.duo.example", "cvpb.duo.example"
SITE = DUO + f"  - {{fqdn: {B}, role: cvp, side: B, also_trusted_by: []}}\n"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[SiteLab]:
    with site_lab(tmp_path, "--latency-service=2", site=SITE) as lab:
        yield lab


def change(lab: SiteLab, folder: Path, *options: str) -> Finished:
    return runbook(lab, folder / "out", "runbook/section1", "--change=H1", *options)


def restarted(lab: SiteLab, fqdn: str) -> bool:
    return any(one.get("changed_services") for one in lab.audit() if one["host"] == fqdn and "@sc" in one["text"])


def test_nothing_restarts_while_the_peer_does_not_run_and_outages_are_measured_at_ports(
    lab: SiteLab, tmp_path: Path
) -> None:
    lab.type_in(B, "net stop vxmlserver")
    before = lab.store_file(A).read_bytes()

    refused = change(lab, tmp_path)

    assert refused.exit_code == 1, refused.output
    assert f"{B} vxmlserver: state: expected running, found it does not run." in refused.said
    assert "(--accept-outage). Nothing was changed here." in refused.said
    assert not restarted(lab, A)
    assert lab.store_file(A).read_bytes() == before

    lab.type_in(B, "net start vxmlserver")
    done = change(lab, tmp_path)

    assert done.exit_code == 0, done.output
    outages = [
        event["record"]
        for file in (tmp_path / "out").rglob("journal-*.jsonl")
        for line in file.open(encoding="utf-8")
        if (event := json.loads(line))["event"] == "outage"
    ]
    assert {(one["host"], one["kind"]) for one in outages} >= {
        (host, kind) for host in (A, B) for kind in ("WSM", "VXML", "CallServer")
    }
    assert all(one["came_back"] and 1 < one["seconds"] < 60 for one in outages)
    record = (tmp_path / "out/H1/change-record.html").read_text(encoding="utf-8")
    assert "Outages as ports showed them" in record
    assert "(VXML) presented nothing for" in record


def test_a_peer_that_falls_sick_stops_everything_that_is_not_begun(lab: SiteLab, tmp_path: Path) -> None:
    """B's VXML server goes down when A's first service has stopped: A is finished, B is not touched."""
    seen = len(lab.audit())

    def fall() -> None:
        while not any("@sc stop" in one["text"] and one["host"] == A for one in lab.audit()[seen:]):
            time.sleep(0.05)
        lab.type_in(B, "net stop vxmlserver")

    falling = threading.Thread(target=fall)
    falling.start()
    stopped = change(lab, tmp_path)
    falling.join()

    assert stopped.exit_code == 1, stopped.output
    assert f"certificate presented while {A} restarts" in stopped.said
    assert f"{B} no longer presents its VXML on port" in stopped.said
    by_the_run = [one["text"] for one in lab.audit()[seen:] if one["host"] == B and one["text"].startswith("@sc st")]
    assert by_the_run == []
    running = lab.folder(A) / "running"
    assert all((running / name / "presented.json").exists() for name in ("callserver", "vxmlserver"))
