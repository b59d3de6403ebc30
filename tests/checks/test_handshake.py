"""What TLS ports present, read from real ones: weak, wrong and demanding ports included."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from checks.certificate import Certificate
from checks.handshake import Key, NoSuchLeaf, NotListening, NoTls, read_handshake
from tests.checks import made
from tests.checks.listeners import (
    LOOPBACK,
    Pair,
    drip,
    free_port,
    hang_up,
    listening,
    plain_http,
    silence,
    tls_answer,
    tls_context,
)
from tests.checks.made import FQDN, NOW, certificate

RSA: Pair = (made.key("rsa"), [certificate()])
ECDSA: Pair = (made.key("ec"), [certificate(kind="ec")])
CA = certificate("Root", dns=(), kind="ca")


def demand_client_certificate(context: ssl.SSLContext) -> None:
    context.load_verify_locations(cadata=CA.pem)
    context.verify_mode = ssl.CERT_REQUIRED


def only(version: ssl.TLSVersion) -> Callable[[ssl.SSLContext], None]:
    def limit(context: ssl.SSLContext) -> None:
        context.minimum_version = context.maximum_version = version

    return limit


TLS_1_2_ONLY = only(ssl.TLSVersion.TLSv1_2)


@dataclass(frozen=True)
class Port:
    """A TLS port: its keys, how it behaves, and the chain that is read from it."""

    pairs: tuple[Pair, ...] = (RSA,)
    mind: Callable[[ssl.SSLContext], None] = TLS_1_2_ONLY
    chain: tuple[Certificate, ...] = field(default=(certificate(),))


_ISSUED = certificate(issuer="Root", signer="ca")
_EXPIRED = certificate(start=NOW.replace(year=2020), days=10)
_NO_SAN = certificate("somebody else", dns=())
PORTS: dict[str, Port] = {
    "TLS 1.2 only": Port(),
    "TLS 1.0 only": Port(mind=only(ssl.TLSVersion.TLSv1)),
    "any version": Port(mind=lambda _: None),
    "RSA and ECDSA": Port(pairs=(RSA, ECDSA), mind=lambda _: None),
    "ECDSA and RSA": Port(pairs=(ECDSA, RSA)),
    "demands a client certificate": Port(mind=demand_client_certificate),
    "RSA 1024 with SHA-1": Port(pairs=((made.weak()[0], [made.weak()[1]]),), chain=(made.weak()[1],)),
    "expired": Port(pairs=((made.key("rsa"), [_EXPIRED]),), chain=(_EXPIRED,)),
    "another name and no SAN": Port(pairs=((made.key("rsa"), [_NO_SAN]),), chain=(_NO_SAN,)),
    "a chain": Port(pairs=((made.key("rsa"), [_ISSUED, CA]),), chain=(_ISSUED, CA)),
}


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize("port", PORTS.values(), ids=PORTS)
def test_the_rsa_leaf_is_read_whatever_a_client_would_refuse(port: Port, tmp_path: Path) -> None:
    context = tls_context(tmp_path, *port.pairs)
    port.mind(context)
    with listening(tls_answer(context)) as number:
        shaken = read_handshake(FQDN, LOOPBACK, number, within=5)
    assert shaken.chain == port.chain
    assert shaken.leaf == port.chain[0]
    assert shaken.lines[0].startswith(f"{FQDN}:{number} TLSv1")
    assert shaken.lines[1:] == tuple(shaken.leaf.text.splitlines())


_EC_LEAF = certificate(kind="ec")
_EC_ISSUED = certificate(kind="ec", issuer="Root", signer="ca")
_EC_EXPIRED = certificate(kind="ec", start=NOW.replace(year=2020), days=10)
ECDSA_PORTS: dict[str, Port] = {
    "RSA and ECDSA": Port(pairs=(RSA, ECDSA), mind=lambda _: None, chain=(_EC_LEAF,)),
    "ECDSA and RSA, TLS 1.2 only": Port(pairs=(ECDSA, RSA), chain=(_EC_LEAF,)),
    "ECDSA alone": Port(pairs=(ECDSA,), chain=(_EC_LEAF,)),
    "demands a client certificate": Port(pairs=(RSA, ECDSA), mind=demand_client_certificate, chain=(_EC_LEAF,)),
    "expired": Port(pairs=(RSA, (made.key("ec"), [_EC_EXPIRED])), chain=(_EC_EXPIRED,)),
    "a chain": Port(pairs=(RSA, (made.key("ec"), [_EC_ISSUED, CA])), chain=(_EC_ISSUED, CA)),
}


@pytest.mark.parametrize("port", ECDSA_PORTS.values(), ids=ECDSA_PORTS)
def test_the_second_leaf_is_read_when_it_is_asked_for(port: Port, tmp_path: Path) -> None:
    context = tls_context(tmp_path, *port.pairs)
    port.mind(context)
    with listening(tls_answer(context)) as number:
        assert read_handshake(FQDN, LOOPBACK, number, key=Key.ECDSA, within=5).chain == port.chain


@pytest.mark.parametrize("mind", [TLS_1_2_ONLY, lambda _: None], ids=["TLS 1.2 only", "any version"])
def test_a_port_without_a_second_leaf_declines(mind: Callable[[ssl.SSLContext], None], tmp_path: Path) -> None:
    context = tls_context(tmp_path, RSA)
    mind(context)
    with (
        listening(tls_answer(context)) as number,
        pytest.raises(NoSuchLeaf, match=f"^{FQDN}: port {number} presents no ECDSA certificate .*handshake failure"),
    ):
        read_handshake(FQDN, LOOPBACK, number, key=Key.ECDSA, within=5)


def test_the_inventory_s_name_is_asked_for(tmp_path: Path) -> None:
    asked: list[str] = []
    context = tls_context(tmp_path, RSA)
    context.sni_callback = lambda _, name, __: asked.append(name)
    with listening(tls_answer(context)) as number:
        shaken = read_handshake(FQDN, LOOPBACK, number, within=5)
    assert asked == [FQDN]
    assert shaken.cipher


# what listens, what is said of it
MUTE: dict[str, tuple[Callable[[socket.socket], None], str]] = {
    "plain HTTP": (plain_http, "wrong version number"),
    "says nothing": (silence, "no answer in time"),
    "a byte at a time": (drip, "no answer in time"),
    "hangs up": (hang_up, "Unexpected EOF"),
}


@pytest.mark.parametrize("answer, words", MUTE.values(), ids=MUTE)
def test_a_port_without_tls_is_no_tls_within_the_deadline(answer: Callable[[socket.socket], None], words: str) -> None:
    begin = time.monotonic()
    with listening(answer) as number:
        with pytest.raises(NoTls) as error:
            read_handshake(FQDN, LOOPBACK, number, within=0.2)
        assert time.monotonic() - begin < 2
        assert str(error.value) == (
            f"{FQDN}: port {number} presents no RSA certificate ({words}). Check what listens there."
        )
        assert isinstance(error.value, NoSuchLeaf) is (answer is hang_up)  # some decline by hanging up


@pytest.mark.parametrize(
    "pair, mind, words",
    [
        (RSA, only(ssl.TLSVersion.TLSv1_3), "tlsv1 alert protocol version"),
        (ECDSA, only(ssl.TLSVersion.TLSv1_2), "handshake failure"),
    ],
    ids=["TLS 1.3 only", "ECDSA only"],
)
def test_a_port_that_java_8_could_not_use_is_no_tls_and_says_why(
    pair: Pair, mind: Callable[[ssl.SSLContext], None], words: str, tmp_path: Path
) -> None:
    context = tls_context(tmp_path, pair)
    mind(context)
    with (
        listening(tls_answer(context)) as number,
        pytest.raises(NoTls, match=f"^{FQDN}: port {number} presents no RSA certificate .*{words}"),
    ):
        read_handshake(FQDN, LOOPBACK, number, within=5)


def test_a_closed_port_is_not_listening() -> None:
    number = free_port()
    with pytest.raises(NotListening) as error:
        read_handshake(FQDN, LOOPBACK, number, within=5)
    assert str(error.value) == (
        f"{FQDN}: port {number} on {LOOPBACK} does not answer (Connection refused). Check that the service runs."
    )


def test_a_name_that_does_not_resolve_is_not_listening() -> None:
    with pytest.raises(NotListening, match=r"port 443 on nobody\.invalid does not answer"):
        read_handshake(FQDN, "nobody.invalid", 443, within=5)
