"""Hosts of every kind: what they present, who may log in, what the inventory says so that they can be confirmed."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from pathlib import Path
from typing import Any

import asyncssh
import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from tests.lab.hosts.labs import LabInside, presented, sha256
from tests.lab.hosts.solution import CRM, CUCM, CUCM_SUB, CUIC, CVPRPT, ECE, PG, ROGGER, STUDIO, TICKETS, VVB
from tests.lab.hosts.test_winrm import connect, run

PORTS = {
    ROGGER: {"winrm", "iis", "dfp"},
    PG: {"winrm", "iis", "dfp"},
    ECE: {"iis"},
    CVPRPT: {"winrm", "wsm", "callserver_sip", "callserver_https"},
    STUDIO: {"winrm"},
    CUCM: {"ssh", "tomcat"},
    CUCM_SUB: {"ssh", "tomcat"},
    VVB: {"ssh", "tomcat"},
    CUIC: {"tomcat", "cuic", "live_data", "ids"},
}


def inventory_file(lab: LabInside) -> Path:
    return lab.lab._options.inventory


def inventory(lab: LabInside) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(inventory_file(lab).read_text(encoding="utf-8"))
    return content


def hosts(lab: LabInside) -> dict[str, dict[str, Any]]:
    return {host["fqdn"]: host for host in inventory(lab)["hosts"]}


def leaf(lab: LabInside, fqdn: str, port: str, key: str = "RSA") -> x509.Certificate:
    der = presented(lab.endpoint(fqdn, port), key)
    assert der is not None, f"{fqdn}: {port} is closed"
    return x509.load_der_x509_certificate(der)


def common_name(certificate: x509.Certificate) -> str:
    [name] = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(name.value)


def test_every_host_started_whole(solution: LabInside) -> None:
    assert solution.lab.failures() == []
    assert {fqdn: set(host["ports"]) for fqdn, host in hosts(solution).items()} == PORTS


@pytest.mark.parametrize("fqdn, port", [(f, port) for f, ports in PORTS.items() for port in sorted(ports)])
def test_every_port_presents_its_hosts_name(solution: LabInside, fqdn: str, port: str) -> None:
    if port in ("winrm", "ssh"):
        return
    certificate = leaf(solution, fqdn, port)
    assert common_name(certificate) == (fqdn if fqdn != CVPRPT else "cvprpt")  # CVP's installer knows no more
    assert isinstance(certificate.public_key(), rsa.RSAPublicKey)
    notes = (solution.lab._options.state / "hosts" / fqdn / "running").glob("*/presented.json")
    said = {key: value for note in notes for key, value in json.loads(note.read_text()).items()}
    assert said[port] == sha256(presented(solution.endpoint(fqdn, port), "RSA"))


def test_no_two_certificates_of_a_host_share_a_key(solution: LabInside) -> None:
    for fqdn, ports in ((ROGGER, ("iis", "dfp")), (PG, ("iis", "dfp")), (CVPRPT, ("wsm", "callserver_sip"))):
        keys = {leaf(solution, fqdn, port).public_key().public_numbers() for port in ports}  # type: ignore[union-attr]
        assert len(keys) == 2, fqdn


def test_the_machine_store_confirms_what_iis_and_portico_present(solution: LabInside) -> None:
    protocol = connect(inventory_file(solution).parents[1], ROGGER)
    bindings, _ = run(protocol, "netsh http show sslcert")
    listed, code = run(protocol, "certutil -v -store My")
    assert code == 0
    for port in ("iis", "dfp"):
        certificate = leaf(solution, ROGGER, port)
        assert certificate.fingerprint(hashes.SHA1()).hex() in bindings  # noqa: S303  # how Windows names them
        assert f"Cert Hash(sha256): {certificate.fingerprint(hashes.SHA256()).hex()}\r\n" in listed


def test_a_node_may_have_two_leaves(solution: LabInside) -> None:
    assert isinstance(leaf(solution, CUCM, "tomcat", "ECDSA").public_key(), ec.EllipticCurvePublicKey)
    assert isinstance(leaf(solution, CUCM, "tomcat", "RSA").public_key(), rsa.RSAPublicKey)
    with pytest.raises(ssl.SSLError):
        leaf(solution, CUCM_SUB, "tomcat", "ECDSA")


def test_nobody_logs_in_to_an_unmanaged_host(solution: LabInside) -> None:
    for fqdn, port in ((ECE, "iis"), (CUIC, "tomcat")):
        host = hosts(solution)[fqdn]
        assert host["managed"] is False
        assert host["sha256"].replace(":", "").lower() == sha256(presented(solution.endpoint(fqdn, port)))
    assert solution.lab.hosts[ECE].winrm is None
    assert solution.lab.nodes[CUIC].shell is None
    assert "nobody" not in inventory(solution)["credentials"]


def test_what_cannot_say_its_certificate_is_pinned(solution: LabInside) -> None:
    pinned = {fqdn for fqdn, host in hosts(solution).items() if "sha256" in host}
    assert pinned == {ECE, CUIC, VVB}
    assert hosts(solution)[VVB]["sha256"].replace(":", "").lower() == sha256(
        presented(solution.endpoint(VVB, "tomcat"))
    )


def test_the_inventory_keeps_the_labs_own_keys_to_itself(solution: LabInside) -> None:
    content = inventory(solution)
    text = yaml.safe_dump(content)
    assert [word for word in ("ecdsa_leaf", "signed_by", "exchanged") if word in text] == []
    assert content["restart"] == {"vvb": {"at_once": 1}}
    assert hosts(solution)[VVB]["trusts"] == ["sip"]
    assert content["ssh"] == {"known_hosts": "known_hosts"}


def test_ssh_is_verified_by_known_hosts(solution: LabInside) -> None:
    folder, login = inventory_file(solution).parent, inventory(solution)["credentials"]["vos"]
    password = (folder / login["password"]["file"]).read_text(encoding="utf-8")

    async def connect(fqdn: str) -> None:
        address, port = solution.endpoint(fqdn, "ssh")
        known = str(folder / "known_hosts")
        options = {"username": login["username"], "password": password, "known_hosts": known, "config": None}
        async with asyncssh.connect(address, port, **options):
            pass

    for fqdn in (CUCM, VVB):
        asyncio.run(connect(fqdn))


def test_subscribers_belong_to_the_publisher_above(solution: LabInside) -> None:
    clusters = {f: [node.fqdn for node in powered.node.cluster] for f, powered in solution.lab.nodes.items()}
    assert clusters == {CUCM: [CUCM, CUCM_SUB], CUCM_SUB: [CUCM, CUCM_SUB], VVB: [VVB], CUIC: [CUIC]}


def web_services(lab: LabInside) -> dict[str, dict[str, Any]]:
    return {entry["fqdn"]: entry for entry in inventory(lab)["web_services"]}


def test_a_self_signed_web_service_is_pinned(solution: LabInside) -> None:
    entry = web_services(solution)[TICKETS]
    assert "ca_file" not in entry
    assert entry["sha256"].replace(":", "").lower() == sha256(presented((entry["address"], entry["port"])))


def test_a_web_service_of_a_private_authority_leads_to_its_root(solution: LabInside) -> None:
    entry = web_services(solution)[CRM]
    assert "sha256" not in entry
    file = inventory_file(solution).parent / entry["ca_file"]
    root, issuing = x509.load_pem_x509_certificates(file.read_bytes())
    assert root.issuer == root.subject == issuing.issuer != issuing.subject
    # Whoever has but the root gets the rest from the server.
    only_root = file.read_text().split("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----\n"
    context = ssl.create_default_context(cadata=only_root)
    with (
        socket.create_connection((entry["address"], entry["port"]), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname=CRM) as secure,
    ):
        secure.sendall(b"GET /api HTTP/1.1\r\nHost: x\r\n\r\n")
        assert secure.recv(15) == b"HTTP/1.1 200 OK"
        der = secure.getpeercert(binary_form=True)
    assert der is not None
    assert isinstance(x509.load_der_x509_certificate(der).public_key(), rsa.RSAPublicKey)
