"""One exchange with a peer: a deadline over the whole of it, and a limit to what the peer may send.

A socket's own time-out begins anew with every byte, and no library counts what comes: a peer that sends a byte a
second, or that never ends, would hold a run for as long as it likes and fill its memory. Every socket to a host is one
of these, under HTTP, TLS and SSH alike: it asks its exchange at each read and each write.
"""

from __future__ import annotations

import math
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

_CHUNK = 64 * 1024  # bytes a read: libraries ask for as many as a peer says that it will send
_CONNECT_SECONDS = 10.0
_Selector: type[selectors.BaseSelector] = getattr(selectors, "PollSelector", selectors.SelectSelector)
_Result = TypeVar("_Result")


class Exceeded(Exception):
    """A bound was reached. No OSError: libraries take that for a time-out, and begin again."""


class OutOfTime(Exceeded):
    """The exchange has not ended by its deadline."""


class TooMuch(Exceeded):
    """The peer has sent more than `most` bytes."""

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(f"more than {size(most)}")


class Exchange:
    """The bounds of what goes on with one peer now; `broken` is the bound that was reached, until the next begins.

    Seconds are those of a monotonic clock. Bytes are counted as they come over the wire.

    >>> exchange = Exchange(seconds=30, most=1000)
    >>> exchange.took(999)
    >>> exchange.took(2)
    Traceback (most recent call last):
    ...
    checks.tls.exchange.TooMuch: more than 1000 bytes
    """

    def __init__(self, seconds: float = math.inf, most: int = _CHUNK) -> None:
        self._taken = 0
        self.begin(seconds, most)

    def begin(self, seconds: float, most: int) -> None:
        """Allow so much from now on."""
        self._until = time.monotonic() + seconds
        self._size, self._most = most, self._taken + most
        self.broken: Exceeded | None = None

    def rest(self, most: int = 4 * _CHUNK) -> None:
        """Nothing is waited for, until the next begins: there is no deadline, and not much may come (signs of life)."""
        broken = self.broken
        self.begin(math.inf, most)
        self.broken = broken

    @contextmanager
    def part(self, seconds: float, most: int) -> Iterator[None]:
        """Bound a part of it, and by no more than is left of the whole."""
        until, limit = self._until, (self._size, self._most)
        self._until = min(until, time.monotonic() + seconds)
        self._size, self._most = min((most, self._taken + most), limit, key=lambda one: one[1])
        try:
            yield
        finally:
            self._until, (self._size, self._most) = until, limit

    @property
    def left(self) -> float:
        """Seconds until the deadline, more than none. Raises OutOfTime."""
        left = self._until - time.monotonic()
        if left <= 0:
            self.broken = OutOfTime("no answer in time")
            raise self.broken
        return left

    def took(self, count: int) -> None:
        """Count bytes that have come. Raises TooMuch."""
        self._taken += count
        if self._taken > self._most:
            self.broken = TooMuch(self._size)
            raise self.broken


class BoundedSocket(socket.socket):
    """A TCP socket that keeps to an exchange. Its own time-out, where a library sets one, bounds single waits."""

    def __init__(self, exchange: Exchange, family: int, kind: int, protocol: int) -> None:
        super().__init__(family, kind, protocol)
        self._exchange = exchange
        self._patience: float | None = None

    def reach(self, where: Any, patience: float) -> None:
        """Connect to an address of the socket module. Raises OSError or OutOfTime."""
        super().settimeout(min(patience, self._exchange.left))
        try:
            self.connect(where)
        except TimeoutError:
            self._exchange.left  # noqa: B018 - raises where the deadline has passed
            raise
        self.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().settimeout(0)  # from here on all waiting is done below, by the clock

    def settimeout(self, value: float | None) -> None:
        """Bound single waits by so many seconds, besides the exchange."""
        self._patience = value

    def gettimeout(self) -> float | None:
        """The bound of single waits."""
        return self._patience

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Take what has come, at most so many bytes. Raises OSError, OutOfTime or TooMuch."""
        take = super().recv
        data = self._patiently(selectors.EVENT_READ, lambda: take(min(size, _CHUNK), flags))
        self._exchange.took(len(data))
        return data

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """Take what has come into a buffer; how many bytes. Raises OSError, OutOfTime or TooMuch."""
        take = super().recv_into
        count = self._patiently(selectors.EVENT_READ, lambda: take(buffer, nbytes, flags))
        self._exchange.took(count)
        return count

    def send(self, data: Any, flags: int = 0) -> int:
        """Send some of it; how many bytes. Raises OSError or OutOfTime."""
        give = super().send
        return self._patiently(selectors.EVENT_WRITE, lambda: give(data, flags))

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Send all of it. Raises OSError or OutOfTime."""
        with memoryview(data) as view, view.cast("B") as rest:
            sent = 0
            while sent < len(rest):
                sent += self.send(rest[sent:], flags)

    def _patiently(self, event: int, work: Callable[[], _Result]) -> _Result:
        until = time.monotonic() + (math.inf if self._patience is None else self._patience)
        while True:
            left = self._exchange.left
            try:
                return work()
            except BlockingIOError:
                wait = min(left, until - time.monotonic())
            if wait <= 0:
                raise TimeoutError("timed out")
            with _Selector() as selector:
                selector.register(self, event)
                selector.select(None if wait == math.inf else wait)


def connect(address: str, port: int, exchange: Exchange, patience: float = _CONNECT_SECONDS) -> BoundedSocket:
    """Connect to a host by its name or address, within the exchange; `patience`: seconds for each address it has.

    Raises OSError or OutOfTime.
    """
    refusal = OSError(f"no address of {address}")
    for family, kind, protocol, _, where in _addresses(address, port, exchange):
        connection = BoundedSocket(exchange, family, kind, protocol)
        try:
            connection.reach(where, patience)
        except BaseException as error:
            connection.close()
            if not isinstance(error, OSError):
                raise
            refusal = error
        else:
            return connection
    raise refusal


def size(count: int) -> str:
    """A limit in words, as a person says it."""
    for unit, name in ((1 << 20, "MB"), (1 << 10, "kB")):
        if count >= unit:
            return f"{count / unit:.4g} {name}"
    return f"{count} bytes"


# -- names ------------------------------------------------------------------------------------------------------------

_Addresses = list[tuple[Any, Any, int, str, Any]]


class _Lookup(threading.Thread):
    """Asks the system's resolver, which knows no deadline: nobody has to wait for its end (it gives up by itself)."""

    under_way: dict[tuple[str, int], _Lookup] = {}  # noqa: RUF012 - one a name, however often it is asked for
    lock = threading.Lock()

    def __init__(self, address: str, port: int) -> None:
        super().__init__(name=f"lookup of {address}", daemon=True)
        self._key = (address, port)
        self.found: _Addresses = []
        self.refusal: OSError | None = None

    @classmethod
    def of(cls, address: str, port: int) -> _Lookup:
        """The lookup of a name that is under way, or a new one."""
        with cls.lock:
            lookup = cls.under_way.get((address, port))
            if lookup is None:
                lookup = cls.under_way[address, port] = cls(address, port)
                lookup.start()
            return lookup

    def run(self) -> None:
        """Ask, and keep what is said."""
        try:
            self.found = socket.getaddrinfo(*self._key, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            self.refusal = error if isinstance(error, OSError) else OSError(f"no host name: {error}")
        finally:
            with self.lock:
                self.under_way.pop(self._key, None)


def _addresses(address: str, port: int, exchange: Exchange) -> _Addresses:
    """Resolve a name; an address is not looked up. Raises OSError or OutOfTime."""
    try:
        return socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        lookup = _Lookup.of(address, port)
    lookup.join(min(exchange.left, threading.TIMEOUT_MAX))
    if lookup.is_alive():
        exchange.left  # noqa: B018 - raises: the deadline has passed
        raise TimeoutError("its name is not resolved in time")
    if lookup.refusal:
        raise lookup.refusal
    return lookup.found
