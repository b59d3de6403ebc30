"""SPOG's Status API on the principal AW: which machines its Tomcat reaches, by what that has loaded.

The rules, their levels and the form are those of the developer reference; names and types of machines are guesses
(`lab/windows/GUESSES.md`).
"""

from __future__ import annotations

import base64
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from hmac import compare_digest
from http import HTTPStatus
from pathlib import Path
from xml.sax.saxutils import escape

from lab.network import Network, Place
from lab.site.site import Site
from lab.tables.site_host import SiteHost
from lab.tls import http_answer

PATH = "/unifiedconfig/config/status"
KEY = "spog"  # of the site file, as of the inventory
# Where SPOG reaches a machine of each role.
ASKED = {
    "cvp": "wsm",
    "cvp_reporting": "wsm",
    "ece": "iis",
    **dict.fromkeys(("ads", "rogger", "router", "logger"), "dfp"),
}
ASKED |= dict.fromkeys(("hds", "pg"), "dfp")
_SECONDS = 3.0
_STATUS = """<status><name>{rule}</name><category>OPERATION</category><level>{level}</level><machines><machine>\
<refURL>/unifiedconfig/config/machineinventory/{number}</refURL><machineType>{type}</machineType><name>{name}</name>\
</machine></machines></status>"""


@dataclass(frozen=True)
class StatusApi:
    """The API of one site. `loaded`: the file with the certificates that the AW's Tomcat has loaded."""

    site: Site
    login: tuple[str, str]
    network: Network
    loaded: Path

    def __call__(self, head: str) -> bytes | None:
        """Answer a request; None for any other path."""
        request, _, headers = head.partition("\r\n")
        if request.split(" ")[:2] != ["GET", PATH]:
            return None
        if not self._may(headers):
            challenge = 'WWW-Authenticate: Basic realm="Unified CCE"'
            return http_answer(HTTPStatus.UNAUTHORIZED, "text/html", b"", challenge)
        body = f"<results><statuses>{''.join(self._statuses())}</statuses></results>"
        return http_answer(HTTPStatus.OK, "application/xml", body.encode())

    def _may(self, headers: str) -> bool:
        said = [
            line.partition(":")[2].strip()
            for line in headers.split("\r\n")
            if line.lower().startswith("authorization:")
        ]
        expected = base64.b64encode(":".join(self.login).encode()).decode("ascii")
        return any(compare_digest(one, f"Basic {expected}") for one in said)

    def _statuses(self) -> Iterator[str]:
        anchors = self._anchors()
        for number, host in enumerate(self.site.hosts, 6000):
            place = self.network.listener(host.fqdn, "tomcat" if host.is_node else ASKED.get(host.role, ""))
            if place is None:
                continue
            reached = _reaches(anchors, host.fqdn, place)
            rules = {
                "SERVER_CONNECTION": "OK" if reached else "ERROR",
                "SERVER_CREDENTIALS": "OK" if reached else "BLOCKED",
                "CAN_RESOLVE_ADDRESS_TO_FQDN": "OK",
            }
            for rule, level in rules.items():
                yield _status(number, host, rule, level)

    def _anchors(self) -> str:
        try:
            return self.loaded.read_text(encoding="ascii")
        except OSError:
            return ""  # its Tomcat does not run


def _status(number: int, host: SiteHost, rule: str, level: str) -> str:
    names = {"type": escape(host.role.upper()), "name": escape(host.hostname)}
    return _STATUS.format(rule=rule, level=level, number=number, **names)


def _reaches(anchors: str, fqdn: str, place: Place) -> bool:
    """True if a client that trusts these certificates (PEM) completes a handshake with a server of this name.

    Where two share a subject OpenSSL tries one of them alone, so one that is the leaf itself is given alone.
    """
    leaf = _leaf(place)
    if leaf is None or not anchors:
        return False
    own = ssl.DER_cert_to_PEM_cert(leaf)
    context = _client()
    context.verify_mode, context.check_hostname = ssl.CERT_REQUIRED, True
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cadata=own if _has(anchors, own) else anchors)
    return _shaken(context, fqdn, place) is not None


def _has(anchors: str, pem: str) -> bool:
    return "".join(pem.split()) in "".join(anchors.split())


def _leaf(place: Place) -> bytes | None:
    return _shaken(_client(), "", place)


def _client() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2  # in 1.3 cipher suites say nothing about keys
    context.set_ciphers("aRSA:@SECLEVEL=0")
    return context


def _shaken(context: ssl.SSLContext, fqdn: str, place: Place) -> bytes | None:
    """The leaf of a handshake that came to its end; None without one."""
    try:
        with (
            socket.create_connection(place, timeout=_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=fqdn or None) as secure,
        ):
            return secure.getpeercert(binary_form=True)
    except (OSError, ValueError):
        return None
