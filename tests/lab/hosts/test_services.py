"""Services: states, what they load when they start, and what a forgotten restart leaves."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import jks
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from lab.certificates import self_signed
from lab.contract import ServiceError, State
from lab.tables.roles import PROCRUN
from lab.windows.host.host import Host
from lab.windows.host.stores import read, write_key_store
from tests.lab.hosts.labs import ADS, CVP, LabInside, presented, sha256, wait_for

KEYSTORE = r"C:\Cisco\CVP\conf\security\.keystore"
CACERTS = r"C:\Program Files (x86)\Java\jre1.8.0_221\lib\security\cacerts"
PROPERTIES = r"C:\Cisco\CVP\conf\security.properties"


def keystore(host: Host) -> tuple[Path, str]:
    return host.layout.on_disk(KEYSTORE), host.layout.configured_password() or ""


def notes(host: Host, service: str) -> dict[str, str]:
    content: dict[str, str] = json.loads((host.layout.running / service / "presented.json").read_text())
    return content


def trusted(host: Host, service: str) -> set[str]:
    text = (host.layout.running / service / "trusted.pem").read_bytes()
    return {sha256(der) for der in map(der_of, x509.load_pem_x509_certificates(text))}


def der_of(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def test_a_restart_gives_a_new_process(duo: LabInside) -> None:
    services = duo.host(CVP).services
    before = services.status("CALLSERVER")
    assert (before.state, before.name, before.display_name) == (State.RUNNING, "callserver", "Cisco CVP CallServer")
    assert services.by_pid(before.pid) == before
    assert services.stop("callserver").state is State.STOP_PENDING
    assert duo.settled(CVP, "callserver") is State.STOPPED
    assert services.status("callserver").pid == 0
    assert services.by_pid(before.pid) is None
    starting = services.start("callserver")
    assert starting.state is State.START_PENDING
    assert starting.pid not in (0, before.pid)
    assert duo.settled(CVP, "callserver") is State.RUNNING
    now = services.status("callserver")
    assert now.pid == starting.pid
    assert before.started is not None
    assert now.started is not None
    assert before.started < now.started <= datetime.now(UTC)


def test_ports_are_closed_while_a_service_is_down(duo: LabInside) -> None:
    services, endpoint = duo.host(CVP).services, duo.endpoint(CVP, "vxml")
    assert presented(endpoint)
    services.stop("vxmlserver")
    assert duo.settled(CVP, "vxmlserver") is State.STOPPED
    assert presented(endpoint) is None
    assert not list((duo.host(CVP).layout.running / "vxmlserver").iterdir())
    services.start("vxmlserver")
    assert duo.settled(CVP, "vxmlserver") is State.RUNNING
    assert sha256(presented(endpoint)) == notes(duo.host(CVP), "vxmlserver")["vxml"]


def refusal(action: Callable[[str], object], name: str) -> int:
    with pytest.raises(ServiceError) as error:
        action(name)
    return error.value.code


def test_the_service_control_manager_refuses_with_its_own_numbers(duo: LabInside) -> None:
    services = duo.host(CVP).services
    assert refusal(services.status, "Cisco CVP CallServer") == 1060  # a display name is not a name
    assert refusal(services.start, "callserver") == 1056
    services.stop("callserver")
    assert refusal(services.stop, "callserver") == 1061
    assert refusal(services.start, "callserver") == 1056
    assert duo.settled(CVP, "callserver") is State.STOPPED
    assert refusal(services.stop, "callserver") == 1062


def test_dependents_hold_a_service_and_start_it(duo: LabInside) -> None:
    services = duo.host(ADS).services
    assert [status.name for status in services.dependents("tomcat9")] == ["CCEMonitor"]
    assert refusal(services.stop, "Tomcat9") == 1051
    for name in ("CCEMonitor", "Tomcat9"):
        services.stop(name)
        assert duo.settled(ADS, name) is State.STOPPED
    services.start("CCEMonitor")
    assert duo.settled(ADS, "CCEMonitor") is State.RUNNING
    assert services.status("Tomcat9").state is State.RUNNING


def test_a_forgotten_restart_shows(duo: LabInside) -> None:
    host, endpoint = duo.host(CVP), duo.endpoint(CVP, "wsm")
    path, password = keystore(host)
    old = presented(endpoint)
    new = self_signed([("CN", CVP)], names=[CVP])
    path.unlink()
    write_key_store(path, password, {"wsm_certificate": new})
    assert presented(endpoint) == old
    duo.restart(CVP, "WebServicesManager")
    assert presented(endpoint) == new.chain[0]
    assert trusted(host, "WebServicesManager") == {new.sha256}


def test_a_trust_store_counts_when_its_service_starts(duo: LabInside) -> None:
    host = duo.host(ADS)
    path, password = host.layout.on_disk(CACERTS), host.layout.factory_password(host.layout.role_data.stores["cacerts"])
    before = trusted(host, "Tomcat9")
    assert len(before) == 20
    store = jks.KeyStore.load(path, password)
    leaf = self_signed([("CN", CVP)]).chain[0]
    store.entries[CVP] = jks.TrustedCertEntry.new(CVP, leaf)
    store.save(path, password)
    assert trusted(host, "Tomcat9") == before
    for name in ("CCEMonitor", "Tomcat9"):
        host.services.stop(name)
        duo.settled(ADS, name)
    host.services.start("Tomcat9")
    assert duo.settled(ADS, "Tomcat9") is State.RUNNING
    assert trusted(host, "Tomcat9") == before | {sha256(leaf)}


def test_the_web_services_of_a_vxml_server_look_into_the_jres_own_store(duo: LabInside) -> None:
    host = duo.host(CVP)
    jre = read(host.layout.on_disk(r"C:\Cisco\CVP\jre\lib\security\cacerts"), "changeit", "JKS")
    assert {sha256(der) for der in jre.trusted.values()} == trusted(host, "vxmlserver")


def remove_store(host: Host) -> None:
    keystore(host)[0].unlink()


def tear_store(host: Host) -> None:
    path, _ = keystore(host)
    path.write_bytes(path.read_bytes()[:-40])


def change_password(host: Host) -> None:
    properties = host.layout.on_disk(PROPERTIES)
    properties.write_text(properties.read_text().replace("keystorePW = ", "keystorePW = x"))


def lose_password(host: Host) -> None:
    host.layout.on_disk(PROPERTIES).unlink()


def point_elsewhere(host: Host) -> None:
    name_store(host, r"C:\Cisco\CVP\conf\security\keystore")


def name_store(host: Host, path: str) -> None:
    content = json.loads(host.layout.registry_file.read_text())
    options = content[rf"{PROCRUN}\WebServicesManager\Parameters\Java"]["Options"]["data"]
    options += [f"-Djavax.net.ssl.trustStore={path}", "-Djavax.net.ssl.trustStoreType=JCEKS"]
    host.layout.registry_file.write_text(json.dumps(content))


@pytest.mark.parametrize("damage", [remove_store, tear_store, change_password, lose_password, point_elsewhere])
def test_a_service_does_not_start_without_its_store(duo: LabInside, damage: Callable[[Host], None]) -> None:
    host = duo.host(CVP)
    damage(host)
    duo.restart(CVP, "WebServicesManager")
    status = host.services.status("WebServicesManager")
    assert (status.state, status.exit_code, status.pid) == (State.STOPPED, 1067, 0)
    assert presented(duo.endpoint(CVP, "wsm")) is None
    assert duo.lab.failures()


def test_a_missing_alias_costs_its_port_alone(duo: LabInside) -> None:
    host = duo.host(CVP)
    path, password = keystore(host)
    path.unlink()
    write_key_store(path, password, {"wsm_certificate": self_signed([("CN", CVP)])})
    duo.restart(CVP, "vxmlserver")
    assert host.services.status("vxmlserver").state is State.RUNNING
    assert notes(host, "vxmlserver") == {}
    assert presented(duo.endpoint(CVP, "vxml")) is None


def test_a_trust_store_is_found_where_the_java_options_say(duo: LabInside) -> None:
    host = duo.host(CVP)
    path, password = keystore(host)
    moved = path.with_name("Moved.jceks")
    write_key_store(moved, password, {"other": self_signed([("CN", "other")])})
    name_store(host, r"c:\cisco\cvp\CONF\security\moved.JCEKS")
    duo.restart(CVP, "WebServicesManager")
    assert len(trusted(host, "WebServicesManager")) == 1
    wait_for(lambda: presented(duo.endpoint(CVP, "wsm")) is not None)


def test_iis_presents_what_is_bound(duo: LabInside) -> None:
    host = duo.host(ADS)
    iis = x509.load_der_x509_certificate(presented(duo.endpoint(ADS, "iis")) or b"")
    assert iis.subject.rfc4514_string().endswith(f"CN={ADS}")
    assert {binding.ip_port for binding in host.ssl_bindings} == {"0.0.0.0:443", "0.0.0.0:7890"}
    [bound] = [binding.hash for binding in host.ssl_bindings if binding.ip_port == "0.0.0.0:443"]
    assert iis.fingerprint(hashes.SHA1()).hex() == bound  # noqa: S303  # how Windows names its certificates


def test_a_changed_service_counts(duo: LabInside) -> None:
    host = duo.host(CVP)
    before = host.service_changes
    duo.restart(CVP, "callserver")
    assert host.service_changes == before + 2
