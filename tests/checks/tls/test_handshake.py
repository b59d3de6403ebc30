"""What TLS ports present, read from real ones: weak, wrong and demanding ports included."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from checks.tls.handshake import Key, NoSuchLeaf, NotListening, NoTls, read_handshake
from checks.x509.certificate import Certificate
from tests.checks import made
from tests.checks.listeners import (
    LOOPBACK,
    Pair,
    drip,
    free_port,
    hang_up,
    listening,
    old_server,
    plain_http,
    reset,
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


def only_suite(name: str) -> Callable[[ssl.SSLContext], None]:
    def limit(context: ssl.SSLContext) -> None:
        TLS_1_2_ONLY(context)
        context.set_ciphers(f"{name}:@SECLEVEL=0")

    return limit


TLS_1_2_ONLY, TLS_1_3_ONLY = only(ssl.TLSVersion.TLSv1_2), only(ssl.TLSVersion.TLSv1_3)


def demand_client_certificate_over_tls_1_3(context: ssl.SSLContext) -> None:
    demand_client_certificate(context)
    TLS_1_3_ONLY(context)


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
    "TLS 1.1 only": Port(mind=only(ssl.TLSVersion.TLSv1_1)),
    "TLS 1.3 only": Port(mind=TLS_1_3_ONLY),
    "TLS 1.3 only, RSA and ECDSA": Port(pairs=(RSA, ECDSA), mind=TLS_1_3_ONLY),
    "TLS 1.3 only, demands a client certificate": Port(mind=demand_client_certificate_over_tls_1_3),
    "TLS 1.0 to 1.3": Port(mind=lambda context: setattr(context, "minimum_version", ssl.TLSVersion.TLSv1)),
    "an old suite alone": Port(mind=only_suite("AES128-SHA")),
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
    "TLS 1.3 only": Port(pairs=(ECDSA,), mind=TLS_1_3_ONLY, chain=(_EC_LEAF,)),
    "TLS 1.3 only, RSA and ECDSA": Port(pairs=(RSA, ECDSA), mind=TLS_1_3_ONLY, chain=(_EC_LEAF,)),
    "expired": Port(pairs=(RSA, (made.key("ec"), [_EC_EXPIRED])), chain=(_EC_EXPIRED,)),
    "a chain": Port(pairs=(RSA, (made.key("ec"), [_EC_ISSUED, CA])), chain=(_EC_ISSUED, CA)),
}


@pytest.mark.parametrize("port", ECDSA_PORTS.values(), ids=ECDSA_PORTS)
def test_the_second_leaf_is_read_when_it_is_asked_for(port: Port, tmp_path: Path) -> None:
    context = tls_context(tmp_path, *port.pairs)
    port.mind(context)
    with listening(tls_answer(context)) as number:
        assert read_handshake(FQDN, LOOPBACK, number, key=Key.ECDSA, within=5).chain == port.chain


# the pair that the port has, the versions it speaks, the key that is asked for, what is said
OTHERS = {
    "no second leaf, TLS 1.2": (RSA, TLS_1_2_ONLY, Key.ECDSA, "handshake failure"),
    "no second leaf, any version": (RSA, lambda _: None, Key.ECDSA, "it speaks TLSv1.3 .* another kind: RSA 2048"),
    "no second leaf, TLS 1.3": (RSA, TLS_1_3_ONLY, Key.ECDSA, "it speaks TLSv1.3 .* another kind: RSA 2048"),
    "ECDSA alone, TLS 1.2": (ECDSA, TLS_1_2_ONLY, Key.RSA, "handshake failure"),
    "ECDSA alone, TLS 1.3": (ECDSA, TLS_1_3_ONLY, Key.RSA, "it speaks TLSv1.3 .* another kind: EC secp256r1"),
}


@pytest.mark.parametrize("pair, mind, key, words", OTHERS.values(), ids=OTHERS)
def test_a_port_without_a_leaf_of_the_kind_declines(
    pair: Pair, mind: Callable[[ssl.SSLContext], None], key: Key, words: str, tmp_path: Path
) -> None:
    context = tls_context(tmp_path, pair)
    mind(context)
    with (
        listening(tls_answer(context)) as number,
        pytest.raises(NoSuchLeaf, match=rf"^{FQDN}: port {number} presents no {key} certificate \(.*{words}"),
    ):
        read_handshake(FQDN, LOOPBACK, number, key=key, within=5)


def test_an_issuer_s_signature_of_another_kind_is_no_hindrance(tmp_path: Path) -> None:
    leaf = certificate(issuer="Root EC", signer="ec")
    context = tls_context(tmp_path, (made.key("rsa"), [leaf]))
    TLS_1_3_ONLY(context)
    with listening(tls_answer(context)) as number:
        assert read_handshake(FQDN, LOOPBACK, number, within=5).leaf == leaf


VERSIONS = {
    "TLSv1": only(ssl.TLSVersion.TLSv1),
    "TLSv1.1": only(ssl.TLSVersion.TLSv1_1),
    "TLSv1.2": lambda _: None,
    "TLSv1.3": TLS_1_3_ONLY,
}


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize("protocol, mind", VERSIONS.items(), ids=VERSIONS)
def test_tls_1_3_is_told_where_nothing_older_is_spoken(
    protocol: str, mind: Callable[[ssl.SSLContext], None], tmp_path: Path
) -> None:
    context = tls_context(tmp_path, RSA)
    mind(context)
    with listening(tls_answer(context)) as number:
        shaken = read_handshake(FQDN, LOOPBACK, number, within=5)
    assert shaken.protocol == protocol
    assert (" TLSv1.3 alone " in shaken.lines[0]) is (protocol == "TLSv1.3")


def test_a_server_without_secure_renegotiation_is_read() -> None:
    leaf = certificate()
    with listening(old_server(0x0301, leaf.der)) as number:
        shaken = read_handshake(FQDN, LOOPBACK, number, within=5)
    assert (shaken.leaf, shaken.protocol) == (leaf, "TLSv1")


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
    "hangs up": (hang_up, "it closes the connection"),
    "resets": (reset, "it resets the connection"),
    "SSL 3.0": (old_server(0x0300, certificate().der), "it speaks SSL 3.0 alone, which is neither read nor used here"),
}
_DECLINES = (MUTE["hangs up"], MUTE["resets"], MUTE["SSL 3.0"])


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
        assert isinstance(error.value, NoSuchLeaf) is ((answer, words) in _DECLINES)  # some decline by hanging up


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
