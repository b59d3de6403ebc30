"""Clients that share no code with the runbook: who trusts whom, by what stores hold or by what running services loaded.

Where two anchors share a subject OpenSSL tries only one of them, so the anchor that is the leaf itself is given alone:
that is Java's rule for self-signed certificates.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections import Counter
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from tests.runbook.site_lab import SiteLab


def leaf(address: str, port: int) -> bytes:
    """What a port presents, as DER. Raises OSError when nobody answers."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
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
    """One edge as this client knows it: who must trust whom, by which service, on which port."""

    importer: str
    service: str
    exporter: str
    port: str


def section_1(lab: SiteLab) -> list[Trust]:
    """The edges that section 1 makes, written down anew: ADS trusts WSM, CVP trusts IIS."""
    cvps = lab.of_role("cvp", "cvp_reporting")
    return [
        *(Trust(ads, "Tomcat9", cvp, "wsm") for ads in lab.of_role("ads") for cvp in cvps),
        *(Trust(cvp, "WebServicesManager", ads, "iis") for cvp in cvps for ads in lab.of_role("ads")),
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


@dataclass
class Monitor:
    """Tries every edge again and again while something else goes on, against what running services have loaded."""

    lab: SiteLab
    tries: Counter[Trust] = field(default_factory=Counter)
    broken: Counter[Trust] = field(default_factory=Counter)
    restarting: Counter[Trust] = field(default_factory=Counter)
    presented: dict[str, set[bytes]] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        edges = section_1(self.lab)
        while not self._stop.wait(0.05):
            for edge in edges:
                with suppress(OSError):  # the exporter stopped between two lines: seen as restarting next time
                    self._try(edge)

    def _try(self, edge: Trust) -> None:
        host = self.lab.hosts[edge.exporter]
        anchors = loaded_anchors(self.lab, edge)
        if anchors is None:
            self.restarting[edge] += 1
            return
        try:
            presented = leaf(host["address"], host["ports"][edge.port])
        except (ConnectionError, TimeoutError):
            self.restarting[edge] += 1
            return
        self.tries[edge] += 1
        self.presented.setdefault(edge.exporter, set()).add(presented)
        if presented not in anchors and loaded_anchors(self.lab, edge) == anchors:
            self.broken[edge] += 1
