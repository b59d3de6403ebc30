"""The addresses of hosts: each has a loopback address of its own, so that labs side by side do not interfere."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterable

from lab.errors import LabError

THE_ONLY_ONE = "127.0.0.1"  # the only one on macOS unless an administrator adds more
# Below the range for outgoing connections, so that none of those takes a port while a service is down.
PORTS = range(20000, 32000)
TRIES = 200


def loopback_addresses(count: int) -> list[str]:
    """Return `count` different addresses, or one address `count` times where the system has no more."""
    addresses: set[str] = set()
    while len(addresses) < count:
        address = f"127.{random.randint(16, 250)}.{random.randint(0, 255)}.{random.randint(1, 254)}"  # noqa: S311
        if not _bindable(address, 0):
            return [THE_ONLY_ONE] * count
        addresses.add(address)
    return sorted(addresses)


class Ports:
    """A source of ports that are free now; no port is returned twice."""

    def __init__(self) -> None:
        self._taken: set[tuple[str, int]] = set()

    def take(self, address: str, keys: Iterable[str]) -> dict[str, int]:
        """Return a port for each key. Raises LabError when none can be found."""
        return {key: self._one(address) for key in keys}

    def _one(self, address: str) -> int:
        for port in random.sample(PORTS, TRIES):
            if (address, port) not in self._taken and _bindable(address, port):
                self._taken.add((address, port))
                return port
        raise LabError(f"{address}: no free port between {PORTS.start} and {PORTS.stop}")


def _bindable(address: str, port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True
