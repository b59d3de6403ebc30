"""Peers that come to no end: they say something, and then the same for ever, a little at a time or at full speed."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.checks.listeners import listening

_AT_ONCE = 128 * 1024  # bytes
SLOWLY = 0.01  # seconds between two parts
_SETTLED = 5.0  # seconds, for threads and sockets to be gone


@dataclass(frozen=True)
class Endless:
    """What a peer says, after the client's first word: `head` once, then `part` for ever.

    `pause`: seconds between two parts; without it they come as fast as they are taken.
    """

    head: bytes
    part: bytes
    pause: float = 0.0

    def slowly(self) -> Endless:
        """The same peer, a part at a time."""
        return replace(self, pause=SLOWLY)

    def __call__(self, connection: socket.socket) -> None:
        """Serve one connection until the client leaves."""
        connection.recv(65536)
        self.go_on(connection)

    def go_on(self, connection: socket.socket) -> None:
        """Say it, until the client leaves."""
        connection.sendall(self.head)
        if not self.pause:
            many = self.part * (_AT_ONCE // len(self.part))
            while True:
                connection.sendall(many)
        connection.settimeout(self.pause)
        while not gone(connection):
            connection.sendall(self.part)


def gone(connection: socket.socket) -> bool:
    """Whether the client leaves within the connection's time-out; what it says is of no interest."""
    try:
        return not connection.recv(65536)
    except TimeoutError:
        return False


def over_tls(context: ssl.SSLContext, answer: Callable[[socket.socket], None]) -> Callable[[socket.socket], None]:
    """The same behind a handshake as it should be."""

    def secured(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as inside:
            answer(inside)

    return secured


def records_over_tls(context: ssl.SSLContext, answer: Endless) -> Callable[[socket.socket], None]:
    """A handshake as it should be; what follows it is no content but the bytes of TLS records."""

    def serve(connection: socket.socket) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(incoming, outgoing, server_side=True)
        shaken = False
        while not shaken:
            incoming.write(connection.recv(65536))
            try:
                tls.do_handshake()
                shaken = True
            except ssl.SSLWantReadError:
                pass
            connection.sendall(outgoing.read())
        answer(connection)

    return serve


def _record(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + b"\x03\x03" + len(body).to_bytes(2, "big") + body


_HELLO = b"\x03\x03" + b"R" * 32 + b"\0" + b"\x00\x2f" + b"\0"  # AES 128 with SHA-1, RSA
_SERVER_HELLO = _record(22, b"\x02" + len(_HELLO).to_bytes(3, "big") + _HELLO)
_LARGEST_MESSAGE = b"\xff\xff\xff"  # 16 MB
# What may come before a handshake has ended.
HANDSHAKES = {
    "a record": Endless(b"\x16\x03\x03\x3f\xff", b"\x02"),
    "requests for a hello": Endless(b"", _record(22, b"\0\0\0\0" * 1000)),
    "certificates of 16 MB": Endless(
        _SERVER_HELLO + _record(22, b"\x0b" + _LARGEST_MESSAGE + _LARGEST_MESSAGE), _record(22, bytes(16000))
    ),
}


@contextmanager
def nothing_left() -> Iterator[None]:
    """A block after which no thread and no socket is there that was not there before."""
    threads, sockets = set(threading.enumerate()), _sockets()
    yield
    until = time.monotonic() + _SETTLED
    while (left := set(threading.enumerate()) - threads) or len(_sockets()) > len(sockets):
        assert time.monotonic() < until, (left, _sockets())
        threading.Event().wait(0.01)


def _sockets() -> list[str]:
    """The sockets that this process holds, where the system tells it."""
    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        return []
    held = []
    for one in folder.iterdir():
        try:
            held.append(str(one.readlink()))
        except OSError:  # the folder itself, while it was looked into
            continue
    return [one for one in held if one.startswith("socket:")]


@contextmanager
def serving(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """The port of a peer; nothing of the exchange with it is left in the end."""
    with nothing_left(), listening(answer) as port:
        yield port
