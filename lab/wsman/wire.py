"""HTTP/1.1 as http.sys speaks it, as far as WinRM needs it."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lab.wsman.settings import Quotas

_REQUEST_LINE = re.compile(rb"([A-Z]{1,20}) (\S{1,2048}) HTTP/1\.([01])")
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*")
_LENGTH = re.compile(r"[0-9]{1,12}")


class BadRequestError(Exception):
    """The bytes are no request this server can serve: it answers with `status` and closes the connection."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


@dataclass(frozen=True)
class HttpRequest:
    """One request. Header names are lower case; of a header sent twice both values are kept, joined by a comma."""

    method: str
    target: str
    version: int  # the minor one: 0 or 1
    headers: dict[str, str]
    body: bytes = b""

    @property
    def keep_alive(self) -> bool:
        """True if the client wants to send more on this connection."""
        tokens = {token.strip().lower() for token in self.headers.get("connection", "").split(",")}
        return "keep-alive" in tokens if self.version == 0 else "close" not in tokens


@dataclass(frozen=True)
class HttpResponse:
    """One response. Without a body the content type is not sent."""

    status: HTTPStatus
    body: bytes = b""
    content_type: str = "application/soap+xml;charset=UTF-8"
    headers: tuple[tuple[str, str], ...] = ()
    close: bool = False  # the server closes the connection after it


def parse_head(head: bytes) -> HttpRequest:
    """Return the request without its body. Raises BadRequestError for anything but plain HTTP/1.0 or HTTP/1.1."""
    first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    start = _REQUEST_LINE.fullmatch(first)
    if start is None:
        raise BadRequestError(HTTPStatus.BAD_REQUEST)
    headers: dict[str, str] = {}
    for line in lines:
        header = _HEADER.fullmatch(line)
        if header is None:
            raise BadRequestError(HTTPStatus.BAD_REQUEST)
        name, value = header[1].decode("ascii").lower(), header[2].decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return HttpRequest(start[1].decode("ascii"), start[2].decode("latin-1"), int(start[3]), headers)


def body_length(request: HttpRequest, limit: int) -> int:
    """Return the number of bytes after the head. Raises BadRequestError if it is unclear or more than `limit`."""
    if "transfer-encoding" in request.headers:
        # http.sys takes chunked bodies; no WinRM client sends one, and two ways to say a length are one too many.
        raise BadRequestError(HTTPStatus.LENGTH_REQUIRED)
    length = request.headers.get("content-length", "0")
    if not _LENGTH.fullmatch(length):
        raise BadRequestError(HTTPStatus.BAD_REQUEST)
    if int(length) > limit:
        raise BadRequestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return int(length)


async def read_request(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, quotas: Quotas
) -> HttpRequest | None:
    """Return the next request; None when the client has gone. Raises BadRequestError, TimeoutError."""
    async with asyncio.timeout(quotas.connection_timeout):
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return None
        except asyncio.LimitOverrunError:
            raise BadRequestError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE) from None
        request = parse_head(head)
        length = body_length(request, quotas.body_bytes)
        expectation = request.headers.get("expect")
        if expectation is not None and expectation.lower() != "100-continue":
            raise BadRequestError(HTTPStatus.EXPECTATION_FAILED)
        if expectation is not None and length:
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        try:
            body = await reader.readexactly(length)
        except asyncio.IncompleteReadError:
            return None
    return HttpRequest(request.method, request.target, request.version, request.headers, body)


def render(response: HttpResponse, *, clock_skew: float) -> bytes:
    """Return the bytes of a response. Its Date is the host's clock: clients may judge a host by it."""
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=clock_skew), usegmt=True)
    headers: Iterable[tuple[str, str]] = (
        *((("Content-Type", response.content_type),) if response.body else ()),
        ("Server", "Microsoft-HTTPAPI/2.0"),
        *response.headers,
        ("Date", date),
        *((("Connection", "close"),) if response.close else ()),
        ("Content-Length", str(len(response.body))),
    )
    lines = [
        f"HTTP/1.1 {response.status.value} {response.status.phrase}",
        *(f"{name}: {text}" for name, text in headers),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + response.body
