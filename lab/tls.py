"""TLS listeners that present a certificate and answer anything that looks like a request."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import ssl
import struct
import tempfile
import warnings
from collections.abc import Callable
from email.utils import formatdate
from http import HTTPStatus
from pathlib import Path
from typing import Protocol

from lab.certificates import Identity

REQUEST_LIMIT = 30.0  # seconds after which a silent client is dropped
REST_LIMIT = 1.0  # seconds to wait for the rest of a request: not every client ends it as HTTP requires
MOST_LINES = 100  # of a request's head
BODY = b"ok\n"
# The versions a server speaks, as a site file names them: the oldest and the newest.
_V = ssl.TLSVersion
VERSIONS = {
    "": (_V.TLSv1_2, _V.TLSv1_3),
    "1.0": (_V.TLSv1, _V.TLSv1),
    "1.1": (_V.TLSv1_1, _V.TLSv1_1),
    "1.2": (_V.TLSv1_2, _V.TLSv1_2),
    "1.3": (_V.TLSv1_3, _V.TLSv1_3),
    "1.0-1.3": (_V.TLSv1, _V.TLSv1_3),
}


def server_context(*leaves: Identity, tls: str = "") -> ssl.SSLContext:
    """Return a context for this certificate with TLS 1.2 and 1.3, or with the versions of `tls`.

    Weak certificates are presented too: the client has to judge them. Of several, one for each type of key, the
    client's preferences decide.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # versions that nobody should use any more
        context.minimum_version, context.maximum_version = VERSIONS[tls]
    for identity in leaves:
        _load(context, identity)
    return context


def _load(context: ssl.SSLContext, identity: Identity) -> None:
    # Python loads certificates only from files; this one exists for a moment and only its owner can read it.
    handle, name = tempfile.mkstemp(suffix=".pem")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(identity.pem())
        context.load_cert_chain(name)
    finally:
        Path(name).unlink()


# Answers a request, given its head; None: as any other port does. May block: called on a thread.
Respond = Callable[[str], bytes | None]


class Listener(Protocol):
    """An open port that presents a certificate."""

    async def close(self) -> None:
        """Stop listening and drop every connection."""
        ...


class TlsListener:
    """One port that presents one certificate until it is closed; then its connections are dropped as well."""

    def __init__(self, server: asyncio.Server, clients: set[asyncio.StreamWriter]) -> None:
        self._server = server
        self._clients = clients

    @classmethod
    async def open(
        cls, address: str, port: int, *leaves: Identity, tls: str = "", respond: Respond | None = None
    ) -> TlsListener:
        """Start to listen. Raises OSError if the port is taken, ssl.SSLError if OpenSSL cannot use a certificate."""
        clients: set[asyncio.StreamWriter] = set()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            clients.add(writer)
            try:
                with contextlib.suppress(OSError, EOFError, ValueError, TimeoutError):
                    await asyncio.wait_for(_answer(reader, writer, respond), REQUEST_LIMIT)
            finally:
                clients.discard(writer)
                writer.transport.abort() if writer.is_closing() else writer.close()

        server = await asyncio.start_server(serve, address, port, ssl=server_context(*leaves, tls=tls), backlog=128)
        return cls(server, clients)

    async def close(self) -> None:
        """Stop listening and drop every connection."""
        self._server.close()
        for writer in list(self._clients):
            writer.transport.abort()
        await asyncio.sleep(0)


class ResettingListener:
    """A port without its certificate or key: like http.sys, accept connections and reset each at its first bytes."""

    def __init__(self, server: asyncio.Server) -> None:
        self._server = server

    @classmethod
    async def open(cls, address: str, port: int) -> ResettingListener:
        """Start to listen. Raises OSError when the port is taken."""

        async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError, TimeoutError):
                await asyncio.wait_for(reader.read(1), REQUEST_LIMIT)
            connection = writer.transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

        return cls(await asyncio.start_server(reset, address, port, backlog=128))

    async def close(self) -> None:
        """Stop listening."""
        self._server.close()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, respond: Respond | None) -> None:
    lines = [await reader.readline()]
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(_rest_of_request(reader, lines), REST_LIMIT)
    answer = None
    if respond:
        head = b"".join(lines).decode("latin-1")
        answer = await asyncio.get_running_loop().run_in_executor(None, respond, head)
    writer.write(answer or http_answer(HTTPStatus.OK, "text/plain", BODY))
    await writer.drain()


def http_answer(status: HTTPStatus, content_type: str, body: bytes, *more: str) -> bytes:
    """Return a whole answer of HTTP/1.1; `more`: further header lines."""
    head = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        f"Date: {formatdate(usegmt=True)}",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *more,
    ]
    return "".join(f"{line}\r\n" for line in [*head, ""]).encode("ascii") + body


async def _rest_of_request(reader: asyncio.StreamReader, lines: list[bytes]) -> None:
    while (line := await reader.readline()) not in (b"\r\n", b"\n", b"") and len(lines) < MOST_LINES:
        lines.append(line)
