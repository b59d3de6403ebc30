"""Clients that share no code with the runbook: who trusts whom, by what stores hold or by what running services loaded.

Where two anchors share a subject OpenSSL tries only one of them, so the anchor that is the leaf itself is given alone:
that is Java's rule for self-signed certificates.
"""

from __future__ import annotations

import hashlib
import json
import socket
import ssl
from collections.abc import Collection
from dataclasses import dataclass

from tests.runbook.site_lab import SiteLab


def leaf(address: str, port: int, key: str = "RSA") -> bytes:
    """What a port presents to a client that takes this kind of key alone, as DER. Raises OSError without an answer."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers(f"a{key}:@SECLEVEL=0")  # a node may have two leaves; Java 8 gets the RSA one
    context.maximum_version = ssl.TLSVersion.TLSv1_2  # in 1.3 ciphers say nothing about keys
    with socket.create_connection((address, port), timeout=5) as plain, context.wrap_socket(plain) as secure:
        presented = secure.getpeercert(binary_form=True)
        assert presented
        return presented


def trusts(anchors: Collection[bytes], fqdn: str, address: str, port: int) -> bool:
    """Whether a client that trusts only these certificates completes a handshake with hostname checking."""
    presented = leaf(address, port)
    if not anchors:
        return False
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("aRSA")
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    alone = [presented] if presented in anchors else list(anchors)
    context.load_verify_locations(cadata="".join(map(ssl.DER_cert_to_PEM_cert, alone)))
    try:
        with socket.create_connection((address, port), timeout=5) as plain:
            context.wrap_socket(plain, server_hostname=fqdn).close()
    except ssl.SSLCertVerificationError:
        return False
    return True


@dataclass(frozen=True)
class Trust:
    """One edge as this client knows it: who must trust whom, by which service, on which port.

    `service`: empty where nothing on the importer reads its store all the time. `store`: the file on the importer's
    drive, when it is not the main one. `alias`: what the procedure calls the entry; a VOS node has none.
    """

    importer: str
    service: str
    exporter: str
    port: str
    store: str = ""
    alias: str = ""


def section_1(lab: SiteLab) -> list[Trust]:
    """The edges that section 1 makes, written down anew: ADS trusts WSM, CVP trusts IIS."""
    cvps = lab.of_role("cvp", "cvp_reporting")
    return [
        *(Trust(ads, "Tomcat9", cvp, "wsm", alias=cvp) for ads in lab.of_role("ads") for cvp in cvps),
        *(Trust(cvp, "WebServicesManager", ads, "iis", alias=ads) for cvp in cvps for ads in lab.of_role("ads")),
    ]


def loaded_anchors(lab: SiteLab, trust: Trust) -> list[bytes] | None:
    """What the importer's running service has loaded; None while it does not run."""
    path = lab.folder(trust.importer) / "running" / trust.service / "trusted.pem"
    try:
        text = path.read_text(encoding="ascii")
    except OSError:
        return None
    end = "-----END CERTIFICATE-----"
    return [ssl.PEM_cert_to_DER_cert((pem + end).strip()) for pem in text.split(end) if pem.strip()]


def anchors_in_use(lab: SiteLab, trust: Trust) -> frozenset[str] | None:
    """The fingerprints by which an edge is judged: what the service has loaded, else what the store on disk holds."""
    if not trust.service:
        return frozenset(lab.entries(trust.importer, trust.store).values())
    loaded = loaded_anchors(lab, trust)
    if loaded is None:
        return None
    if not trust.store:
        return frozenset(hashlib.sha256(der).hexdigest() for der in loaded)
    try:
        notes = lab.folder(trust.importer) / "running" / trust.service / "stores.json"
        by_store: dict[str, list[str]] = json.loads(notes.read_text(encoding="utf-8"))
    except OSError:
        return None
    found = {path.partition(":\\")[2].replace("\\", "/"): anchors for path, anchors in by_store.items()}
    return frozenset(found[trust.store])
