"""A running service: its listeners, and the notes of what it has loaded for observers of the lab."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from lab.tls import Listener


class RunningService:
    """A started service of a host."""

    def __init__(self, folder: Path, listeners: Mapping[str, Listener]) -> None:
        self._folder = folder
        self._listeners = listeners

    @property
    def ports(self) -> Sequence[str]:
        """The keys of `ports` on which it listens."""
        return tuple(self._listeners)

    async def close(self) -> None:
        """Close its listeners and remove its notes."""
        for listener in self._listeners.values():
            await listener.close()
        clear(self._folder)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.new")
    half.write_bytes(content)
    half.replace(path)


def clear(folder: Path) -> None:
    """Remove the files of a folder."""
    with contextlib.suppress(FileNotFoundError):
        for file in folder.iterdir():
            file.unlink(missing_ok=True)
