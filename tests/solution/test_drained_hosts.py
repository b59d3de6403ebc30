"""Calls are let end before a restart; where they do not end, nothing is moved and nothing stays out of service."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from checks.violation import WrongState
from fixtures.connections.session import CommandFailed
from fixtures.hosts.cce import CceHost
from fixtures.hosts.store_host import StoreHost
from lab.contract import State
from lab.windows.host.draining import ICM_SERVICES
from tests.fixtures.doing import activation, rollback
from tests.fixtures.hosts.small import Small, small
from tests.lab.hosts.labs import CVP, prepared

AW, ROGGER, PG = "awa.duo.example", "rgra.duo.example", "pga.duo.example"
CALLS, NEVER = "{number: 3, seconds: 0.4}", "{number: 3}"
SITE = f"""
site: duo
release: "12.5(1)"
certificate: {{organization: Duo}}
credentials:
  {{windows: {{username: 'LAB\\runbook'}}, cvp_local: {{username: administrator}}, vos: {{username: administrator}}}}
role_credentials: {{cvp: cvp_local}}
restart: {{cvp: graceful, rogger: graceful, pg: graceful, drain_minutes: 0.1}}
hosts:
  - {{fqdn: {AW}, role: ads, side: A, principal: true}}
  - {{fqdn: {CVP}, role: cvp, side: A, also_trusted_by: [], calls: {CALLS}}}
  - {{fqdn: {ROGGER}, role: rogger, side: A, calls: {CALLS}}}
  - {{fqdn: {PG}, role: pg, side: A, cucm_pg: true, vru_pg: false, tomcat: true, calls: {CALLS}}}
  - {{fqdn: ucm.duo.example, role: cucm, node: publisher}}
"""
SERVICES = ("callserver", "vxmlserver", "WebServicesManager")
NORMAL_WAY = [
    "note callserver before it is drained",
    "let the Call Server take no new calls",
    *(
        f"{verb} {name}{more}"
        for name in ("vxmlserver", "WebServicesManager", "callserver")
        for verb, more in (("note", " before it is stopped"), ("stop", ""), ("start", ""))
    ),
    "note callserver as back in service",
    "remove the note of stopped services",
]


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hosts as their installers left them; tests copy it."""
    return prepared(tmp_path_factory.mktemp("drains"), SITE)


@pytest.fixture
def site(tmp_path: Path, state: Path) -> Iterator[Small]:
    with small(tmp_path, state, SITE) as one:
        yield one


@pytest.fixture
def endless(tmp_path: Path, state: Path) -> Iterator[Small]:
    """The same with calls that never end, and little patience."""
    with small(tmp_path, state, SITE.replace(CALLS, NEVER).replace("0.1}", "0.005}")) as one:
        yield one


def due(site: Small, host: StoreHost) -> None:
    """Write the live store anew: whatever stands on it must restart."""
    store = host.store
    line = f'@cd /d "{store.folder}" && copy /b {store.name}+,, >nul && echo ok'
    site.send([store.command(line, "touch", changes=True)])
    site.kept.commands.clear()  # it is no part of what is tried
    site.next_step()


def restart(site: Small, host: StoreHost) -> None:
    restarts = activation(host).restarts
    site.perform((*restarts.drain, *restarts.commands()), unless=restarts.done)


def dropped(site: Small, fqdn: str) -> int:
    """How many callers were cut off."""
    file = site.lab.host(fqdn).layout.folder / "calls.json"
    return int(json.loads(file.read_text(encoding="utf-8"))["dropped"]) if file.exists() else 0


def counted(site: Small) -> list[int]:
    """The numbers of calls that stand in the evidence, in their order."""
    texts = [one.stdout for one in site.kept.commands if one.purpose == "wait until its calls have ended"]
    return [int(found[1]) for text in texts if (found := re.search(r"activeCalls=(\d+);", text))]


class Killed(BaseException):
    """The run ends here."""


def kill_at(site: Small, part: str) -> None:
    """End the run when a command with this part is about to be sent."""

    def kill(text: str) -> None:
        if part in text:
            raise Killed

    site.kept.on_sending = kill


def in_service(site: Small, fqdn: str, names: tuple[str, ...]) -> bool:
    return {site.state_of(fqdn, name) for name in names} == {State.RUNNING}


def edit(site: Small, **restart: Any) -> None:
    """Another `restart` for the next run."""
    file = site.folder / "inventory" / "site.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    file.write_text(yaml.safe_dump(content | {"restart": restart}), encoding="utf-8")
    site.begin()


# -- CVP ---------------------------------------------------------------------------------------------------------------


def test_calls_end_before_a_cvp_restarts_and_the_evidence_has_how_they_went_down(site: Small) -> None:
    due(site, site.cvp)
    restart(site, site.cvp)
    assert site.kept.changes == NORMAL_WAY
    assert counted(site) == sorted(counted(site), reverse=True), "they go down"
    assert len(set(counted(site))) > 2
    assert (counted(site)[0], counted(site)[-1]) == (3, 0)
    assert dropped(site, CVP) == 0
    assert in_service(site, CVP, SERVICES)
    assert not site.note(site.cvp).exists()
    seen = len(site.kept.changes)
    site.next_step()
    restart(site, site.cvp)
    assert len(site.kept.changes) == seen


def test_calls_are_dropped_where_nothing_is_said(site: Small) -> None:
    edit(site)
    due(site, site.cvp)
    restart(site, site.cvp)
    assert not [text for text in site.kept.changes if "Call Server" in text]
    assert dropped(site, CVP) == 2 * 3, "of the Call Server, and those that came before VXMLServer restarted"


def test_a_cvp_whose_calls_do_not_end_is_back_in_service_and_nothing_was_moved(endless: Small) -> None:
    site = endless
    site.stage()
    before = site.cvp.state.sha256(site.cvp.store.live)
    site.kept.commands.clear()
    with pytest.raises(CommandFailed) as told:
        site.perform(activation(site.cvp).commands(), unless=activation(site.cvp).already)
    assert "calls in progress: 3. Nothing was moved there; callserver is stopped and started again" in str(told.value)
    assert "longer drain_minutes, or with how: immediate" in str(told.value)
    assert site.kept.changes == [
        "note callserver before it is drained",
        "let the Call Server take no new calls",
        "stop callserver",
        "start callserver",
        "note callserver as back in service",
    ]
    assert in_service(site, CVP, SERVICES)
    site.next_step()
    assert site.cvp.state.sha256(site.cvp.store.live) == before
    assert site.cvp.services.noted() == ()
    assert dropped(site, CVP) == 3, "no guide names another way back than this"


def test_calls_that_cannot_be_counted_are_waited_for_all_the_same(site: Small) -> None:
    site.lab.host(CVP).layout.drive.joinpath("Windows/System32/curl.exe").unlink()
    due(site, site.cvp)
    restart(site, site.cvp)
    assert site.kept.changes == NORMAL_WAY
    assert counted(site) == []
    assert dropped(site, CVP) == 0


@pytest.mark.parametrize(
    "dialogue",
    [
        b"192.0.2.1\r\nadministrator\r\nx\r\ncallserver\r\n\r\n",
        f"{CVP}\r\nadministrator\r\nx\r\ncallserver\r\n".encode(),
        b"",
    ],
    ids=["another host", "a wrong password", "nothing"],
)
def test_what_was_refused_takes_nothing_out_of_service(
    site: Small, monkeypatch: pytest.MonkeyPatch, dialogue: bytes
) -> None:
    due(site, site.cvp)
    monkeypatch.setattr("fixtures.actions.drains._dialogue", lambda _: dialogue)
    with pytest.raises(CommandFailed, match="let the Call Server take no new calls: unexpected answer: "):
        restart(site, site.cvp)
    assert not [text for text in site.kept.changes if text.startswith(("stop", "start"))]
    assert in_service(site, CVP, SERVICES)
    assert dropped(site, CVP) == 0


def test_no_secret_stands_in_a_command_or_in_what_is_kept(site: Small) -> None:
    secret = site.site.login(site.cvp.host)[1].reveal()
    due(site, site.cvp)
    restart(site, site.cvp)
    assert secret
    assert not [one for one in site.kept.commands if secret in f"{one.text}{one.stdout}{one.stderr}"]
    audit = (site.folder / "state" / "audit.jsonl").read_text(encoding="utf-8")
    assert "service-controller.bat" in audit
    assert secret not in audit


def test_an_operator_who_interrupts_the_wait_finds_the_server_in_service(endless: Small) -> None:
    site = endless
    edit(site, cvp={"how": "graceful", "drain_minutes": 5})
    due(site, site.cvp)

    def block(text: str) -> None:
        if "activeCalls" in text:
            site.run.barrier.block_everything("interrupted by the operator (Ctrl-C)")

    site.kept.on_sending = block
    with pytest.raises(CommandFailed, match=r"calls in progress: 3 \(interrupted by the operator"):
        restart(site, site.cvp)
    assert site.kept.changes[-3:] == ["stop callserver", "start callserver", "note callserver as back in service"]
    assert in_service(site, CVP, SERVICES)


# The next command of a killed run -> whether the same run again asks the Call Server anew.
KILLED = {"service-controller": True, 'stop "vxmlserver"': False, 'start "callserver"': False}


@pytest.mark.parametrize("part, again", KILLED.items())
@pytest.mark.parametrize("how", ["graceful", "immediate"])
def test_what_a_killed_run_has_drained_is_in_service_after_the_next(
    site: Small,
    part: str,
    again: bool,  # noqa: FBT001
    how: str,
) -> None:
    due(site, site.cvp)
    kill_at(site, part)
    with pytest.raises(Killed):
        restart(site, site.cvp)
    site.kept.on_sending = lambda _: None
    site.kept.commands.clear()
    edit(site, cvp={"how": how})
    restart(site, site.cvp)
    asked = "let the Call Server take no new calls" in site.kept.changes
    assert asked is (again and how == "graceful")
    assert in_service(site, CVP, SERVICES)
    assert not site.cvp.stale_services(SERVICES)
    assert not site.note(site.cvp).exists()


@pytest.mark.parametrize("how", ["graceful", "immediate"])
def test_the_way_back_brings_a_server_into_service_that_a_killed_run_has_only_drained(site: Small, how: str) -> None:
    site.stage()
    kill_at(site, "activeCalls")
    with pytest.raises(Killed):
        site.perform(activation(site.cvp).commands(), unless=activation(site.cvp).already)
    site.kept.on_sending = lambda _: None
    edit(site, cvp={"how": how})
    site.kept.commands.clear()
    site.perform(rollback(site.cvp).discard(), unless=rollback(site.cvp).discarded)
    site.next_step()
    site.perform(rollback(site.cvp).restore(), unless=rollback(site.cvp).restored)
    assert "start callserver" in site.kept.changes
    assert "start vxmlserver" not in site.kept.changes, "nothing was moved: it runs what the store holds"
    assert in_service(site, CVP, SERVICES)
    assert not site.note(site.cvp).exists()


def test_a_lost_answer_of_the_service_controller_is_settled_by_what_becomes_of_the_calls(site: Small) -> None:
    due(site, site.cvp)
    site.fail({"kind": "drop_connection", "match": "service-controller", "when": "after", "times": 1})
    restart(site, site.cvp)
    assert [text for _, text in site.kept.warnings] == [
        text for _, text in site.kept.warnings if "what follows waits for its effect" in text
    ]
    assert len([one for one in site.kept.changes if one == "let the Call Server take no new calls"]) == 1
    assert dropped(site, CVP) == 0


def test_a_call_server_that_was_off_before_stays_off(site: Small) -> None:
    site.stop(CVP, "callserver")
    site.look(site.cvp, "0.4")
    due(site, site.cvp)
    restart(site, site.cvp)
    assert not [text for text in site.kept.changes if "callserver" in text and text.startswith(("start", "stop"))]
    assert site.state_of(CVP, "callserver") is State.STOPPED


def test_a_missing_service_controller_stops_the_run_before_anything_is_changed(site: Small) -> None:
    drive = site.lab.host(CVP).layout.drive
    drive.joinpath("Cisco/CVP/bin/ServiceController/service-controller.bat").unlink()
    with pytest.raises(WrongState, match=r"service controller: .* expected there, found no such file"):
        site.look(site.cvp, "0.4")


# -- servers of the CCE ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fqdn, role", [(ROGGER, "rogger"), (PG, "pg")])
def test_maintenance_mode_lets_calls_end_and_everything_of_the_icm_runs_afterwards(
    site: Small, fqdn: str, role: str
) -> None:
    host, names = cast("CceHost", site.site.hosts[fqdn]), ICM_SERVICES[role]
    site.look(host, "0.4")
    due(site, host)
    restart(site, host)
    assert site.kept.changes == [
        *(f"note {name} before it is drained" for name in names),
        "start maintenance mode",
        "note Tomcat9 before it is stopped",
        "stop Tomcat9",
        "start Tomcat9",
        *(text for name in names for text in (f"stop {name}", f"start {name}", f"note {name} as back in service")),
        "remove the note of stopped services",
    ]
    told = [one.stdout.strip() for one in site.kept.commands if "RequestStatus" in one.text]
    component = {"rogger": "ROUTER", "pg": "AGENTPG"}[role]
    assert told == ["MMRequest-200", f"MMRequest-300-{component}-300", "MMRequest-500", "MMRequest-200"][-len(told) :]
    assert f"MMRequest-300-{component}-300" in told
    assert dropped(site, fqdn) == 0
    assert in_service(site, fqdn, (*names, "Tomcat9"))


def test_a_maintenance_mode_that_does_not_come_leaves_everything_in_service(endless: Small) -> None:
    host, names = cast("CceHost", endless.site.hosts[ROGGER]), ICM_SERVICES["rogger"]
    due(endless, host)
    with pytest.raises(CommandFailed, match=r"MMRequest-300-ROUTER-300.*Nothing was moved there"):
        restart(endless, host)
    assert "stop Tomcat9" not in endless.kept.changes
    assert in_service(endless, ROGGER, (*names, "Tomcat9"))
    assert [one.stdout.strip() for one in endless.kept.commands if "RequestStatus" in one.text][-1] == "MMRequest-200"
    assert host.services.noted() == ()


def test_a_server_that_is_not_in_service_stops_the_run_before_anything_is_changed(site: Small) -> None:
    site.stop(PG, ICM_SERVICES["pg"][0])
    with pytest.raises(CommandFailed, match=r"is it in service, and does PowerShell run here.*MMRequest-401"):
        site.look(site.site.hosts[PG], "0.4")


def test_services_that_nobody_could_start_again_are_never_stopped(site: Small) -> None:
    host = cast("CceHost", site.site.hosts[PG])
    for name in ICM_SERVICES["pg"]:
        site.stop(PG, name)
    due(site, host)
    with pytest.raises(WrongState, match=r"the ICM: running services: expected services whose names begin"):
        restart(site, host)
    assert site.kept.changes == []
