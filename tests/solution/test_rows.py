"""Trusts that the inventory asks for beyond the table: planned, made, verified, and taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.runbook.kills import ROLLBACK
from tests.runbook.planned import plan_of, unplanned
from tests.runbook.runs import Finished, runbook
from tests.runbook.site_lab import CVP, DUO, SiteLab, site_lab

RPT, PG, FIN = "rpt.duo.example", "pga.duo.example", "fin1.duo.example"
SITE = (
    DUO.replace("cvp_local: {", "vos: {username: admin}, cvp_local: {").replace(
        "{cvp: cvp_local}", "{cvp: cvp_local, cvp_reporting: cvp_local}"
    )
    + """
  - {fqdn: rpt.duo.example, role: cvp_reporting, side: A}
  - {fqdn: pga.duo.example, role: pg, side: A, cucm_pg: true, vru_pg: true}
  - {fqdn: fin1.duo.example, role: finesse, node: publisher}
rows: [secure_jmx, courtesy_callback, vru_pg, cti_server]
exchanged:
  - {importer: cvpa.duo.example, exporter: rpt.duo.example, port: callserver_sip, alias: reporting by hand}
""".lstrip("\n")
)
# importer, exporter, kind and alias. What was found under another alias stays under it.
ASKED = {
    (CVP, CVP, "WSM", "vxml_wsm_certificate"),
    (RPT, RPT, "WSM", "vxml_wsm_certificate"),
    (RPT, CVP, "CallServer", f"{CVP}_callserver"),
    (CVP, RPT, "CallServer", "reporting by hand"),
    (PG, CVP, "CallServer", CVP),
    (PG, FIN, "tomcat", FIN),
}


@dataclass(frozen=True)
class Story:
    """A night before, the change, once more, and the way back."""

    lab: SiteLab
    plan: dict[str, Any]
    night: Finished
    done: Finished
    unplanned: list[tuple[str, str]]
    again: list[str]
    back: Finished
    machine: dict[str, set[str]]
    same_bytes: bool
    cleaned: Finished
    notes: dict[str, bool]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("rows")
    with site_lab(folder, site=SITE) as lab:
        out = folder / "out"
        night = runbook(lab, folder / "night", "-m", "verify")
        assert runbook(lab, out, "--plan", "--observe", "--change=R1").exit_code == 0
        plan = plan_of(out)
        before = {fqdn: lab.store_file(fqdn).read_bytes() for fqdn in lab.keepers}
        machine, seen = {"before": lab.machine_store(PG, "MY")}, len(lab.audit())
        done = runbook(lab, out, "--change=R1", f"--approved-plan={plan['hash']}", "-n2")
        machine["done"], audit, seen = lab.machine_store(PG, "MY"), lab.audit()[seen:], len(lab.audit())
        runbook(lab, out, "--change=R1", f"--approved-plan={plan['hash']}")
        again = [one["text"] for one in lab.audit()[seen:] if one["changed"]]
        notes = {"done": noted(lab)}
        runbook(lab, out, "runbook/cleanup", "--change=R1", "--older-than=1")
        notes["young"] = noted(lab)
        back = runbook(lab, out, ROLLBACK, "--change=R1")
        machine["back"] = lab.machine_store(PG, "MY")
        notes["back"] = noted(lab)
        same = {fqdn: lab.store_file(fqdn).read_bytes() for fqdn in lab.keepers} == before
        runbook(lab, folder / "other", "--change=R2", "--host=pga")
        machine["once more"], notes["once more"] = lab.machine_store(PG, "MY"), noted(lab, "R2")
        cleaned = runbook(lab, folder / "other", "runbook/cleanup", "--change=R2", "--older-than=0")
        machine["cleaned"], notes["cleaned"] = lab.machine_store(PG, "MY"), noted(lab, "R2")
        yield Story(lab, plan, night, done, unplanned(plan, audit), again, back, machine, same, cleaned, notes)


def noted(lab: SiteLab, change: str = "R1") -> bool:
    return (lab.folder(PG) / "C" / "Program Files" / f"runbook-{change}").is_dir()


def verdicts(finished: Finished) -> dict[tuple[str, str, str, str], str]:
    (file,) = finished.evidence.rglob("verification.json")
    edges = json.loads(file.read_text(encoding="utf-8"))["edges"]
    every = {(one["importer"], one["exporter"], one["kind"], one["alias"]): one["verdict"] for one in edges}
    return {edge: verdict for edge, verdict in every.items() if edge in ASKED}


def test_a_night_before_tells_that_they_are_missing(story: Story) -> None:
    # Java trusts the certificate of a key pair in its store too, so secure JMX works already.
    there = [edge for edge in ASKED if edge[0] == edge[1] or edge[3] == "reporting by hand"]
    assert verdicts(story.night) == dict.fromkeys(ASKED, "FAILS") | dict.fromkeys(there, "HOLDS")


def test_the_plan_names_them(story: Story) -> None:
    rules = [work["rule"] for one in story.plan["steps"] for work in one["work"] if "rule" in work]
    asked = [rule for rule in rules if "asked for in the inventory" in rule]
    for words in ("(secure JMX)", "(Courtesy Callback in the secure mode)", "between VRU PG and CVP)", "and Finesse)"):
        assert any(words in rule for rule in asked), words


def test_all_of_them_are_made(story: Story) -> None:
    assert story.done.exit_code == 0, story.done.output
    assert verdicts(story.done) == dict.fromkeys(ASKED, "HOLDS")
    assert len(story.machine["done"] - story.machine["before"]) == 2
    assert story.unplanned == []


def test_the_same_command_changes_nothing_more(story: Story) -> None:
    assert story.again == []


def test_all_of_them_are_taken_back(story: Story) -> None:
    assert story.back.exit_code == 0, story.back.output
    assert story.same_bytes
    assert story.machine["back"] == story.machine["before"]


def test_the_note_of_what_was_added_stays_until_it_is_old_or_taken_back(story: Story) -> None:
    assert story.cleaned.exit_code == 0, story.cleaned.output
    assert story.notes == {"done": True, "young": True, "back": False, "once more": True, "cleaned": False}
    assert story.machine["cleaned"] == story.machine["once more"] > story.machine["before"]
