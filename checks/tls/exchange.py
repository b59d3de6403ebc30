"""One exchange with a peer: a deadline for all of it, and a limit on the bytes that the peer may send.

A socket's own time-out restarts with every byte, and no library counts what it receives: a peer that sends a byte a
second, or never stops, could hold up a run without end and fill its memory. Every socket to a host is a
`BoundedSocket`, under HTTP, TLS and SSH alike: it checks its exchange at each read and each write.
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

_CHUNK = 64 * 1024  # bytes per read: libraries ask for as many as the peer announces
_CONNECT_SECONDS = 10.0
_Selector: type[selectors.BaseSelector] = getattr(selectors, "PollSelector", selectors.SelectSelector)
_Result = TypeVar("_Result")


class Exceeded(Exception):
    """A bound was reached. Not an OSError: libraries would treat that as a time-out and try again."""


class OutOfTime(Exceeded):
    """The exchange has not ended by its deadline."""


class TooMuch(Exceeded):
    """The peer has sent more than `most` bytes."""

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(f"more than {size(most)}")


class Exchange:
    """The bounds of the current exchange with one peer; `broken`: the bound that it has reached, else None.

    Seconds are those of a monotonic clock. Bytes are counted as received over the wire.

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
        """Begin another exchange: allow `seconds` and `most` bytes from now on."""
        self._until = time.monotonic() + seconds
        self._size, self._most = most, self._taken + most
        self.broken: Exceeded | None = None

    def rest(self, most: int = 4 * _CHUNK) -> None:
        """Wait between two exchanges: without a deadline, and few bytes may come (keep-alives)."""
        broken = self.broken
        self.begin(math.inf, most)
        self.broken = broken

    @contextmanager
    def part(self, seconds: float, most: int) -> Iterator[None]:
        """Bound a part of the exchange by `seconds` and `most` bytes, or by what is left of the whole if less."""
        until, limit = self._until, (self._size, self._most)
        self._until = min(until, time.monotonic() + seconds)
        self._size, self._most = min((most, self._taken + most), limit, key=lambda one: one[1])
        try:
            yield
        finally:
            self._until, (self._size, self._most) = until, limit

    @property
    def left(self) -> float:
        """Seconds until the deadline. Raises OutOfTime if it has passed."""
        left = self._until - time.monotonic()
        if left <= 0:
            self.broken = OutOfTime("no answer in time")
            raise self.broken
        return left

    def took(self, count: int) -> None:
        """Count bytes that were received. Raises TooMuch beyond the limit."""
        self._taken += count
        if self._taken > self._most:
            self.broken = TooMuch(self._size)
            raise self.broken


class BoundedSocket(socket.socket):
    """A TCP socket bound by an exchange. A time-out that a library sets on it also limits single reads and writes."""

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
        super().settimeout(0)  # from here on `_patiently` does all waiting

    def settimeout(self, value: float | None) -> None:
        """Limit single reads and writes to `value` seconds, besides the exchange."""
        self._patience = value

    def gettimeout(self) -> float | None:
        """The limit of single reads and writes, in seconds."""
        return self._patience

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Receive at most `size` bytes. Raises OSError, OutOfTime or TooMuch."""
        take = super().recv
        data = self._patiently(selectors.EVENT_READ, lambda: take(min(size, _CHUNK), flags))
        self._exchange.took(len(data))
        return data

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """Receive into a buffer; return the number of bytes. Raises OSError, OutOfTime or TooMuch."""
        take = super().recv_into
        count = self._patiently(selectors.EVENT_READ, lambda: take(buffer, nbytes, flags))
        self._exchange.took(count)
        return count

    def send(self, data: Any, flags: int = 0) -> int:
        """Send some of the data; return the number of bytes. Raises OSError or OutOfTime."""
        give = super().send
        return self._patiently(selectors.EVENT_WRITE, lambda: give(data, flags))

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Send all of the data. Raises OSError or OutOfTime."""
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
    """Connect to a host by name or address, within the exchange; `patience`: seconds for each of its addresses.

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
    """A number of bytes in words: `256 kB`."""
    for unit, name in ((1 << 20, "MB"), (1 << 10, "kB")):
        if count >= unit:
            return f"{count / unit:.4g} {name}"
    return f"{count} bytes"


# -- names ------------------------------------------------------------------------------------------------------------

_Addresses = list[tuple[Any, Any, int, str, Any]]


class _Lookup(threading.Thread):
    """A thread that asks the system's resolver, which has no deadline: callers need not wait until it gives up."""

    under_way: dict[tuple[str, int], _Lookup] = {}  # noqa: RUF012 - shared: one lookup a name at a time
    lock = threading.Lock()

    def __init__(self, address: str, port: int) -> None:
        super().__init__(name=f"lookup of {address}", daemon=True)
        self._key = (address, port)
        self.found: _Addresses = []
        self.refusal: OSError | None = None

    @classmethod
    def of(cls, address: str, port: int) -> _Lookup:
        """The running lookup of a name, else a new one."""
        with cls.lock:
            lookup = cls.under_way.get((address, port))
            if lookup is None:
                lookup = cls.under_way[address, port] = cls(address, port)
                lookup.start()
            return lookup

    def run(self) -> None:
        """Ask, and keep the addresses (`found`) or the error (`refusal`)."""
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
