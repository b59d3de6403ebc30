"""Bounds of an exchange: they hold over the whole of it, whatever a peer does, and nothing is left behind."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import pytest

from checks.tls.exchange import Exchange, OutOfTime, TooMuch, connect, size
from checks.tls.handshake import NotListening, NoTls, read_handshake
from tests.checks.endless import HANDSHAKES, Endless, nothing_left, serving
from tests.checks.listeners import LOOPBACK, free_port, listening, silence
from tests.checks.made import FQDN

WITHIN = 0.15  # seconds
LATE = 5.0  # seconds that a busy machine may add

_LARGE = "it sends more at once than clients take (certificates of 100 kB in all)"
# what is said of whoever says it a little at a time, and of whoever does so at full speed
SAID = {
    "a record": ("no answer in time", _LARGE),
    "requests for a hello": ("no answer in time", "it sends more than 256 kB and comes to no end"),
    "certificates of 16 MB": (_LARGE, _LARGE),
}


@pytest.mark.parametrize("slowly", [True, False], ids=["slowly", "at full speed"])
@pytest.mark.parametrize("name", HANDSHAKES)
def test_a_handshake_that_never_ends_is_cut_off(name: str, slowly: bool) -> None:  # noqa: FBT001
    begin, peer = time.monotonic(), HANDSHAKES[name]
    with serving(peer.slowly() if slowly else peer) as port, pytest.raises(NoTls) as error:
        read_handshake(FQDN, LOOPBACK, port, within=WITHIN if slowly else 5)
    assert time.monotonic() - begin < WITHIN + LATE
    assert str(error.value).startswith(f"{FQDN}: port {port} presents no RSA certificate ({SAID[name][not slowly]})")


def test_an_exchange_ends_in_time_however_often_something_comes() -> None:
    exchange, begin = Exchange(WITHIN, 1000), time.monotonic()
    with serving(Endless(b"", b"x").slowly()) as port, connect(LOOPBACK, port, exchange) as peer:
        peer.settimeout(10)  # of each wait
        peer.sendall(b"x")
        with pytest.raises(OutOfTime):
            list(iter(lambda: peer.recv(10), b""))
        assert isinstance(exchange.broken, OutOfTime)
        with pytest.raises(OutOfTime):
            peer.recv_into(bytearray(10))
        with pytest.raises(OutOfTime):
            peer.send(b"x")
    assert WITHIN <= time.monotonic() - begin < WITHIN + LATE


def test_whoever_takes_nothing_is_not_waited_for() -> None:
    with nothing_left(), socket.create_server((LOOPBACK, 0)) as deaf:
        exchange = Exchange(WITHIN)
        with connect(LOOPBACK, deaf.getsockname()[1], exchange) as peer, pytest.raises(OutOfTime):
            peer.sendall(bytes(1 << 26))


def test_a_wait_of_its_own_is_no_end_of_the_exchange() -> None:
    with listening(silence) as port, connect(LOOPBACK, port, Exchange(5)) as peer:
        peer.sendall(b"x")
        peer.settimeout(0.05)
        assert peer.gettimeout() == 0.05
        with pytest.raises(TimeoutError):
            peer.recv(1)


def test_a_part_is_bounded_by_the_whole() -> None:
    exchange = Exchange(60, 100)
    with exchange.part(120, 200):
        assert exchange.left <= 60
        exchange.took(100)
        with pytest.raises(TooMuch, match="more than 100 bytes"):
            exchange.took(1)
    exchange.begin(60, 100)
    with exchange.part(60, 10):
        exchange.took(10)
        with pytest.raises(TooMuch, match="more than 10 bytes"):
            exchange.took(1)
    exchange.took(80)
    with pytest.raises(TooMuch, match="more than 100 bytes"):
        exchange.took(10)


def test_a_rest_has_no_deadline_and_takes_little() -> None:
    exchange = Exchange(0)
    with pytest.raises(OutOfTime):
        exchange.left  # noqa: B018
    exchange.rest(10)
    assert exchange.left > 1e9
    assert isinstance(exchange.broken, OutOfTime)
    with pytest.raises(TooMuch):
        exchange.took(11)


@pytest.mark.parametrize(
    "count, words", [(10, "10 bytes"), (1024, "1 kB"), (256 << 10, "256 kB"), (8 << 20, "8 MB"), (1536 << 10, "1.5 MB")]
)
def test_sizes_are_told_as_a_person_says_them(count: int, words: str) -> None:
    assert size(count) == words


# -- names ------------------------------------------------------------------------------------------------------------


def test_a_resolver_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The resolver is the system's: here it is one that takes its time. One lookup a name is left to its end."""
    answered = threading.Event()
    asked: list[str] = []
    real = socket.getaddrinfo

    def slow(address: str, *rest: Any, **how: Any) -> object:
        if not how.get("flags", 0) & socket.AI_NUMERICHOST:
            asked.append(address)
            answered.wait(5)
        return real(address, *rest, **how)

    monkeypatch.setattr("socket.getaddrinfo", slow)
    begin = time.monotonic()
    with nothing_left():
        for _ in range(3):
            with pytest.raises(OutOfTime):
                connect("slow.invalid", 1, Exchange(0.1))
        with pytest.raises(NotListening, match=r"port 1 on slow\.invalid does not answer \(no answer in time\)"):
            read_handshake(FQDN, "slow.invalid", 1, within=0.1)
        assert asked == ["slow.invalid"]
        assert time.monotonic() - begin < 0.4 + LATE
        answered.set()


def test_what_is_no_name_is_an_error_of_the_world() -> None:
    for name in ("nobody.invalid", f"{'x' * 70}.example.com", "a..b"):
        with nothing_left(), pytest.raises(OSError, match=r".+"):
            connect(name, free_port(), Exchange(5))


def test_every_address_of_a_name_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo
    with listening(silence) as port:

        def two(*_: object, **how: Any) -> object:
            return real(LOOPBACK, free_port(), **how) + real(LOOPBACK, port, **how)

        with monkeypatch.context() as patch:
            patch.setattr("socket.getaddrinfo", two)
            peer = connect("two.example.com", port, Exchange(5))
        with peer:
            assert peer.getpeername() == (LOOPBACK, port)
            peer.sendall(b"x")
