"""HTTP: what is refused, what is served, and that no bytes take the server down."""

from __future__ import annotations

import socket
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.wsman import Quotas
from lab.wsman.wire import BadRequestError, body_length, parse_head
from tests.lab.wsman.clients import CLIENTS, Task

if TYPE_CHECKING:
    from tests.lab.wsman.conftest import Served, Start


def talk(served: Served, *pieces: bytes, hang_up: bool = True) -> bytes:
    """Everything the server says to these bytes until it, or we, had enough."""
    with socket.create_connection(("127.0.0.1", served.server.port), timeout=5) as connection:
        for piece in pieces:
            connection.sendall(piece)
        if hang_up:
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        with suppress(ConnectionResetError):
            while block := connection.recv(65536):
                answer += block
        return answer


REQUESTS = {
    "no http": (b"hello\r\n\r\n", 400),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\n", 400),
    "TLS on the plain port": (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400),
    "header without colon": (b"POST /wsman HTTP/1.1\r\nx\r\n\r\n", 400),
    "folded header": (b"POST /wsman HTTP/1.1\r\na: b\r\n c\r\n\r\n", 400),
    "odd length": (b"POST /wsman HTTP/1.1\r\nContent-Length: +1\r\n\r\n", 400),
    "two lengths": (b"POST /wsman HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
    "chunked": (b"POST /wsman HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
    "too large": (b"POST /wsman HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 413),
    "expectation": (b"POST /wsman HTTP/1.1\r\nExpect: miracles\r\n\r\n", 417),
    "too many headers": (b"POST /wsman HTTP/1.1\r\nA: " + b"a" * 200_000 + b"\r\n\r\n", 431),
    "elsewhere": (b"POST / HTTP/1.1\r\n\r\n", 404),
    "get": (b"GET /wsman HTTP/1.1\r\n\r\n", 405),
    "anonymous": (b"POST /wsman HTTP/1.1\r\n\r\n", 401),
    "anonymous with query": (b"POST /wsman?PSVersion=5.1 HTTP/1.0\r\n\r\n", 401),
}


@pytest.mark.parametrize("request_bytes, status", REQUESTS.values(), ids=REQUESTS)
def test_a_request_gets_its_status(serve: Start, request_bytes: bytes, status: int) -> None:
    answer = talk(serve(), request_bytes)

    head = answer.partition(b"\r\n\r\n")[0]
    assert head.startswith(f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode())
    assert b"\r\nDate: " in head


def test_a_connection_is_kept_until_the_client_wants_no_more(serve: Start) -> None:
    served = serve()
    request = b"POST /wsman HTTP/1.1\r\nContent-Length: 1\r\n\r\nx"
    last = b"POST /wsman HTTP/1.1\r\nConnection: close\r\n\r\n"

    assert talk(served, request, request, last, hang_up=False).count(b"HTTP/1.1 401") == 3
    assert talk(served, b"POST /wsman HTTP/1.0\r\n\r\n", hang_up=False).count(b"HTTP/1.1 401") == 1


def test_a_client_that_expects_a_go_ahead_gets_it(serve: Start) -> None:
    request = b"POST /wsman HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx"

    assert talk(serve(), request).startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 401 ")


def test_a_connection_that_says_nothing_is_dropped(serve: Start) -> None:
    served = serve(quotas=Quotas(connection_timeout=0.05))

    with socket.create_connection(("127.0.0.1", served.server.port), timeout=5) as connection:
        connection.sendall(b"POST /ws")
        with suppress(ConnectionResetError):
            assert connection.recv(1) == b""


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_broken_connections_leave_the_server_well(serve: Start, *, secure: bool) -> None:
    served = serve(secure=secure)
    for pieces in (
        (),
        (b"\x00" * 100,),
        (b"POST /wsman HTTP/1.1\r\nContent-Length: 10\r\n\r\nx",),
        (b"\xff" * 300_000,),
    ):
        talk(served, *pieces)

    assert CLIENTS["pywinrm"](served, Task("echo x")).stdout == b"x\r\n"


@given(st.binary(max_size=300))
def test_an_arbitrary_head_is_parsed_or_refused(data: bytes) -> None:
    with suppress(BadRequestError):
        assert 0 <= body_length(parse_head(data), 1000) <= 1000


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Content-Length", "Transfer-Encoding", "Connection", "X"]),
            st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=20),
        ),
        max_size=5,
    )
)
def test_arbitrary_headers_are_parsed_or_refused(headers: list[tuple[str, str]]) -> None:
    lines = ["POST /wsman HTTP/1.1", *(f"{name}: {text}" for name, text in headers), "", ""]
    with suppress(BadRequestError):
        request = parse_head("\r\n".join(lines).encode("latin-1"))
        assert 0 <= body_length(request, 1000) <= 1000
        assert request.keep_alive in {True, False}
