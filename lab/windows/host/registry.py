"""The registry of a host: a JSON file that is read at every query, so that it can be edited while the lab runs."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lab.contract import RegistryValue
from lab.services.running import write_whole

# Key -> value name -> (type, data). A multi-string's data is a list.
Content = Mapping[str, Mapping[str, tuple[str, str | Sequence[str]]]]

ROOTS = {
    "HKEY_LOCAL_MACHINE": "HKLM",
    "HKEY_CURRENT_USER": "HKCU",
    "HKEY_USERS": "HKU",
    "HKEY_CLASSES_ROOT": "HKCR",
    "HKEY_CURRENT_CONFIG": "HKCC",
}
DENIED = "(denied)"  # the name of a value that represents an access control list: no program may read the key
REDIRECTED = ("hklm", "software")  # the place where the 32-bit view shows the content of Wow6432Node
NODE_32 = "Wow6432Node"


class JsonRegistry:
    """`contract.Registry` over a file `{key: {value name: {"type": ..., "data": text or list of texts}}}`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._writing = threading.Lock()
        self.denied: Callable[[str], bool] = lambda _key: False  # keys that nobody may read

    def refuses(self, key: str) -> bool:
        """True if a key may not be read."""
        return self.denied(key)

    def values(self, key: str, view: int) -> Sequence[RegistryValue] | None:
        """Return a key's values in the 32- or 64-bit view; None if there is no such key. Raises PermissionError."""
        found = self._values(key, view)
        if any(value.name == DENIED for value in found or ()):
            raise PermissionError(key)
        return found

    def _values(self, key: str, view: int) -> Sequence[RegistryValue] | None:
        wanted = _folded(_physical(key, view))
        found: dict[str, RegistryValue] | None = None
        for name, values in self._content().items():
            parts = _folded(_parts(name))
            if parts[: len(wanted)] == wanted:
                found = found if found is not None else {}
            if parts == wanted and found is not None:
                found.update({value: _value(value, stored) for value, stored in values.items()})
        return None if found is None else tuple(found.values())

    def subkeys(self, key: str, view: int) -> Sequence[str]:
        """Return the names right below a key, each once, as first written."""
        wanted = _folded(_physical(key, view))
        names: dict[str, str] = {}
        for name in self._content():
            parts = _parts(name)
            if len(parts) > len(wanted) and _folded(parts)[: len(wanted)] == wanted:
                names.setdefault(parts[len(wanted)].casefold(), parts[len(wanted)])
        return tuple(names.values())

    def value(self, key: str, name: str, view: int = 64) -> tuple[str, ...]:
        """Return one value's data, empty when it is not there, even where programs may not read it."""
        for value in self._values(key, view) or ():
            if value.name.casefold() == name.casefold():
                return value.data
        return ()

    def add(self, key: str, values: Mapping[str, tuple[str, str | Sequence[str]]]) -> None:
        """Write a key anew, with these values."""
        with self._writing:
            write(self._file, {**_as_written(self._content()), key: values})

    def remove(self, key: str) -> None:
        """Remove a key, if it is there."""
        with self._writing:
            write(self._file, {one: values for one, values in _as_written(self._content()).items() if one != key})

    def _content(self) -> dict[str, dict[str, Any]]:
        content: dict[str, dict[str, Any]] = json.loads(self._file.read_text(encoding="utf-8"))
        return content


def write(file: Path, content: Content) -> None:
    """Write a registry file."""
    shaped = {
        key: {name: {"type": kind, "data": data} for name, (kind, data) in values.items()}
        for key, values in content.items()
    }
    write_whole(file, (json.dumps(shaped, indent=2, ensure_ascii=False) + "\n").encode())


def _as_written(content: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, tuple[str, str | Sequence[str]]]]:
    return {
        key: {name: (stored["type"], stored["data"]) for name, stored in values.items()}
        for key, values in content.items()
    }


def _value(name: str, stored: Mapping[str, Any]) -> RegistryValue:
    data = stored["data"]
    return RegistryValue(name, stored["type"], tuple(data) if isinstance(data, list) else (str(data),))


def _parts(key: str) -> tuple[str, ...]:
    root, *rest = [part for part in key.split("\\") if part]
    return (ROOTS.get(root.upper(), root.upper()), *rest)


def _folded(parts: Sequence[str]) -> tuple[str, ...]:
    return tuple(part.casefold() for part in parts)


def _physical(key: str, view: int) -> tuple[str, ...]:
    parts = _parts(key)
    folded = _folded(parts)
    if view == 32 and folded[:2] == REDIRECTED and folded[2:3] != (NODE_32.casefold(),):
        return (*parts[:2], NODE_32, *parts[2:])
    return parts
