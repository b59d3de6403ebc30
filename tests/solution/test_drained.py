"""A site with calls: renewed without cutting off a caller, given up where they do not end, taken back as gently."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.runbook.kills import ROLLBACK
from tests.runbook.planned import planned, unplanned
from tests.runbook.runs import Finished, runbook
from tests.runbook.site_lab import SiteLab, site_lab

CVP, VVB, ROGGER = "cvpa.drained.example", "vvba.drained.example", "rgra.drained.example"
GRACEFUL = {"cvp": "graceful", "vvb": "graceful", "rogger": "graceful", "drain_minutes": 0.2}
SITE = """
site: drained
release: "12.5(1)"
certificate:
  {{organizational_unit: Contact Center, organization: Drained, locality: San Jose, state: California, country: US,
   validity_days: 1095, san: required, renew: needed, renew_below_days: 180}}
credentials:
  {{windows: {{username: 'LAB\\runbook'}}, cvp_local: {{username: administrator}}, vos: {{username: administrator}}}}
role_credentials: {{cvp: cvp_local}}
hosts:
  - {{fqdn: awa.drained.example, role: ads, side: A, principal: true}}
  - {{fqdn: cvpa.drained.example, role: cvp, side: A, also_trusted_by: [], calls: {calls}}}
  - {{fqdn: vvba.drained.example, role: vvb, side: A, node: publisher, trusts: [http], calls: {calls}}}
  - {{fqdn: rgra.drained.example, role: rogger, side: A, calls: {calls}}}
"""
ENDING, ENDLESS = "{number: 3, seconds: 2}", "{number: 3}"
SERVICES = ("callserver", "vxmlserver", "WebServicesManager")


def restart(lab: SiteLab, **how: Any) -> None:
    """What the inventory says under `restart`."""
    content = lab.process.inventory
    content["restart"] = how
    content["certificate"]["renew"] = "all"
    lab.inventory_file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def dropped(lab: SiteLab, *hosts: str) -> dict[str, int]:
    """How many callers each host has cut off so far."""
    files = {fqdn.partition(".")[0]: lab.folder(fqdn) / "calls.json" for fqdn in hosts or (CVP, VVB, ROGGER)}
    texts = {
        name: file.read_text(encoding="utf-8") if file.exists() else '{"dropped": 0}' for name, file in files.items()
    }
    return {name: json.loads(text)["dropped"] for name, text in texts.items()}


def records(finished: Finished, change: str) -> list[dict[str, Any]]:
    """The commands that a change's evidence has, in their order."""
    files = sorted((finished.evidence / change).glob("runs/*/journal-*.jsonl"))
    events = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [event["record"] for event in events if event["event"] == "command"]


def counted(finished: Finished, change: str) -> list[int]:
    texts = [one["stdout"] for one in records(finished, change) if one["host"] == CVP and "activeCalls" in one["text"]]
    return [int(found[1]) for text in texts if (found := re.search(r"activeCalls=(\d+);", text))]


@pytest.fixture(scope="module")
def gentle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SiteLab, Path]]:
    folder = tmp_path_factory.mktemp("drained")
    with site_lab(folder, site=SITE.format(calls=ENDING)) as lab:
        restart(lab, **GRACEFUL)
        yield lab, folder


def test_a_change_and_its_way_back_cut_off_no_caller(gentle: tuple[SiteLab, Path]) -> None:
    lab, folder = gentle
    plan, back = planned(lab, folder / "plan"), planned(lab, folder / "plan-back", ROLLBACK)
    seen = len(lab.audit())
    done = runbook(lab, folder / "out", "--change=G1")
    assert done.exit_code == 0, done.output
    assert unplanned(plan, lab.audit()[seen:]) == []
    assert dropped(lab) == {"cvpa": 0, "vvba": 0, "rgra": 0}
    numbers = counted(done, "G1")
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) > 2
    assert numbers[0] == 3
    told = [one["stdout"].strip() for one in records(done, "G1") if "RequestStatus" in one["text"]]
    assert "MMRequest-300-ROUTER-300" in told
    assert "MMRequest-500" in told
    seen = len(lab.audit())
    done = runbook(lab, folder / "out", ROLLBACK, "--change=G1")
    assert done.exit_code == 0, done.output
    assert unplanned(back, lab.audit()[seen:]) == []
    assert [text for host, text in lab.restarts(seen) if "vvb restart graceful" in text]
    assert [line["text"] for line in lab.audit()[seen:] if "service-controller" in line["text"]]
    assert dropped(lab) == {"cvpa": 0, "vvba": 0, "rgra": 0}


def test_at_once_cuts_callers_off_and_the_plan_says_so_before(gentle: tuple[SiteLab, Path]) -> None:
    lab, folder = gentle
    drained = runbook(lab, folder / "plan-gentle", "--plan").said
    assert "calls in progress are let end first, for 0.2 minutes at most" in drained
    assert "they are counted while they go down" in drained
    assert "they cannot be counted" in drained
    before = dropped(lab)
    restart(lab)
    plan = runbook(lab, folder / "plan-at-once", "--plan").said
    assert "restarts at once: calls in progress are dropped" in plan
    assert "restarts at once: nothing that carries calls is stopped" in plan
    assert "let end first" not in plan
    done = runbook(lab, folder / "out-at-once", "--change=G2")
    assert done.exit_code == 0, done.output
    after = dropped(lab)
    assert after["cvpa"] > before["cvpa"]
    assert after["vvba"] > before["vvba"]
    assert after["rgra"] == before["rgra"], "Tomcat carries no calls"


def test_calls_that_never_end_stop_the_run_and_nothing_stays_out_of_service(tmp_path: Path) -> None:
    with site_lab(tmp_path, site=SITE.format(calls=ENDLESS)) as lab:
        restart(lab, cvp={"how": "graceful", "drain_minutes": 0.02})
        plan = planned(lab, tmp_path / "plan")
        before = lab.store_file(CVP).read_bytes()
        seen = len(lab.audit())
        done = runbook(lab, tmp_path / "out", "--change=E1")
        assert done.exit_code == 1, done.output
        assert "wait until its calls have ended: calls in progress: 3. Nothing was moved there" in done.said
        assert "Run again with a longer drain_minutes, or with how: immediate" in done.said
        assert unplanned(plan, lab.audit()[seen:]) == []
        for name in SERVICES:
            assert "RUNNING" in lab.type_in(CVP, f'@sc query "{name}"')
        assert lab.store_file(CVP).read_bytes() == before
        assert dropped(lab, VVB) == {"vvba": 0}, "what comes after is not touched"

        restart(lab)
        done = runbook(lab, tmp_path / "out", "--change=E1")
        assert done.exit_code == 0, done.output
        assert lab.store_file(CVP).read_bytes() != before


def test_a_vvb_whose_calls_never_end_goes_on_with_them(tmp_path: Path) -> None:
    with site_lab(tmp_path, site=SITE.format(calls=ENDLESS)) as lab:
        restart(lab, vvb={"how": "graceful", "drain_minutes": 0.02})
        done = runbook(lab, tmp_path / "out", "--change=E2")
        assert done.exit_code == 1, done.output
        assert "Nothing was stopped. Once asked, it restarts by itself when its last call is over" in done.said
        asked = [one for one in records(done, "E2") if one["text"] == "utils vvb restart graceful"]
        assert len(asked) == 1, "never asked twice for want of an answer"
        assert dropped(lab, VVB) == {"vvba": 0}
        assert (lab.folder(VVB) / "running" / "Engine" / "trusted.pem").exists(), "its services run"
