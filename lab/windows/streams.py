"""The input and output of programs: bytes below, text in a code page above."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import Protocol

from lab.contract import Stdin

_SPECIAL_PAGES = {65001: "utf-8", 20127: "ascii", 1200: "utf-16-le"}


def encoding_of(codepage: int) -> str:
    """Return the codec of a Windows code page; an unknown one is read as 437, the console's own default."""
    name = _SPECIAL_PAGES.get(codepage, f"cp{codepage}")
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp437"
    return name


class Sink(Protocol):
    """A destination of bytes: a stream of the client, a pipe, a file or nowhere."""

    @property
    def is_file(self) -> bool:
        """True if a file takes the bytes: wmic writes UTF-16 there and 8-bit text elsewhere."""
        ...

    def write(self, data: bytes) -> None:
        """Take these bytes."""
        ...


class Calls:
    """A sink that passes every piece to a function."""

    def __init__(self, take: Callable[[bytes], None], *, is_file: bool = False) -> None:
        self._take = take
        self.is_file = is_file

    def write(self, data: bytes) -> None:
        """Pass the bytes on, unless there are none."""
        if data:
            self._take(data)


class Kept:
    """A sink that keeps everything: one end of a pipe."""

    is_file = False

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes) -> None:
        """Keep the bytes."""
        self.data += data


def nowhere() -> Sink:
    """Return the sink of the device NUL."""
    return Calls(lambda _data: None)


class Input:
    """Standard input, read on demand: reading blocks until the other side has sent everything."""

    def __init__(self, source: Stdin | None, rest: bytes | None = None) -> None:
        self._source = source
        self._rest = rest

    @classmethod
    def of(cls, data: bytes) -> Input:
        """Return an input that holds these bytes: a file or the other end of a pipe."""
        return cls(None, data)

    def read(self) -> bytes:
        """Return all that is left."""
        rest, self._rest = self._all(), b""
        return rest

    def line(self) -> bytes | None:
        """Return the next line without its end; None at the end of the input."""
        rest = self._all()
        if not rest:
            return None
        head, _, self._rest = rest.partition(b"\n")
        return head.removesuffix(b"\r")

    def _all(self) -> bytes:
        if self._rest is None:
            self._rest = self._source.read() if self._source else b""
        return self._rest


class Writer:
    """A writer of text to a sink: CRLF line ends, '?' for what the code page cannot hold."""

    def __init__(self, sink: Sink, codepage: int) -> None:
        self.sink = sink
        self._encoding = encoding_of(codepage)

    def line(self, text: str = "") -> None:
        """Write one line and its end."""
        self.text(text + "\r\n")

    def lines(self, text: str) -> None:
        """Write a text of several lines; its line ends become CRLF."""
        self.text(text.replace("\r\n", "\n").replace("\n", "\r\n"))

    def text(self, text: str) -> None:
        """Write exactly this text."""
        self.sink.write(text.encode(self._encoding, "replace"))

    def bytes(self, data: bytes) -> None:
        """Write bytes that are not text of the program's own."""
        self.sink.write(data)
