"""The names of a lab as its hosts resolve them; no name server is ever asked."""

from __future__ import annotations

from collections.abc import Mapping

Place = tuple[str, int]  # address and port


class Network:
    """The addresses and ports of a lab's servers, by their full names."""

    def __init__(self) -> None:
        self._servers: dict[str, tuple[str, Mapping[str, int]]] = {}

    def add(self, fqdn: str, address: str, ports: Mapping[str, int]) -> None:
        """Add a server with a port for each key of the inventory's `ports`."""
        self._servers[fqdn.lower()] = address, ports

    def place(self, fqdn: str, port: int) -> Place | None:
        """Return the destination of a connection to a name and port; None when there is no such name."""
        server = self._servers.get(fqdn.lower())
        return (server[0], port) if server else None

    def listener(self, fqdn: str, key: str) -> Place | None:
        """Return the address and port of a server for a key of its ports; None when there is none."""
        address, ports = self._servers.get(fqdn.lower(), ("", {}))
        return (address, ports[key]) if key in ports else None
