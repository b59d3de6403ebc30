"""Reading what a TLS port presents, also where a normal client would turn away.

Weak, expired or wrong certificates, no SAN, a demand for a client certificate, TLS 1.2 only: the leaf is what counts
here, and it is judged afterwards. A port may have two leaves, one a kind of key: suites of one kind alone are offered,
so that the answer is the leaf that was asked for.
"""

from __future__ import annotations

import select
import socket
import time
from dataclasses import dataclass
from enum import StrEnum

from OpenSSL import SSL, crypto

from checks.certificate import Certificate
from checks.violation import CouldNotFindOut

# Authentication by one kind of key only, weak ones included (SECLEVEL=0): this client reads, it never trusts.
_CIPHERS = "a{key}:!aNULL:!eNULL:@SECLEVEL=0"
# What a server says, or does, that has no certificate for any suite it was offered.
_DECLINED = ("alert", "Unexpected EOF", "ECONNRESET")


class Key(StrEnum):
    """The kind of key that a leaf is asked for by, in OpenSSL's word."""

    RSA = "RSA"
    ECDSA = "ECDSA"


class NotListening(CouldNotFindOut):
    """Nothing answers on the port."""


class NoTls(CouldNotFindOut):
    """Something listens but does not speak TLS with a certificate of the kind that was asked for."""


class NoSuchLeaf(NoTls):
    """It declined: it has no certificate of this kind, or speaks no TLS that this client does."""


@dataclass(frozen=True)
class Handshake:
    """What a port presented. `chain` starts with the leaf, in the order sent."""

    host: str
    port: int
    protocol: str
    cipher: str
    chain: tuple[Certificate, ...]

    @property
    def leaf(self) -> Certificate:
        """The server's own certificate."""
        return self.chain[0]

    @property
    def lines(self) -> tuple[str, ...]:
        """The handshake as evidence."""
        return (f"{self.host}:{self.port} {self.protocol} {self.cipher}", *self.leaf.text.splitlines())


def read_handshake(host: str, address: str, port: int, *, key: Key = Key.RSA, within: float = 10.0) -> Handshake:
    """Connect to `address:port`, name `host` in SNI, and give what is presented of a kind of key.

    `within` is the deadline in seconds. Raises NotListening or NoTls (NoSuchLeaf where it declined); each names the
    host and the port.
    """
    deadline = time.monotonic() + within
    try:
        plain = socket.create_connection((address, port), timeout=within)
    except OSError as error:
        raise NotListening(
            host,
            f"port {port} on {address} does not answer ({error.strerror or error})",
            "Check that the service runs.",
        ) from error
    with plain:
        plain.setblocking(False)
        connection = SSL.Connection(_context(key), plain)
        connection.set_tlsext_host_name(host.encode("idna"))
        connection.set_connect_state()
        refusal = _shake(connection, plain, deadline)
        chain = connection.get_peer_cert_chain() or []
        if not chain:
            declined = any(word in refusal for word in _DECLINED)
            what = f"port {port} presents no {key} certificate ({refusal or 'no certificate'})"
            raise (NoSuchLeaf if declined else NoTls)(host, what, "Check what listens there.")
        return Handshake(
            host,
            port,
            connection.get_protocol_version_name(),
            connection.get_cipher_name() or "",
            tuple(Certificate(crypto.dump_certificate(crypto.FILETYPE_ASN1, one)) for one in chain),
        )


def _context(key: Key) -> SSL.Context:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    # TLS 1.3 suites say nothing about the kind of certificate; up to 1.2 the list above decides it.
    context.set_max_proto_version(SSL.TLS1_2_VERSION)
    context.set_min_proto_version(SSL.TLS1_VERSION)
    context.set_cipher_list(_CIPHERS.format(key=key).encode())
    context.set_verify(SSL.VERIFY_NONE, lambda *_: True)
    return context


def _shake(connection: SSL.Connection, plain: socket.socket, deadline: float) -> str:
    """Shake hands until it ends one way or the other; what was said when it did not succeed, else empty."""
    while (left := deadline - time.monotonic()) > 0:
        try:
            connection.do_handshake()
        except SSL.WantReadError:
            select.select([plain], [], [], left)
        except SSL.WantWriteError:
            select.select([], [plain], [], left)
        except (SSL.Error, OSError) as error:
            return _reason(error)
        else:
            return ""
    return "no answer in time"


def _reason(error: Exception) -> str:
    """OpenSSL's own word for what went wrong."""
    match error.args:
        case ([(_, _, str(reason)), *_],):
            return reason
        case (int(), str(text)):
            return text
        case _:
            return str(error) or type(error).__name__
