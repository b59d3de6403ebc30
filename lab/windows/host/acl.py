"""The access control lists that icacls shows and sets. Only explicit entries are kept; the rest is inherited."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path, PureWindowsPath

from lab.windows.host.drive import locate

FROM_THE_ROOT = (
    r"BUILTIN\Administrators:(OI)(CI)(F)",
    r"NT AUTHORITY\SYSTEM:(OI)(CI)(F)",
    r"BUILTIN\Users:(OI)(CI)(RX)",
)
PASSED_ON = ("(OI)", "(CI)")  # to files and to folders below


class AccessLists:
    """The access control lists of a host, in a JSON file: Windows path in lower case -> entries."""

    def __init__(self, file: Path, drive: Path) -> None:
        self._file = file
        self._drive = drive
        self._lock = threading.Lock()

    def get(self, path: str) -> Sequence[str]:
        """Return the entries of a path, inherited ones marked `(I)`."""
        with self._lock:
            explicit = self._read()
        own = explicit.get(_key(path))
        if own is not None:
            return tuple(own)
        inherited = (
            explicit[_key(str(parent))] for parent in PureWindowsPath(path).parents if _key(str(parent)) in explicit
        )
        is_folder = locate(self._drive, path).is_dir()
        entries = (_inherited(entry, is_folder=is_folder) for entry in next(inherited, FROM_THE_ROOT))
        return tuple(entry for entry in entries if entry)

    def set(self, path: str, entries: Sequence[str]) -> None:
        """Store explicit entries."""
        with self._lock:
            self._write({**self._read(), _key(path): list(entries)})

    def forget(self, path: str) -> None:
        """Forget the entries of a path and of all below it."""
        gone = _key(path)
        with self._lock:
            explicit = self._read()
            kept = {key: value for key, value in explicit.items() if key != gone and not key.startswith(gone + "\\")}
            if kept != explicit:
                self._write(kept)

    def _read(self) -> dict[str, list[str]]:
        if not self._file.exists():
            return {}
        content: dict[str, list[str]] = json.loads(self._file.read_text(encoding="utf-8"))
        return content

    def _write(self, explicit: dict[str, list[str]]) -> None:
        self._file.write_text(json.dumps(explicit, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _key(path: str) -> str:
    return str(PureWindowsPath(path)).lower().rstrip("\\")


def _inherited(entry: str, *, is_folder: bool) -> str | None:
    """Return the part of an entry that a file or folder inherits from the folder above; None if nothing."""
    who, _, rights = entry.partition(":")
    rights = rights.removeprefix("(I)")
    if not any(mark in rights for mark in PASSED_ON):
        return None
    if is_folder:
        return f"{who}:(I){rights}"
    return f"{who}:(I){rights.replace('(OI)', '').replace('(CI)', '')}" if "(OI)" in rights else None
