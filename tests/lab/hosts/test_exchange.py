"""A half-exchanged site: what stores hold before anybody runs anything, and that running services have loaded it."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from lab.set_up.state import prepare
from lab.site.site import load
from lab.windows.host.stores import read
from tests.lab.hosts.labs import ADS, CVP, DUO, LabInside, presented, sha256
from tests.lab.hosts.solution import CUCM, CVPRPT, ECE, PG, ROGGER, STUDIO, VVB


def held(lab: LabInside, fqdn: str, store: str) -> dict[str, bytes]:
    layout = lab.host(fqdn).layout
    kind = layout.stores[store]
    return dict(read(layout.on_disk(kind.path), layout.factory_password(kind), kind.type).trusted)


def loaded(lab: LabInside, fqdn: str, service: str) -> set[bytes]:
    folder = lab.lab._options.state / "hosts" / fqdn / "running" / service
    certificates = x509.load_pem_x509_certificates((folder / "trusted.pem").read_bytes())
    return {certificate.public_bytes(Encoding.DER) for certificate in certificates}


CURRENT = [
    (ROGGER, "cacerts", CVPRPT, CVPRPT, "wsm"),
    (CVPRPT, "keystore", "aw_cert", ROGGER, "iis"),
    (STUDIO, "jre_cacerts", ECE, ECE, "iis"),
]
SUPERSEDED = [
    (ROGGER, "cacerts", "util-pg1a-7890", PG, "dfp"),
    (ROGGER, "cacerts", f"old {CUCM}", CUCM, "tomcat"),
    (ROGGER, "java_cacerts", "wsm-of-the-past", CVPRPT, "wsm"),
]


@pytest.mark.parametrize("importer, store, alias, exporter, port", CURRENT)
def test_some_trust_works_already(
    solution: LabInside, importer: str, store: str, alias: str, exporter: str, port: str
) -> None:
    assert held(solution, importer, store)[alias] == presented(solution.endpoint(exporter, port))


@pytest.mark.parametrize("importer, store, alias, exporter, port", SUPERSEDED)
def test_some_certificates_are_of_the_past(
    solution: LabInside, importer: str, store: str, alias: str, exporter: str, port: str
) -> None:
    old = x509.load_der_x509_certificate(held(solution, importer, store)[alias])
    now = x509.load_der_x509_certificate(presented(solution.endpoint(exporter, port), "RSA") or b"")
    names = [one.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value for one in (old, now)]
    assert names[0] == names[1]
    assert old.issuer == old.subject
    assert old.not_valid_before_utc < now.not_valid_before_utc
    assert old.public_key() != now.public_key()


def test_some_entries_are_nobodys(solution: LabInside) -> None:
    partner = held(solution, CVPRPT, "keystore")["partner"]
    everybody = {presented(place) for powered in solution.lab.hosts.values() for place in powered.listening}
    everybody |= {
        presented(place) for node in solution.lab.nodes.values() for place in node.listening[bool(node.shell) :]
    }
    assert partner not in everybody


def test_a_node_trusts_what_it_was_given(solution: LabInside) -> None:
    call_server = presented(solution.endpoint(CVPRPT, "callserver_sip"))
    assert call_server in [entry.der for entry in solution.lab.nodes[VVB].node.trust.list()]
    assert call_server in loaded(solution, VVB, "Cisco Tomcat")


def test_services_have_loaded_it(solution: LabInside) -> None:
    assert presented(solution.endpoint(CVPRPT, "wsm")) in loaded(solution, ROGGER, "Tomcat9")
    assert presented(solution.endpoint(ROGGER, "iis")) in loaded(solution, CVPRPT, "WebServicesManager")


def test_what_each_store_gave_is_written_down(solution: LabInside) -> None:
    notes = solution.lab._options.state / "hosts" / ROGGER / "running/Tomcat9/stores.json"
    stores = json.loads(notes.read_text(encoding="utf-8"))
    icm, java = stores[r"C:\icm\ssl\cacerts"], stores[held_path(solution, "java_cacerts")]
    assert sha256(presented(solution.endpoint(CVPRPT, "wsm"))) in icm
    assert sha256(presented(solution.endpoint(CVPRPT, "wsm"))) not in java
    assert len(java) == 21  # what Java came with, and one of the past


def held_path(lab: LabInside, store: str) -> str:
    layout = lab.host(ROGGER).layout
    return layout.windows(layout.stores[store].path)


def test_a_host_that_joins_later_gets_what_the_others_present(duo_state: Path, tmp_path: Path) -> None:
    site = tmp_path / "trio.yaml"
    site.write_text(
        f"""{DUO}
  - {{fqdn: rgra.duo.example, role: rogger, side: A}}
exchanged:
  - {{importer: rgra.duo.example, exporter: {ADS}, port: iis, alias: {ADS}_IIS}}
  - {{importer: rgra.duo.example, exporter: {CVP}, port: wsm}}
""",
        encoding="utf-8",
    )
    (duo_state / "setup" / "of a lab that was killed").mkdir(parents=True)
    with ThreadPoolExecutor(2) as pool:
        state = prepare(duo_state, load(str(site)), pool)
    rogger = state.layout(state.site.hosts[2])
    kind = rogger.stores["cacerts"]
    trusted = read(rogger.on_disk(kind.path), rogger.factory_password(kind), "JKS").trusted
    ads, cvp = (state.layout(host) for host in state.site.hosts[:2])
    keystore = read(cvp.on_disk(cvp.stores["keystore"].path), cvp.configured_password(), "JCEKS")
    assert trusted[CVP] == keystore.key_chains["wsm_certificate"][0]
    assert (ads.machine / "my").exists()
    assert trusted[f"{ADS}_iis"] != trusted[CVP]
    assert not list((duo_state / "setup").iterdir())
    shutil.rmtree(rogger.folder)
