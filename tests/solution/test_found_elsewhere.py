"""Trusts outside Java stores that a run writes: a machine's own store, a node's list, a store that no step writes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.runbook.kills import ROLLBACK
from tests.runbook.planned import plan_of, unplanned
from tests.runbook.probes import leaf
from tests.runbook.runs import Finished, runbook
from tests.runbook.site_lab import CVP, DUO, SiteLab, site_lab

PG, CUCM = "pga.duo.example", "cucm1.duo.example"
# A VRU PG as the guides make it, somebody's import into its Java store, and a CUCM with a secure SIP trunk.
SITE = (
    DUO.replace("renew: needed", "renew: all").replace("cvp_local: {", "vos: {username: admin}, cvp_local: {")
    + """
  - {fqdn: pga.duo.example, role: pg, side: A}
  - {fqdn: cucm1.duo.example, role: cucm, node: publisher}
exchanged:
  - {importer: pga.duo.example, store: MY, exporter: cvpa.duo.example, port: callserver_sip, alias: by CiscoCertUtil}
  - {importer: pga.duo.example, exporter: cvpa.duo.example, port: wsm, alias: by hand}
  - {importer: cucm1.duo.example, store: CallManager-trust, exporter: cvpa.duo.example, port: callserver_sip}
""".lstrip("\n")
)


@dataclass(frozen=True)
class Story:
    """A plan that looks, a run that leaves the PG alone, one that waits for people, the change and the way back."""

    lab: SiteLab
    plan: dict[str, Any]
    old: dict[str, bytes]
    in_machine: dict[str, set[str]]
    refused: Finished
    waiting: Finished
    done: Finished
    new: dict[str, bytes]
    unplanned: list[tuple[str, str]]
    again: Finished
    changed_again: list[str]
    night: Finished
    too_early: Finished
    back: Finished


def presented(lab: SiteLab) -> dict[str, bytes]:
    return {port: leaf(*lab.endpoint(CVP, port)) for port in ("wsm", "callserver_sip")}


def sha1(der: bytes) -> str:
    return hashlib.sha1(der, usedforsecurity=False).hexdigest()


def changed(lab: SiteLab, since: int) -> list[str]:
    return [one["text"] for one in lab.audit()[since:] if one["changed"] or one.get("changed_services")]


def live(lab: SiteLab) -> dict[str, bytes]:
    return {fqdn: lab.store_file(fqdn).read_bytes() for fqdn in lab.keepers}


def brought_by_people(lab: SiteLab, evidence: Path) -> None:
    """Somebody imports the new certificates where no step does, from the files of the evidence."""
    new = {name: (evidence / f"{name}cvpa.crt").read_text(encoding="ascii") for name in ("wsmcs", "callserver")}
    (lab.folder(PG) / "C" / "temp" / "new.crt").write_text(new["wsmcs"], encoding="ascii")
    lab.type_in(
        PG,
        r'@"%JAVA_HOME%\bin\keytool.exe" -importcert -noprompt -alias "new one" -file C:\temp\new.crt -storetype JKS '
        r'-keystore "%JAVA_HOME%\lib\security\cacerts" -storepass:env PW',
        PW=lab.store_password(PG),
    )
    (entry,) = (lab.folder(CUCM) / "trust" / "CallManager-trust").iterdir()
    entry.write_text("Trust Certificate\n" + new["callserver"], encoding="ascii")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("elsewhere")
    with site_lab(folder, site=SITE) as lab:
        out, old = folder / "out", presented(lab)
        assert runbook(lab, out, "--plan", "--observe", "--change=M1").exit_code == 0
        plan = plan_of(out)
        approved = ("--change=M1", f"--approved-plan={plan['hash']}")
        before, in_machine = live(lab), {"before": lab.machine_store(PG, "MY")}
        confirmed = (f"--confirmed={CVP}:{PG}", f"--confirmed={CVP}:{CUCM}")
        only = ("--only-on=cvpa", "--only-on=awa")
        refused = runbook(lab, folder / "refused", "--change=M1", *only, *confirmed)
        waiting = runbook(lab, out, *approved)
        assert live(lab)[CVP] == before[CVP]
        brought_by_people(lab, out / "M1" / "certificates")
        seen = len(lab.audit())
        done = runbook(lab, out, *approved)
        new, audit, seen = presented(lab), lab.audit()[seen:], len(lab.audit())
        in_machine["done"] = lab.machine_store(PG, "MY")
        again = runbook(lab, out, *approved)
        changed_again = changed(lab, seen)
        night = runbook(lab, folder / "night", "-m", "verify")
        too_early = runbook(lab, out, f"{ROLLBACK}/test_r_4_machine_stores_go_back.py", "--change=M1")
        back = runbook(lab, out, ROLLBACK, "--change=M1")
        in_machine["back"] = lab.machine_store(PG, "MY")
        yield Story(
            lab, plan, old, in_machine, refused, waiting, done, new, unplanned(plan, audit), again,
            changed_again, night, too_early, back,
        )  # fmt: skip


def test_a_plan_that_looks_lists_who_holds_them(story: Story) -> None:
    assert sorted(story.plan["observed"]["elsewhere"]) == sorted(
        [f"{PG} cacerts: {CVP} WSM", f"{CUCM} CallManager-trust: {CVP} CallServer"]
    )
    into = [place for one in story.plan["observed"]["renewed"] for place in one["into"] if place["step"] == "x1.6"]
    assert into == [{"host": PG, "store": "machine store MY", "alias": CVP, "step": "x1.6", "there": False}]
    assert [one["host"] for one in story.plan["observed"]["due"] if one["step"] == "x1.6"] == [PG]


def test_the_change_stops_until_people_have_brought_them_where_no_step_does(story: Story) -> None:
    said = story.waiting.said
    assert story.waiting.exit_code == 1, story.waiting.output
    assert f"{CUCM}: CallManager-trust holds the CallServer certificate of {CVP}. No step writes it" in said
    assert f"{CVP} gate not passed: {CUCM} (CallManager-trust: CallServer certificate; done by an upload" in said
    assert f"{CVP} gate not passed: {PG} (cacerts: WSM certificate; done by keytool" in said


def test_nothing_goes_live_that_a_machine_store_does_not_hold(story: Story) -> None:
    assert story.refused.exit_code == 1, story.refused.output
    assert f"{CVP} CallServer certificate: trust of {PG}, which works now" in story.refused.said
    assert "Run step x1.6 and the activation of" in story.refused.said


def test_a_machine_store_is_given_the_new_one_beside_the_old_one(story: Story) -> None:
    assert story.done.exit_code == 0, story.done.output
    old, new = sha1(story.old["callserver_sip"]), sha1(story.new["callserver_sip"])
    assert old in story.in_machine["before"]
    assert story.in_machine["done"] - story.in_machine["before"] == {new}
    assert story.in_machine["before"] < story.in_machine["done"]
    assert story.unplanned == []


def test_it_is_an_edge_of_the_record(story: Story) -> None:
    record = (story.done.evidence / "M1" / "change-record.html").read_text(encoding="utf-8")
    assert "machine store MY" in record


def test_the_same_command_changes_nothing_more(story: Story) -> None:
    assert story.again.exit_code == 0, story.again.output
    assert story.changed_again == []


def test_all_of_them_are_verified_at_night(story: Story) -> None:
    assert story.night.exit_code == 0, story.night.output


def test_nothing_is_taken_out_that_its_server_still_presents(story: Story) -> None:
    assert story.too_early.exit_code == 1, story.too_early.output
    assert f"Run step r.3 for {CVP} first" in story.too_early.said


def test_the_machine_store_holds_in_the_end_what_it_held_before(story: Story) -> None:
    assert story.in_machine["back"] == story.in_machine["before"], story.back.output


def test_who_holds_an_older_certificate_alone_is_told_at_night(story: Story) -> None:
    """People brought the new ones, and then everything was taken back: now those are behind."""
    later = runbook(story.lab, story.done.evidence.parent / "later", "-m", "verify")
    assert later.exit_code == 1, later.output
    assert f"{CUCM} CallManager-trust: certificate of {CVP}: expected one that it presents" in later.said
