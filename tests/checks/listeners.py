"""Listeners on free ports of 127.0.0.1: TLS servers of several minds, and some that speak no TLS at all."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from checks.x509.certificate import Certificate
from tests.checks.made import PrivateKey

Pair = tuple[PrivateKey, Sequence[Certificate]]
LOOPBACK = "127.0.0.1"


def tls_context(folder: Path, *pairs: Pair) -> ssl.SSLContext:
    """A server that has these keys, each with its chain; weak ones too."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    for number, (key, chain) in enumerate(pairs):
        file = folder / f"{number}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(private + "".join(one.pem for one in chain).encode())
        context.load_cert_chain(file)
    return context


@contextmanager
def listening(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """The port of a listener that gives each connection to `answer`, one after the other, until the block ends."""
    with socket.create_server((LOOPBACK, 0)) as listener:

        def serve() -> None:
            while True:
                connection, _ = listener.accept()
                with connection, suppress(OSError):
                    connection.settimeout(5)
                    first = connection.recv(1, socket.MSG_PEEK)
                    if not first:  # the test's end knocks without a word
                        return
                    answer(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            socket.create_connection(listener.getsockname()).close()
            thread.join()


def tls_answer(context: ssl.SSLContext) -> Callable[[socket.socket], None]:
    """Shake hands, wait for the client to leave."""

    def answer(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(1)

    return answer


def plain_http(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def silence(connection: socket.socket) -> None:
    """Accept, read and say nothing until the client has had enough."""
    while connection.recv(4096):
        pass


def drip(connection: socket.socket) -> None:
    """Begin a TLS record that never becomes whole, a byte at a time."""
    connection.sendall(b"\x16\x03\x03\x3f\xff")
    connection.settimeout(0.02)
    connection.recv(4096)
    for _ in range(200):
        connection.sendall(b"\x02")
        with suppress(TimeoutError):
            if not connection.recv(4096):
                return


def old_server(version: int, leaf: bytes) -> Callable[[socket.socket], None]:
    """Answer as servers of before 2010 do, who know no extension: a hello of this version, the leaf (DER), silence."""

    def record(kind: int, body: bytes) -> bytes:
        message = bytes([kind]) + len(body).to_bytes(3, "big") + body
        return b"\x16" + version.to_bytes(2, "big") + len(message).to_bytes(2, "big") + message

    def answer(connection: socket.socket) -> None:
        connection.recv(4096)
        hello = version.to_bytes(2, "big") + b"R" * 32 + b"\0" + b"\x00\x2f" + b"\0"  # AES 128 with SHA-1, RSA
        one = len(leaf).to_bytes(3, "big") + leaf
        connection.sendall(record(2, hello) + record(11, len(one).to_bytes(3, "big") + one) + record(14, b""))
        connection.recv(4096)

    return answer


def reset(connection: socket.socket) -> None:
    """Reset the connection at the first word, as http.sys does without the key of its certificate."""
    connection.recv(1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hang_up(connection: socket.socket) -> None:
    connection.recv(4096)


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        return int(listener.getsockname()[1])
