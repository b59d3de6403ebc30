"""The server of one host: connections over TCP or TLS, one identity each, one request at a time."""

from __future__ import annotations

import asyncio
import base64
import logging
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from lab.wsman import encryption, messages
from lab.wsman.authentication import Authentication
from lab.wsman.encryption import EncryptionError
from lab.wsman.faults import FaultError, NotUnderstoodError
from lab.wsman.operations import Caller, DroppedError, Operations
from lab.wsman.settings import Behaviour, Quotas, no_audit
from lab.wsman.shells import Shells
from lab.wsman.wire import BadRequestError, HttpRequest, HttpResponse, read_request, render

if TYPE_CHECKING:
    import ssl

    from lab.contract import Account, WinRmHost
    from lab.wsman.settings import Audit

_log = logging.getLogger(__name__)
_LINGER = 1.0  # seconds


class WsManServer:
    """A listening server. `behaviour` may be changed at any time; `shells` are the open ones."""

    def __init__(self, host: WinRmHost, *, secure: bool, quotas: Quotas, behaviour: Behaviour, audit: Audit) -> None:
        self.host = host
        self.secure = secure
        self.quotas = quotas
        self.behaviour = behaviour
        self.audit = audit
        self.shells = Shells(host, quotas, audit)
        self.operations = Operations(host, self.shells, quotas, behaviour)
        self._connections: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server | None = None
        self._closing = False

    @property
    def port(self) -> int:
        """The port it listens on; a free one if port 0 was requested."""
        if self._listener is None or not self._listener.sockets:
            raise RuntimeError("the server does not listen")
        return int(self._listener.sockets[0].getsockname()[1])

    @property
    def endpoint(self) -> str:
        """Its address as it names itself to clients."""
        return f"{'https' if self.secure else 'http'}://{self.host.fqdn}:{self.port}/wsman"

    async def listen(self, address: str, port: int, tls: ssl.SSLContext | None) -> None:
        """Start. Raises OSError if the address cannot be used."""
        limit = self.quotas.header_bytes
        self._listener = await asyncio.start_server(self._connected, address, port, ssl=tls, limit=limit, backlog=128)

    async def close(self) -> None:
        """Stop: drop connections, cancel commands, and wait for their threads to end (at most `closing_timeout`)."""
        self._closing = True
        await self.refuse()
        await self.shells.close()

    async def refuse(self) -> None:
        """Stop listening and drop connections; shells and commands go on, and `listen` may be called again."""
        if self._listener is not None:
            self._listener.close()
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def before_request(self) -> None:
        """Called for each request: a subclass may change its behaviour, or raise OSError to drop the connection."""

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)
        if self._closing:  # its handshake ended after the others were dropped
            writer.transport.abort()
            return
        try:
            await Connection(self, reader, writer).serve()
        except asyncio.CancelledError:
            writer.transport.abort()  # the server closes: a client that waits must notice at once
        except (OSError, TimeoutError):
            writer.transport.abort()
        except Exception:  # noqa: BLE001 - a fault of the lab costs one connection, not the server
            _log.exception("a connection to %s failed", self.host.fqdn)
            writer.transport.abort()
        finally:
            writer.close()


class Connection:
    """One TCP connection of a client."""

    def __init__(self, server: WsManServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._server = server
        self._reader = reader
        self._writer = writer
        self._identity = Authentication(
            server.host, secure=server.secure, audit=server.audit, behaviour=server.behaviour
        )

    async def serve(self) -> None:
        """Answer requests until either side ends the connection."""
        while True:
            try:
                request = await read_request(self._reader, self._writer, self._server.quotas)
            except BadRequestError as error:
                await self._respond(HttpResponse(error.status, close=True))
                await self._linger()
                return
            if request is None:
                return
            self._server.before_request()
            try:
                response = await self._answer(request)
            except DroppedError:
                self._writer.transport.abort()
                return
            response = replace(response, close=response.close or not request.keep_alive)
            await self._respond(response)
            if response.close:
                return

    async def _respond(self, response: HttpResponse) -> None:
        self._writer.write(render(response, clock_skew=self._server.behaviour.clock_skew_seconds))
        await self._writer.drain()

    async def _linger(self) -> None:
        """Read what a refused client still sends: closing on unread data would reset the connection, answer and all."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LINGER):
                while await self._reader.read(65536):
                    pass

    async def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.target.partition("?")[0].rstrip("/").lower() != "/wsman":
            return HttpResponse(HTTPStatus.NOT_FOUND)
        if request.method != "POST":
            return HttpResponse(HTTPStatus.METHOD_NOT_ALLOWED, headers=(("Allow", "POST"),))
        verdict = self._identity.judge(request.headers.get("authorization"))
        token = f"Negotiate {base64.b64encode(verdict.token).decode('ascii')}" if verdict.token else ""
        if verdict.account is None:
            offers = (token,) if token else self._identity.offers
            return HttpResponse(HTTPStatus.UNAUTHORIZED, headers=tuple(("WWW-Authenticate", o) for o in offers))
        response = await self._message(request, verdict.account)
        headers = (("WWW-Authenticate", token),) if token else ()
        return replace(response, headers=headers)

    async def _message(self, request: HttpRequest, account: Account) -> HttpResponse:
        """Return the answer to a recognised client, sealed if the request was."""
        if not request.body:  # clients that encrypt send an empty request first, to be recognised
            return HttpResponse(HTTPStatus.OK)
        context = self._identity.context
        if not encryption.is_encrypted(request.headers.get("content-type", "")):
            if not self._server.secure:
                # AllowUnencrypted is off. Guess: reports of real hosts name 500 without a body, and 401.
                return HttpResponse(HTTPStatus.INTERNAL_SERVER_ERROR)
            status, answer = await self._perform(request.body, account)
            return HttpResponse(status, answer)
        if context is None:
            return HttpResponse(HTTPStatus.BAD_REQUEST, close=True)
        try:
            message = encryption.unseal(context, request.body)
        except EncryptionError:  # the ciphers of the two ends are out of step
            return HttpResponse(HTTPStatus.BAD_REQUEST, close=True)
        status, answer = await self._perform(message, account)
        return HttpResponse(status, encryption.seal(context, answer), encryption.CONTENT_TYPE)

    async def _perform(self, message: bytes, account: Account) -> tuple[HTTPStatus, bytes]:
        """Return the status and envelope that answer a plain message."""
        related = ""
        try:
            request = messages.parse(message)
            related = request.message_id
            address = str(self._writer.get_extra_info("peername", ("",))[0])
            caller = Caller(account, address, self._server.endpoint, self._gone)
            return HTTPStatus.OK, await self._server.operations.perform(request, caller)
        except FaultError as error:
            answer = messages.fault(error.fault, related, self._server.host.fqdn)
        except NotUnderstoodError as error:
            answer = messages.not_understood(error, related)
        return HTTPStatus.INTERNAL_SERVER_ERROR, answer

    def _gone(self) -> bool:
        return self._reader.at_eof() or self._writer.is_closing()


async def start_wsman(
    host: WinRmHost,
    address: str,
    port: int,
    *,
    tls: ssl.SSLContext | None,
    quotas: Quotas | None = None,
    behaviour: Behaviour | None = None,
    audit: Audit | None = None,
) -> WsManServer:
    """Serve a host at an address (port 0: any free one), over HTTPS if `tls` is given. Raises OSError like `bind`.

    Everything runs on the event loop of the caller but the commands, which have a thread each.
    """
    server = WsManServer(
        host,
        secure=tls is not None,
        quotas=quotas or Quotas(),
        behaviour=behaviour or Behaviour(),
        audit=audit or no_audit,
    )
    await server.listen(address, port, tls)
    return server
