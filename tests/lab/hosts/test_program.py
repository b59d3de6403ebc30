"""`python -m lab` as whoever starts it sees it."""

from __future__ import annotations

import json
import socket
import ssl
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import jks
import pytest

from tests.lab.hosts.labs import ROOT, LabProcess, lab_process, presented, sha256

PORT_KEYS = {
    "ads": {"winrm", "iis", "dfp"},
    "cvp": {"winrm", "wsm", "vxml", "callserver_sip", "callserver_https"},
    "cvp_reporting": {"winrm", "wsm", "callserver_sip", "callserver_https"},
}


def hosts(lab: LabProcess) -> dict[str, dict[str, Any]]:
    return {host["fqdn"]: host for host in lab.inventory["hosts"]}


def secret(lab: LabProcess, credential: str) -> str:
    file: str = lab.inventory["credentials"][credential]["password"]["file"]
    return (lab.inventory_file.parent / file).read_text(encoding="utf-8")


def test_it_is_ready_soon(minimal: LabProcess) -> None:
    assert minimal.started_in < 15  # 2 s on two idle cores


def test_the_inventory_names_every_host_with_its_ports(minimal: LabProcess) -> None:
    roles = [(host["role"], set(host["ports"])) for host in hosts(minimal).values()]
    assert sorted(role for role, _ in roles) == ["ads", "ads", "cvp", "cvp", "cvp_reporting"]
    assert all(ports == PORT_KEYS[role] for role, ports in roles)
    assert [host["fqdn"] for host in hosts(minimal).values() if host.get("principal")] == ["awa.minimal.example"]
    assert all(host["also_trusted_by"] == [] for host in hosts(minimal).values() if host["role"] == "cvp")
    assert minimal.inventory["winrm"] == {"scheme": "https", "transport": "ntlm", "ca_file": "winrm-ca.pem"}


def test_the_inventorys_folder_holds_nothing_else(minimal: LabProcess) -> None:
    folder = minimal.inventory_file.parent
    assert {path.name for path in folder.iterdir()} == {"site.yaml", "winrm-ca.pem", "secrets"}
    assert stat.S_IMODE(minimal.inventory_file.stat().st_mode) == 0o644
    assert {stat.S_IMODE(file.stat().st_mode) for file in (folder / "secrets").iterdir()} == {0o600}


def test_each_ads_has_a_trust_store_password_of_its_own(minimal: LabProcess) -> None:
    passwords = set()
    for fqdn, host in hosts(minimal).items():
        if host["role"] != "ads":
            assert "truststore_credential" not in host
            continue
        password = secret(minimal, host["truststore_credential"])
        java = minimal.state / "hosts" / fqdn / "C/Program Files (x86)/Java/jre1.8.0_221"
        assert len(jks.KeyStore.load(java / "lib/security/cacerts", password).certs) == 20
        passwords.add(password)
    assert len(passwords) == 2
    assert "changeit" not in passwords


@pytest.mark.parametrize(
    "fqdn, store, aliases",
    [
        ("cvpa.minimal.example", ".keystore", {"wsm_certificate", "vxml_certificate", "callserver_certificate"}),
        ("cvpa.minimal.example", ".ormKeystore", {"vxml_root_certificate"}),
        ("cvprpt.minimal.example", ".keystore", {"wsm_certificate", "callserver_certificate"}),
    ],
)
def test_a_cvp_store_opens_with_what_security_properties_says(
    minimal: LabProcess, fqdn: str, store: str, aliases: set[str]
) -> None:
    conf = minimal.state / "hosts" / fqdn / "C/Cisco/CVP/conf"
    lines = (conf / "security.properties").read_text(encoding="ascii").splitlines()
    [password] = [line.partition(" = ")[2] for line in lines if line.startswith("Security.keystorePW")]
    content = jks.KeyStore.load(conf / "security" / store, password)
    assert content.store_type == "jceks"
    assert set(content.entries) == aliases
    assert all(entry.is_decrypted() for entry in content.private_keys.values())


def test_every_port_presents_what_its_service_says(minimal: LabProcess) -> None:
    for fqdn, host in hosts(minimal).items():
        notes = (minimal.state / "hosts" / fqdn / "running").glob("*/presented.json")
        said = {port: leaf for note in notes for port, leaf in json.loads(note.read_text()).items()}
        assert said.keys() == host["ports"].keys() - {"winrm"}
        for port, leaf in said.items():
            assert sha256(presented((host["address"], host["ports"][port]))) == leaf


def test_winrm_presents_a_certificate_of_the_labs_authority(minimal: LabProcess) -> None:
    context = ssl.create_default_context(cafile=str(minimal.inventory_file.parent / "winrm-ca.pem"))
    for fqdn, host in hosts(minimal).items():
        for name in (fqdn, host["address"]):
            with (
                socket.create_connection((host["address"], host["ports"]["winrm"]), timeout=5) as plain,
                context.wrap_socket(plain, server_hostname=name),
            ):
                pass


def test_a_listener_answers_a_request_with_the_time(minimal: LabProcess) -> None:
    host = hosts(minimal)["cvpa.minimal.example"]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection((host["address"], host["ports"]["callserver_https"]), timeout=5) as plain,
        context.wrap_socket(plain) as secure,
    ):
        secure.sendall(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = b"".join(iter(lambda: secure.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 200 OK\r\nDate: ")


def test_it_stops_cleanly_and_goes_on_with_its_state(tmp_path: Path, duo_site: str, duo_state: Path) -> None:
    with lab_process(tmp_path / "first", site=duo_site, state=duo_state) as lab:
        before = {fqdn: presented((h["address"], h["ports"].get("wsm", 0))) for fqdn, h in hosts(lab).items()}
        passwords = {name: secret(lab, name) for name in lab.inventory["credentials"]}
        assert lab.stop() == (0, "")
        assert not list((lab.state / "hosts").glob("*/running/*/*"))
        assert all(presented((h["address"], h["ports"]["winrm"])) is None for h in hosts(lab).values())
    with lab_process(tmp_path / "second", site=duo_site, state=duo_state) as again:
        after = {fqdn: presented((h["address"], h["ports"].get("wsm", 0))) for fqdn, h in hosts(again).items()}
        assert after == before
        assert {name: secret(again, name) for name in again.inventory["credentials"]} == passwords


def test_labs_side_by_side_do_not_meet(minimal: LabProcess, tmp_path: Path, duo_site: str, duo_state: Path) -> None:
    with lab_process(tmp_path, "--winrm-scheme", "http", site=duo_site, state=duo_state) as other:
        sockets = [
            {(host["address"], port) for host in hosts(lab).values() for port in host["ports"].values()}
            for lab in (minimal, other)
        ]
        assert sockets[0].isdisjoint(sockets[1])
        assert [len(taken) for taken in sockets] == [20, 8]
        assert other.inventory["winrm"] == {"scheme": "http", "transport": "ntlm"}


def test_the_reference_site_starts_soon_and_whole(tmp_path: Path) -> None:
    with lab_process(tmp_path, site="reference") as lab:
        assert lab.started_in < 20  # 4 s on two idle cores
        assert len(hosts(lab)) == 20
        assert all(
            presented((h["address"], p)) for h in hosts(lab).values() for k, p in h["ports"].items() if k != "ssh"
        )
        assert set(lab.inventory["credentials"]) >= {"windows", "cvp_local", "vos"}
        assert {entry["fqdn"] for entry in lab.inventory["web_services"]} == {"crm.example.com", "tickets.example.com"}
        folder = lab.inventory_file.parent
        named = {"site.yaml", "winrm-ca.pem", "known_hosts", "crm-ca.pem", "secrets"}
        assert {path.name for path in folder.iterdir()} == named
        assert lab.stop() == (0, "")


@pytest.mark.parametrize(
    "site, state, said",
    [
        ("nowhere.yaml", "state", "nowhere.yaml: no such site"),
        ("minimal", "a file", "not usable as a state"),
        ("minimal", "another site", "holds a state of 'duo'"),
    ],
)
def test_a_mistake_is_one_line(tmp_path: Path, site: str, state: str, said: str) -> None:
    (tmp_path / "a file").touch()
    (tmp_path / "another site").mkdir()
    (tmp_path / "another site" / "lab.json").write_text('{"format": 1, "site": "duo"}', encoding="ascii")
    command = [sys.executable, "-m", "lab", "--site", site, "--state", str(tmp_path / state)]
    command += ["--inventory-out", str(tmp_path / "site.yaml")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=20)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
