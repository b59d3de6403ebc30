"""Impostors at work in a lab: at a port that presents a certificate, on WinRM, on SSH; each keeps what he is told."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import random
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import yaml

from tests.checks.listeners import LOOPBACK
from tests.fixtures.connections.between import Between, Forge, Message, answer, between, without_flags
from tests.fixtures.connections.test_winrm_impostors import CLEAR, FORGED, SOAP, welcome
from tests.runbook.impostor import Impostor, baiting, handing_on, relaying, standing, takes_ecdsa_alone
from tests.runbook.probes import leaf
from tests.runbook.site_lab import ADS, CVP, SiteLab
from tests.runbook.twins import MADE, Twin, issued_by

ECE, UCM, VVB = "ece.duo.example", "ucm.duo.example", "vvba.duo.example"
TICKETS, CRM = "tickets.duo.example", "crm.duo.example"
HTTPS, HTTP, SSH = "WinRM-https", "WinRM-http", "SSH"
FIRST, LATER, RELAYS = "first-only", "takes-over", "relays"
_NTLM_SEAL = 0x20


@dataclass(frozen=True)
class Kind:
    """A kind of certificate: where it is presented, and with what kind of key."""

    host: str
    port: str
    key: str = "RSA"


KINDS: Mapping[str, Kind] = {
    "IIS": Kind(ADS, "iis"),
    "DFP": Kind(ADS, "dfp"),
    "WSM": Kind(CVP, "wsm"),
    "VXML": Kind(CVP, "vxml"),
    "CallServer-SIP": Kind(CVP, "callserver_sip"),
    "CallServer-HTTPS": Kind(CVP, "callserver_https"),
    "tomcat": Kind(UCM, "tomcat"),
    "tomcat-ECDSA": Kind(UCM, "tomcat", "ECDSA"),
    "pages": Kind(VVB, "tomcat"),
    "ECE": Kind(ECE, "iis"),
    "web-service-pinned": Kind(TICKETS, ""),
    "web-service-of-a-CA": Kind(CRM, ""),
}


@dataclass(frozen=True)
class Attack:
    """What an impostor did, and what must be told of him: his host's name, other words, what was found and expected."""

    host: str
    stood: Callable[[], int]  # how often he answered
    heard: Callable[[], bytes]
    found: str = ""  # a fingerprint
    expected: Callable[[], set[str]] = set  # fingerprints, one of which must be told
    words: tuple[str, ...] = ()
    leaf: bytes = b""  # what nobody may come to trust
    logs_in: bool = False  # whether a login may be tried that gives no password away


Way = Callable[[SiteLab, Callable[[int], bool]], AbstractContextManager[Attack]]


def turn_of(way: str, latest: int, seed: str) -> Callable[[int], bool]:
    """Which connections (or messages) are the impostor's, by their number: all, the first, or those after a moment."""
    if way == FIRST:
        return lambda number: number == 1
    after = random.Random(seed).randint(1, latest) if way == LATER else 0  # noqa: S311 - an order, not a secret
    return lambda number: number > after


def colons(fingerprint: str) -> str:
    """A fingerprint as people are shown it."""
    return ":".join(re.findall("..", fingerprint.upper()))


def sha256_of(certificate: bytes) -> str:
    """The same of a certificate (DER)."""
    return colons(hashlib.sha256(certificate).hexdigest())


# -- certificates -----------------------------------------------------------------------------------------------------


@contextmanager
def at_a_port(lab: SiteLab, mine: Callable[[int], bool], kind: Kind, way: str) -> Iterator[Attack]:
    """He presents a certificate like the server's on its port, and asks whoever comes for a password."""
    place = lab.endpoint(kind.host, kind.port)
    real = leaf(*place, kind.key)
    twin = MADE.get(way, MADE["twin"])(lab, real)
    alone = takes_ecdsa_alone if kind.key == "ECDSA" else lambda hello: not takes_ecdsa_alone(hello)
    acts = relaying(twin.context) if way == RELAYS else baiting(twin.context)

    def expected() -> set[str]:
        its = (real, leaf(*place, kind.key))  # before and after it was made anew; Windows names its own by SHA-1
        told = {hashlib.sha1(one).hexdigest().upper() for one in its}  # noqa: S324
        return told | {sha256_of(one) for one in its} | {colons(one) for one in lab.authorities(kind.host)}

    with standing(Impostor(place, acts, mine, alone)) as thief:
        lab.move(kind.host, kind.port, thief.port)
        yield _attack(kind.host, thief, twin, expected)


def _attack(host: str, thief: Impostor, twin: Twin, expected: Callable[[], set[str]]) -> Attack:
    heard = thief.heard
    return Attack(
        host, lambda: thief.answered, lambda: b"|".join(heard), sha256_of(twin.leaf), expected, leaf=twin.leaf
    )


# -- WinRM over https -------------------------------------------------------------------------------------------------

PINNED, ANOTHER_NAME = "pinned", "another-name"
OVER_HTTPS = ("twin", "unknown-authority", ANOTHER_NAME, "expired", PINNED, FIRST, LATER, RELAYS)


@contextmanager
def on_winrm(lab: SiteLab, mine: Callable[[int], bool], way: str) -> Iterator[Attack]:
    """He presents what the CA file, the name or the pin does not fit, and asks for Basic or NTLM.

    To take over he waits until the connection breaks.
    """
    place, authority = lab.endpoint(ADS, "winrm"), lab.process.state / "winrm-ca.pem"
    real = leaf(*place, "ECDSA")
    signed: Mapping[str, Callable[[], Twin]] = {
        ANOTHER_NAME: lambda: issued_by(authority, real, CVP),
        "expired": lambda: issued_by(authority, real, ended=True),
        PINNED: lambda: issued_by(authority, real),
    }
    twin = signed[way]() if way in signed else MADE.get(way, MADE["twin"])(lab, real)
    ca = (lab.inventory_file.parent / "winrm-ca.pem").read_bytes()
    vouching = base64.b64decode(b"".join(ca.splitlines()[1:-1]))
    acts = relaying(twin.context) if way == RELAYS else baiting(twin.context)
    if way == LATER:
        lab.fail(host=ADS, kind="drop_connection", match="netsh http show sslcert", times=1)
    with standing(Impostor(place, acts, mine)) as thief:
        lab.move(ADS, "winrm", thief.port)
        if way == PINNED:
            _pin(lab, ADS, sha256_of(real))
        yield _attack(ADS, thief, twin, lambda: {sha256_of(real if way == PINNED else vouching)})


def _pin(lab: SiteLab, fqdn: str, sha256: str) -> None:
    content = lab.process.inventory
    next(one for one in content["hosts"] if one["fqdn"] == fqdn)["winrm"] = {**content["winrm"], "pin": sha256}
    lab.inventory_file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


# -- WinRM over http --------------------------------------------------------------------------------------------------


def _forges_netsh(lab: SiteLab) -> Forge:
    def forge(_: int, request: Message, reply: Message) -> Message:
        last = next((one for one in reversed(lab.audit()) if one["host"] == ADS), {"text": ""})
        return answer("200 OK", FORGED, SOAP) if request.is_sealed and "sslcert" in last["text"] else reply

    return forge


def _in_turn(mine: Callable[[int], bool]) -> Forge:
    def forge(number: int, request: Message, reply: Message) -> Message | None:
        return welcome(number, request, reply) if request.is_sealed and mine(number) else reply

    return forge


_IMPOSTOR = "it is not that host"
OVER_HTTP: Mapping[str, tuple[Callable[[SiteLab, Callable[[int], bool]], Forge], bool, str]] = {
    "in-clear": (lambda *_: welcome, False, _IMPOSTOR),
    "Basic-alone": (lambda *_: CLEAR["offers Basic alone"].forge, False, "it offers Basic"),
    "forges-netsh": (lambda lab, _: _forges_netsh(lab), True, _IMPOSTOR),
    "strips-the-seal": (lambda *_: lambda *message: without_flags(message[2], _NTLM_SEAL), True, _IMPOSTOR),
    FIRST: (lambda _, mine: _in_turn(mine), True, _IMPOSTOR),
    LATER: (lambda _, mine: _in_turn(mine), True, _IMPOSTOR),
}


@contextmanager
def in_clear(lab: SiteLab, mine: Callable[[int], bool], way: str) -> Iterator[Attack]:
    """He has no password, so he cannot seal: he answers in clear, now and then, or in the place of the whole host."""
    forging, relays, words = OVER_HTTP[way]
    address, port = lab.endpoint(ADS, "winrm")
    forged: list[int] = []
    forge = forging(lab, mine)

    def counted(number: int, request: Message, reply: Message) -> Message | None:
        given = forge(number, request, reply)
        forged.extend([number] if given is not reply else [])
        return given

    def heard(thief: Between) -> bytes:
        return b"|".join(one.raw for one in thief.heard)

    with between((address, port) if relays else None, counted, at=address) as thief:
        lab.move(ADS, "winrm", thief.port)
        told = (f"WinRM on {address}:{thief.port}", words)
        yield Attack(ADS, lambda: len(forged), lambda: heard(thief), words=told, logs_in=True)


# -- SSH --------------------------------------------------------------------------------------------------------------

OVER_SSH: Mapping[str, str] = {  # the kind of his host key
    "another-key": "ssh-rsa",
    "another-type": "ssh-ed25519",
    FIRST: "ssh-rsa",
    LATER: "ssh-rsa",
}


class _Asking(asyncssh.SSHServer):
    """Takes every login, and keeps what it is told."""

    def __init__(self, heard: list[bytes]) -> None:
        self._heard = heard

    def begin_auth(self, username: str) -> bool:
        self._heard.append(username.encode())
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self._heard.append(f"{username}:{password}".encode())
        return True


@contextmanager
def _ssh_server(key: asyncssh.SSHKey, heard: list[bytes]) -> Iterator[tuple[str, int]]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.create_server(lambda: _Asking(heard), LOOPBACK, 0, server_host_keys=[key])

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result(20)
    try:
        yield LOOPBACK, server.get_port()
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


@contextmanager
def on_ssh(lab: SiteLab, mine: Callable[[int], bool], way: str) -> Iterator[Attack]:
    """He has another host key. To take over he waits until the node has logged somebody out."""
    place, heard = lab.endpoint(UCM, "ssh"), list[bytes]()
    key = asyncssh.generate_private_key(OVER_SSH[way])
    if way == LATER:
        lab.fail(host=UCM, kind="drop_connection", match="show cert own", times=1)
    with _ssh_server(key, heard) as own, standing(Impostor(place, handing_on(own), mine)) as thief:
        expected = _know_at(lab.inventory_file.parent / "known_hosts", place[1], thief.port)
        lab.move(UCM, "ssh", thief.port)
        yield Attack(UCM, lambda: thief.answered, lambda: b"|".join(heard), key.get_fingerprint(), lambda: {expected})


def _know_at(file: Path, port: int, moved: int) -> str:
    """Let the file of known hosts have a node's key at another port as well; the key's fingerprint."""
    text = file.read_text(encoding="ascii")
    line = next(one for one in text.splitlines() if f":{port} " in one)
    file.write_text(text + line.replace(f":{port}", f":{moved}") + "\n", encoding="ascii")
    return asyncssh.import_public_key(line.split(" ", 1)[1]).get_fingerprint()
