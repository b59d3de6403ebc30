"""`keytool -printcert -rfc -sslserver HOST:PORT`: the certificates a host of the lab receives, as Java 8 shows them.

Not the real keytool: that would ask the runner's name server, speak TLS 1.3, and take half a second of processor time
for each server, of which a run asks some seventy. A test compares the two.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable, Sequence

from OpenSSL import SSL, crypto

from lab.certificates import pem
from lab.network import Place
from lab.windows.java import Finished

Reach = Callable[[str, int], Place | None]
NO_CERTIFICATE = b"keytool error: java.lang.Exception: No certificate from the SSL server\n"
ONLY_PEM = b"keytool error: java.lang.Exception: this lab shows what servers present with -printcert -rfc alone\n"
HTTPS = 443
PATIENCE = 10.0  # seconds
# Java 8 prefers elliptic keys where a server has two certificates, and knows TLS up to 1.2.
CIPHERS = b"ALL:!aNULL:!eNULL:@SECLEVEL=0"


def server_of(arguments: Sequence[str]) -> str:
    """Return the server, if these are the arguments that this module answers; else an empty text."""
    left = [one for one in arguments if not one.startswith("-J")]
    options = [one.lower() for one in left]
    if "-sslserver" not in options[:-1]:
        return ""
    at = options.index("-sslserver")
    others = sorted(options[:at] + options[at + 2 :])
    return left[at + 1] if others == ["-printcert", "-rfc"] else ""


def presented(server: str, reach: Reach) -> Finished:
    """Return keytool's result: the server's chain as PEM, leaf first, or the message that there is none."""
    if not server:
        return Finished(1, ONLY_PEM)
    host, _, port = server.partition(":")
    place = reach(host, int(port) if port.isdecimal() else HTTPS)
    try:
        chain = _chain(host, place) if place else []
    except (OSError, SSL.Error):
        chain = []
    return Finished(0, b"".join(map(pem, chain))) if chain else Finished(1, NO_CERTIFICATE)


def _chain(host: str, place: Place) -> list[bytes]:
    """Return the certificates (DER), also of a server that then refuses the connection.

    It may refuse, for example, because the client has no certificate.
    """
    deadline = time.monotonic() + PATIENCE
    with socket.create_connection(place, timeout=PATIENCE) as plain:
        plain.setblocking(False)
        connection = SSL.Connection(_context(), plain)
        connection.set_tlsext_host_name(host.encode("idna"))
        connection.set_connect_state()
        while (left := deadline - time.monotonic()) > 0:
            try:
                connection.do_handshake()
            except SSL.WantReadError:
                select.select([plain], [], [], left)
            except SSL.WantWriteError:
                select.select([], [plain], [], left)
            except SSL.Error:
                break
            else:
                break
        chain = connection.get_peer_cert_chain() or []
        return [crypto.dump_certificate(crypto.FILETYPE_ASN1, one) for one in chain]


def _context() -> SSL.Context:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_min_proto_version(SSL.TLS1_VERSION)
    context.set_max_proto_version(SSL.TLS1_2_VERSION)
    context.set_cipher_list(CIPHERS)
    context.set_verify(SSL.VERIFY_NONE, lambda *_: True)
    return context
