"""A parser, as the tests of hostile inputs see it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Read = Callable[[Any, Path], object]  # a text (or bytes), and a folder of its own


@dataclass(frozen=True)
class Parser:
    """One of them: how it is called, what it may raise, real inputs, and the modules whose patterns it uses.

    Some functions that read the same kind of thing are one parser. `wide`: they take text, else bytes.
    """

    name: str
    calls: tuple[Read, ...]
    raises: tuple[type[Exception], ...] = ()
    samples: Sequence[str | bytes] = ()
    modules: tuple[str, ...] = ()
    wide: bool = True

    def taken(self, given: str | bytes) -> str | bytes:
        """An input as its functions take it."""
        data = given if isinstance(given, bytes) else given.encode("utf-8", "surrogatepass")
        return data.decode("utf-8", "replace") if self.wide else data

    def run(self, given: str | bytes, folder: Path) -> set[str]:
        """Read something; what came of it, each in a word. Any exception but one of its own goes through."""
        data, came = self.taken(given), set()
        for call in self.calls:
            try:
                call(data, folder)
            except self.raises as error:
                came.add(type(error).__name__)
            else:
                came.add("read")
        return came


def each(*calls: Callable[[Any], object]) -> tuple[Read, ...]:
    """Functions that need no folder."""
    return tuple(_without_folder(call) for call in calls)


def _without_folder(call: Callable[[Any], object]) -> Read:
    return lambda data, _: call(data)


def in_file(call: Callable[[Path], object], name: str = "file") -> tuple[Read, ...]:
    """A function that reads a file."""

    def read(data: Any, folder: Path) -> None:
        path = folder / name
        path.write_bytes(data)
        call(path)

    return (read,)
