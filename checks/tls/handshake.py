"""Read the certificates that a TLS port presents, also where a normal client would refuse.

Weak, expired or wrong certificates, no SAN, a demand for a client certificate, any TLS from 1.0 to 1.3: this module
only reads the chain, which is judged elsewhere. A port may have two leaves, one for each kind of key. To get the wanted
one, only cipher suites (TLS 1.3: only signature algorithms) for its kind of key are offered. TLS 1.3 is offered only
after a port has refused the older versions: so it is known which ports speak nothing else.

OpenSSL gets the received bytes in memory and no socket of its own: otherwise a peer that keeps sending ignorable
messages could keep it busy without end.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from cryptography.hazmat.bindings.openssl.binding import Binding
from OpenSSL import SSL, crypto

from checks.tls.exchange import BoundedSocket, Exceeded, Exchange, TooMuch, connect, size
from checks.violation import CouldNotFindOut
from checks.x509.certificate import Certificate

TLS_1_3 = "TLSv1.3"
# Bytes that a port may send. OpenSSL accepts certificates of 100 kB in all (Java 32 kB); the rest is small.
LARGEST = 256 * 1024
_CHUNK = 16 * 1024
# Authentication by one kind of key only, weak ones included (SECLEVEL=0): this client reads, it never trusts.
_CIPHERS = "a{key}:!aNULL:!eNULL:@SECLEVEL=0"
# Servers from before 2010 do not support secure renegotiation; nothing is renegotiated here.
_LEGACY_SERVER_CONNECT = 0x4
# OpenSSL's words if a server has no certificate for what it was offered; and our words for an operator.
_SSL_3 = "unsupported protocol"  # the server has chosen something older than TLS 1.0
_DECLINED = ("alert", "Unexpected EOF", "ECONNRESET", "EPIPE", _SSL_3)
_IN_WORDS = {
    "Unexpected EOF": "it closes the connection",
    "EPIPE": "it closes the connection",
    "ECONNRESET": "it resets the connection",
    _SSL_3: "it speaks SSL 3.0 alone, which is neither read nor used here",
    "excessive message size": "it sends more at once than clients take (certificates of 100 kB in all)",
}


class Key(StrEnum):
    """The kind of key of the leaf that is wanted, by OpenSSL's name."""

    RSA = "RSA"
    ECDSA = "ECDSA"


# In TLS 1.3 the signature algorithms that a client offers decide which of two leaves it gets.
_SIGNATURES = {
    Key.RSA: b"RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:RSA+SHA256:RSA+SHA384:RSA+SHA512:RSA+SHA1",
    Key.ECDSA: b"ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ECDSA+SHA1",
}
_KEYS = {Key.RSA: "RSA ", Key.ECDSA: "EC "}  # as `Certificate.key` begins


@dataclass(frozen=True)
class _Offer:
    """The versions offered in one connection. `all_kinds` (TLS 1.3): with signature algorithms for all kinds of key."""

    lowest: int
    highest: int
    all_kinds: bool = False


# A server may also refuse a client that does not offer the signature algorithm of its leaf's issuer: hence the third.
_OFFERS = (
    _Offer(SSL.TLS1_VERSION, SSL.TLS1_2_VERSION),
    _Offer(SSL.TLS1_3_VERSION, SSL.TLS1_3_VERSION),
    _Offer(SSL.TLS1_3_VERSION, SSL.TLS1_3_VERSION, all_kinds=True),
)


class NotListening(CouldNotFindOut):
    """Nothing answers on the port."""


class NoTls(CouldNotFindOut):
    """Something listens but does not speak TLS with a certificate of the kind that was asked for."""


class NoSuchLeaf(NoTls):
    """The port refused: it has no certificate of this kind, or no TLS version in common with this client."""


@dataclass(frozen=True)
class Handshake:
    """The answer of a port. `chain` starts with the leaf, in the order sent.

    `protocol` is the newest version up to TLS 1.2 that it speaks; TLS 1.3 if it speaks nothing older.
    """

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
        alone = " alone" if self.protocol == TLS_1_3 else ""
        return (f"{self.host}:{self.port} {self.protocol}{alone} {self.cipher}", *self.leaf.text.splitlines())


def read_handshake(host: str, address: str, port: int, *, key: Key = Key.RSA, within: float = 10.0) -> Handshake:
    """Connect to `address:port` with `host` as SNI; return the handshake with a leaf of this kind of key.

    `within` is the deadline in seconds. Raises NotListening or NoTls (NoSuchLeaf if the port refused); each names the
    host and the port.
    """
    exchange, refusal, declined = Exchange(within, LARGEST), "", True
    for offer in _OFFERS:
        try:
            answer = _answer(host, address, port, _context(key, offer), exchange)
        except (OSError, Exceeded) as error:
            if refusal:  # it answered a moment ago: it may refuse another connection of a refused client
                break
            why = (error.strerror if isinstance(error, OSError) else "") or error
            raise NotListening(
                host, f"port {port} on {address} does not answer ({why})", "Check that the service runs."
            ) from error
        if isinstance(answer, Handshake):
            if answer.protocol != TLS_1_3 or answer.leaf.key.startswith(_KEYS[key]):
                return answer
            refusal = f"it speaks {answer.protocol} with a key of another kind: {answer.leaf.key}"
            break
        refusal = refusal or answer
        declined = any(word in answer for word in _DECLINED)
        if not declined:
            break
    what = f"port {port} presents no {key} certificate ({_IN_WORDS.get(refusal, refusal)})"
    raise (NoSuchLeaf if declined else NoTls)(host, what, "Check what listens there.")


def _answer(host: str, address: str, port: int, context: SSL.Context, exchange: Exchange) -> Handshake | str:
    """Return the handshake with a port, or the reason why it presents nothing (OpenSSL's words, or ours).

    Raises OSError or OutOfTime if it does not answer at all.
    """
    with connect(address, port, exchange) as plain:
        connection = SSL.Connection(context)
        connection.set_tlsext_host_name(host.encode("idna"))
        connection.set_connect_state()
        refusal = _shake(connection, plain)
        chain = connection.get_peer_cert_chain() or []
        if not chain:
            return refusal or "no certificate"
        return Handshake(
            host,
            port,
            connection.get_protocol_version_name(),
            connection.get_cipher_name() or "",
            tuple(Certificate(crypto.dump_certificate(crypto.FILETYPE_ASN1, one)) for one in chain),
        )


def _context(key: Key, offer: _Offer) -> SSL.Context:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_min_proto_version(offer.lowest)
    context.set_max_proto_version(offer.highest)
    context.set_options(_LEGACY_SERVER_CONNECT)
    # Up to TLS 1.2 the list of suites decides the kind of certificate; the suites of TLS 1.3 do not.
    context.set_cipher_list(_CIPHERS.format(key=key).encode())
    if offer.lowest == SSL.TLS1_3_VERSION and not offer.all_kinds:
        # pyOpenSSL has no method for it, but the binding that it shares with cryptography has the function.
        Binding.lib.SSL_CTX_set1_sigalgs_list(context._context, _SIGNATURES[key])  # noqa: SLF001
    context.set_verify(SSL.VERIFY_NONE, lambda *_: True)
    return context


def _shake(connection: SSL.Connection, plain: BoundedSocket) -> str:
    """Perform the handshake; return the reason if it fails, else an empty text."""
    while True:
        try:
            connection.do_handshake()
        except SSL.WantReadError:
            over = False
        except SSL.Error as error:
            with suppress(Exceeded, OSError):
                _send(connection, plain)  # this client's alert
            return _reason(error)
        else:
            over = True
        try:
            _send(connection, plain)
            if over:
                return ""
            _receive(connection, plain)
        except TooMuch as error:
            return f"it sends more than {size(error.most)} and comes to no end"
        except (Exceeded, OSError) as error:
            return _reason(error)


def _send(connection: SSL.Connection, plain: BoundedSocket) -> None:
    """Send what OpenSSL has to send."""
    with suppress(SSL.WantReadError):  # there is nothing more
        while True:
            plain.sendall(connection.bio_read(_CHUNK))


def _receive(connection: SSL.Connection, plain: BoundedSocket) -> None:
    """Wait for the peer's next bytes, or its end, and hand them to OpenSSL."""
    data = plain.recv(_CHUNK)
    if data:
        connection.bio_write(data)
    else:
        connection.bio_shutdown()


def _reason(error: Exception) -> str:
    """OpenSSL's words for an error, or the system's."""
    if isinstance(error, ConnectionError):
        return "EPIPE" if isinstance(error, BrokenPipeError) else "ECONNRESET"
    match error.args:
        case ([(_, _, str(reason)), *_],):
            return reason
        case (int(), str(text)):
            return text
        case _:
            return str(error) or type(error).__name__
