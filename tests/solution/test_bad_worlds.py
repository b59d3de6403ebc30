"""Bad worlds: each ends with a clear line that names host, finding and remedy; nothing live is changed."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.runbook.runs import runbook
from tests.runbook.site_lab import ADS, CVP, DUO, SiteLab, site_lab
from tests.solution.test_interrupted import start, wait_for_command


@dataclass(frozen=True)
class World:
    """What is wrong, made by a fault of the lab or by hand, and what an operator must be told."""

    told: tuple[str, ...]
    fault: dict[str, Any] = field(default_factory=dict)
    by_hand: Callable[[SiteLab], None] = lambda _: None
    exit_code: int = 1


def edit_registry(lab: SiteLab) -> None:
    path = lab.folder(CVP) / "registry.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("duo.example", "other.example"), encoding="utf-8")
    json.loads(path.read_text(encoding="utf-8"))


def remove_store(lab: SiteLab) -> None:
    shutil.move(lab.store_file(CVP), lab.store_file(CVP).with_name("keystore"))


def wrong_magic(lab: SiteLab) -> None:
    content = lab.store_file(CVP).read_bytes()
    lab.store_file(CVP).write_bytes(b"\x50\x4b\x03\x04" + content[4:])


def key_under_an_alias(lab: SiteLab) -> None:
    lab.keytool(ADS, f"-delete -alias {CVP}")
    lab.keytool(ADS, f"-genkeypair -alias {CVP} -keyalg RSA -dname CN=mine -keypass:env PW")


def signed_by_a_ca(lab: SiteLab) -> None:
    work = "-storetype JKS -keystore c:\\temp\\ca.jks -storepass:env PW"
    keytool = '@"%CVP_HOME%\\jre\\bin\\keytool.exe"'
    lab.type_in(
        CVP, f"{keytool} -genkeypair -alias ca -keyalg RSA -dname CN=ca -ext bc:c {work} -keypass:env PW", PW="abcdef"
    )
    lab.type_in(CVP, f"{keytool} -export -alias ca -file c:\\temp\\ca.cer {work}", PW="abcdef")
    lab.keytool(CVP, "-certreq -alias wsm_certificate -file c:\\temp\\wsm.csr")
    lab.type_in(
        CVP,
        f"{keytool} -gencert -alias ca -infile c:\\temp\\wsm.csr -outfile c:\\temp\\wsm.cer {work}",
        PW="abcdef",
    )
    lab.keytool(CVP, "-import -noprompt -alias the-ca -file c:\\temp\\ca.cer")
    lab.keytool(CVP, "-import -noprompt -alias wsm_certificate -file c:\\temp\\wsm.cer")


WORLDS = {
    "unreachable": World(
        (f"{CVP}: WinRM on", "does not answer", "Check the host"), {"host": CVP, "kind": "unreachable"}
    ),
    "not elevated": World(
        (f"{CVP} login: rights: expected an elevated administrator",), {"host": CVP, "kind": "not_elevated"}
    ),
    "wrong certificate on WinRM": World(
        (f"{CVP}: WinRM on", "presents a certificate that is not trusted", "nothing was sent"),
        {"host": CVP, "kind": "winrm_certificate"},
    ),
    "wrong keystore password": World(
        (f"{CVP}: %CVP_HOME%", "its password is another one", "security.properties"),
        {"host": CVP, "kind": "keystore_password"},
    ),
    "missing service": World(
        (f"{CVP} vxmlserver: service: expected a service of this name, found none",),
        {"host": CVP, "kind": "missing_service", "service": "vxmlserver"},
    ),
    "clock 10 minutes off": World(
        (f"{CVP} clock: difference to this machine: expected 5 minutes at most, found 10 minutes",),
        {"host": CVP, "kind": "clock", "seconds": 600},
    ),
    "disk full while copying": World(
        (f"{CVP}: make the staged copy", "There is not enough space on the disk"),
        {"host": CVP, "kind": "disk_full", "path": "*\\part\\*", "after_bytes": 900},
    ),
    "keytool dies half-way": World(
        (f"{CVP}: generate wsm_certificate", "exit code"),
        {"host": CVP, "kind": "keytool_dies", "match": "-genkeypair", "leave": "truncated"},
    ),
    "NTLM switched off": World(
        (f"{CVP}: WinRM on", "does not offer NTLM: it offers Kerberos", "allow Negotiate", "No password was sent"),
        {"host": CVP, "kind": "no_ntlm"},
    ),
    "quota": World(
        (f"{CVP}: WinRM on", "maximum number of concurrent shells", "Close idle shells"),
        {"host": CVP, "kind": "quota"},
    ),
    "missing store": World(
        (f"{CVP} %CVP_HOME%\\conf\\security\\.keystore: store: expected a JCEKS store, found no file",),
        by_hand=remove_store,
    ),
    "wrong magic": World(
        (f"{CVP} %CVP_HOME%\\conf\\security\\.keystore: store: expected a JCEKS store",), by_hand=wrong_magic
    ),
    "another name": World(
        (f"{CVP} Windows name: FQDN: expected {CVP}, found cvpa.other.example",), by_hand=edit_registry
    ),
    "a key under an import's alias": World(
        (f"{ADS} cacerts alias {CVP}: type of entry: expected trustedCertEntry, found PrivateKeyEntry",),
        by_hand=key_under_an_alias,
    ),
    "signed by a CA": World(
        (f"{CVP} wsm_certificate: issuer: expected self-signed, a chain of one", "replace_ca_signed: true"),
        by_hand=signed_by_a_ca,
    ),
}


@pytest.mark.parametrize("world", WORLDS.values(), ids=[name.replace(" ", "-") for name in WORLDS])
def test_a_bad_world_is_told_and_nothing_live_is_changed(duo: SiteLab, tmp_path: Path, world: World) -> None:
    duo.edit_inventory(renew="all")
    world.by_hand(duo)
    stores = {fqdn: duo.store_file(fqdn).read_bytes() for fqdn in duo.hosts if duo.store_file(fqdn).exists()}
    duo.fail(**world.fault)
    seen = len(duo.audit())

    ended = runbook(duo, tmp_path / "out", "--change=bad")

    assert ended.exit_code == world.exit_code, ended.output
    for words in world.told:
        assert words in ended.said
    assert "Traceback" not in ended.output
    assert {fqdn: duo.store_file(fqdn).read_bytes() for fqdn in duo.hosts if duo.store_file(fqdn).exists()} == stores
    assert not [line for line in duo.audit()[seen:] if line.get("changed_services")]


@pytest.mark.parametrize("workers", [0, 4])
def test_a_wrong_password_is_tried_once_in_all(duo: SiteLab, tmp_path: Path, workers: int) -> None:
    secret = duo.inventory_file.parent / "secrets" / "windows"
    secret.write_text("not-the-password", encoding="utf-8")
    seen = len(duo.audit())

    refused = runbook(duo, tmp_path / "out", "--change=bad", *([f"-n{workers}"] if workers else []))

    assert refused.exit_code == 1, refused.output
    assert f"{ADS}: WinRM on" in refused.said
    assert "refused the login of LAB\\runbook" in refused.said
    assert len([line for line in duo.audit()[seen:] if line["kind"] == "refused"]) == 1


def test_a_service_that_does_not_come_back_stops_the_run_there(duo: SiteLab, tmp_path: Path) -> None:
    duo.edit_inventory(renew="all")
    keystore = duo.store_file(CVP).read_bytes()
    duo.fail(host=ADS, kind="service_does_not_return", service="Tomcat9")

    stopped = runbook(duo, tmp_path / "out", "--change=bad", "--wait-for-services=3")

    assert stopped.exit_code == 1, stopped.output
    assert f"{ADS}: wait until Tomcat9 has started: it is stopped (state 1)" in stopped.said
    assert "and should be running (state 4)" in stopped.said
    assert duo.store_file(CVP).read_bytes() == keystore


def test_a_change_whose_answer_was_lost_is_settled_by_its_effect(duo: SiteLab, tmp_path: Path) -> None:
    """Other moments: tests/fixtures/actions/test_activation.py."""
    duo.edit_inventory(renew="all")
    duo.fail(host=CVP, kind="drop_connection", match="-genkeypair.*vxml", when="after", times=1)
    seen = len(duo.audit())

    done = runbook(duo, tmp_path / "out", "--change=lost")

    assert done.exit_code == 0, done.output
    assert "its effect is there" in done.said
    generated = [line for line in duo.audit()[seen:] if "-genkeypair" in line["text"] and line["changed"]]
    assert len(generated) == 3


def test_output_that_is_split_inside_a_character_is_read_whole(exchanged_duo: Path, tmp_path: Path) -> None:
    site = DUO.replace('"Duo, Inc."', "株式会社")
    with site_lab(tmp_path, site=site, like=exchanged_duo) as lab:
        lab.edit_inventory(renew="all", organization="株式会社")
        lab.fail(kind="split_output")
        done = runbook(lab, tmp_path / "out", "--change=utf8", "-m", "look or stage")
        assert done.exit_code == 0, done.output


# The same site in one run with --keep-going: what has each step come to, on which host?
OUTCOMES = {
    ("1.1.iii", "cvprpt"): "failed",  # keytool dies there
    ("1.1.iv", "cvprpt"): "blocked",
    ("1.2.c", "awa"): "blocked",  # it must trust that server
    ("1.2.d", "awb"): "blocked",
    ("1.1.iii", "cvpa"): "done",  # nothing of it depends on that server
    ("1.4.ii", "cvpb"): "done",
    ("1.4.iii", "cvpa"): "failed",  # its CallServer does not return
    ("1.4.iii", "cvpb"): "blocked",  # side B: also with --keep-going nothing is touched beside an unhealthy wave
    ("v1.certificates", "cvprpt"): "could not find out",  # it is switched off
    ("v1.certificates", "cvpb"): "failed",
    ("x5.1", "awa"): "blocked",
}
_TAGS = {"failed": "failure", "blocked": "error", "could not find out": "error", "done": None}
_HEADINGS = {"failed": "Wrong state:", "could not find out": "Could not find out:", "blocked": "Blocked:"}


def test_outcomes_are_told_apart_and_a_failure_on_side_a_leaves_side_b_alone(tmp_path: Path) -> None:
    with site_lab(tmp_path) as lab:
        side_b = "cvpb.minimal.example"
        live, seen = lab.store_file(side_b).read_bytes(), len(lab.audit())
        dies = {"host": "cvprpt.minimal.example", "kind": "keytool_dies", "match": "-genkeypair"}
        stays_away = {"host": "cvpa.minimal.example", "kind": "service_does_not_return", "service": "callserver"}
        lab.fail_in_many_ways(dies, stays_away)
        process = start(lab, tmp_path / "out", "--change=sides", "--wait-for-services=4", "--keep-going", "-n2")
        wait_for_command(lab, 'sc start "callserver"', process)
        lab.fail_in_many_ways(stays_away, {"host": dies["host"], "kind": "unreachable"})
        output, _ = process.communicate(timeout=120)

        assert process.returncode == 1, output
        assert "Traceback" not in output
        assert lab.store_file(side_b).read_bytes() == live
        assert not [line for line in lab.audit()[seen:] if line["host"] == side_b and line["changed_services"]]
        assert told_by_allure(tmp_path) == OUTCOMES
        assert told_by_junit(tmp_path) == {one: (outcome, _TAGS[outcome]) for one, outcome in OUTCOMES.items()}
        for (step, host), outcome in OUTCOMES.items():
            if outcome in _HEADINGS:
                listed = output.partition(_HEADINGS[outcome])[2].partition(":\nCould")[0].partition("\nWarnings:")[0]
                assert re.search(
                    rf"^  {re.escape(step)} .*{host}\.minimal", " ".join(listed.split("\n   ")), re.MULTILINE
                )


def told_by_allure(folder: Path) -> dict[tuple[str, str], str]:
    """What Allure's results say of those steps."""
    told = {}
    for path in folder.rglob("*-result.json"):
        labels = {one["name"]: one["value"] for one in json.loads(path.read_text(encoding="utf-8"))["labels"]}
        told[labels["story"].partition(" ")[0], labels["host"].partition(".")[0]] = labels["outcome"]
    return {one: told[one] for one in OUTCOMES}


def told_by_junit(folder: Path) -> dict[tuple[str, str], tuple[str, str | None]]:
    """The same of JUnit's file: the outcome in the runbook's words, and in JUnit's."""
    told = {}
    (file,) = folder.rglob("junit.xml")
    for case in ET.parse(file).getroot().iter("testcase"):  # noqa: S314 - the run has just written it
        facts = {one.get("name"): str(one.get("value")) for one in case.iter("property")}
        tag = next((one.tag for one in case if one.tag in ("failure", "error", "skipped")), None)
        told[facts["step"], facts["host"].partition(".")[0]] = facts["outcome"], tag
    return {one: told[one] for one in OUTCOMES}
