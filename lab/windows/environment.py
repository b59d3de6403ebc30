"""Environment variables as Windows keeps them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping


class Environment(MutableMapping[str, str]):
    """Variables whose names are case-insensitive but shown as they were first written."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._kept: dict[str, tuple[str, str]] = {}
        for name, value in (values or {}).items():
            self[name] = value

    def __getitem__(self, name: str) -> str:
        return self._kept[name.upper()][1]

    def __setitem__(self, name: str, value: str) -> None:
        shown, _ = self._kept.get(name.upper(), (name, ""))
        self._kept[name.upper()] = (shown, value)

    def __delitem__(self, name: str) -> None:
        del self._kept[name.upper()]

    def __iter__(self) -> Iterator[str]:
        return (shown for shown, _ in self._kept.values())

    def __len__(self) -> int:
        return len(self._kept)
