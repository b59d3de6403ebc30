"""Somebody at a port of a server's own address who answers in its place, now and then, and keeps whatever he is told.

All connections come to him: those that are none of his go on to the server as they are.
"""

from __future__ import annotations

import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

Place = tuple[str, int]
Answer = Callable[["Impostor", socket.socket], None]
_PATIENCE, _MOMENT = 10.0, 0.05  # seconds
_LARGEST = 65536
# What a browser or a WinRM client is most likely to give a password to.
_FORM = (
    b"<html><body><form method='post' action='j_security_check'><input type='hidden' name='token' value='1'>"
    b"<input type='text' name='j_username'><input type='password' name='j_password'><input type='submit'></form>"
)
_LOGIN = b'WWW-Authenticate: Basic realm="WSMAN"\r\nWWW-Authenticate: Negotiate\r\n'


@dataclass
class Impostor:
    """Answers the connections whose turn it is (their number, from 1); `hello`: which are any of his business."""

    real: Place
    answer: Answer
    turn: Callable[[int], bool] = lambda _: True
    hello: Callable[[bytes], bool] = lambda _: True
    port: int = 0
    came: int = 0  # connections that he might have answered
    answered: int = 0
    heard: list[bytes] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def serve(self, client: socket.socket) -> None:
        """One connection, until either end has had enough."""
        with suppress(OSError), closing(client):
            client.settimeout(_PATIENCE)
            if self._mine(client):
                self.answer(self, client)
            else:
                with socket.create_connection(self.real, _PATIENCE) as server:
                    both_ways(client, server)

    def _mine(self, client: socket.socket) -> bool:
        if not self.hello(client.recv(_LARGEST, socket.MSG_PEEK)):
            return False
        with self._lock:
            self.came += 1
            mine = self.turn(self.came)
            self.answered += mine
        return mine


def both_ways(one: socket.socket, other: socket.socket, heard: Callable[[bytes], None] = lambda _: None) -> None:
    """Carry everything between two connections until one ends; `heard` is told what the first one says.

    In one thread: a TLS connection must not be read and written at once.
    """
    ends = {one: other, other: one}
    while True:
        pending = [end for end in ends if isinstance(end, ssl.SSLSocket) and end.pending()]
        for end in pending or select.select(list(ends), [], [])[0]:
            end.settimeout(_MOMENT)
            try:
                data = end.recv(_LARGEST)
            except TimeoutError:
                continue  # a record of TLS's own
            if not data:
                return
            if end is one:
                heard(data)
            ends[end].settimeout(_PATIENCE)
            ends[end].sendall(data)


def baiting(context: ssl.SSLContext) -> Answer:
    """Present a certificate, then ask for a password, as the pages or as WinRM do."""

    def answer(self: Impostor, client: socket.socket) -> None:
        with context.wrap_socket(client, server_side=True) as secured:
            while request := secured.recv(_LARGEST):
                self.heard.append(request)
                status, head, body = b"200 OK", b"Content-Type: text/html\r\n", _FORM
                if b"/wsman" in request:
                    status, head, body = b"401 Unauthorized", _LOGIN, b""
                length = b"Content-Length: %d\r\n\r\n" % len(body)
                secured.sendall(b"HTTP/1.1 " + status + b"\r\n" + head + length + body)

    return answer


def relaying(context: ssl.SSLContext) -> Answer:
    """Present a certificate, and carry to the server what is said then."""

    def answer(self: Impostor, client: socket.socket) -> None:
        with context.wrap_socket(client, server_side=True) as secured:
            trusting = ssl.create_default_context()
            trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
            trusting.set_ciphers("ALL:@SECLEVEL=0")
            plain = socket.create_connection(self.real, _PATIENCE)
            with trusting.wrap_socket(plain) as server:
                both_ways(secured, server, self.heard.append)

    return answer


def handing_on(place: Place) -> Answer:
    """Let a server of the impostor's own answer."""

    def answer(_: Impostor, client: socket.socket) -> None:
        with socket.create_connection(place, _PATIENCE) as server:
            both_ways(client, server)

    return answer


@contextmanager
def standing(impostor: Impostor) -> Iterator[Impostor]:
    """Stand at a free port of the server's address, for the block."""

    def accept(ear: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = ear.accept()
                threading.Thread(target=partial(impostor.serve, client), daemon=True).start()

    with socket.create_server((impostor.real[0], 0), backlog=64) as ear:
        impostor.port = ear.getsockname()[1]
        thread = threading.Thread(target=accept, args=(ear,), daemon=True)
        thread.start()
        yield impostor
        ear.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def takes_ecdsa_alone(hello: bytes) -> bool:
    """Whether a client's first words offer suites of ECDSA, and none that an RSA certificate would do for."""
    place = 5 + 4 + 2 + 32  # record, handshake, version, random
    if len(hello) < place + 3 or hello[0] != 22:
        return False
    place += 1 + hello[place]  # the session's id
    length = int.from_bytes(hello[place : place + 2], "big")
    suites = hello[place + 2 : place + 2 + length]
    offered = {int.from_bytes(suites[at : at + 2], "big") for at in range(0, len(suites), 2)}
    return bool(offered & _ECDSA) and not offered & _RSA


_ECDSA = {0xC02B, 0xC02C, 0xC023, 0xC024, 0xC009, 0xC00A}
_RSA = {0xC02F, 0xC030, 0xC027, 0xC028, 0xC013, 0xC014, 0x009C, 0x009D, 0x002F, 0x0035}
