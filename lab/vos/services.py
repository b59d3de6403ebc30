"""The services of a node: their states, what each loaded when it started, and where it presents that."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from lab.certificates import Identity, pem
from lab.services.control import Running
from lab.services.running import RunningService, clear, write_whole
from lab.tables.vos_roles import VosService
from lab.tls import Listener, TlsListener

START_ERRORS: tuple[type[Exception], ...] = (OSError, ValueError)


class State(StrEnum):
    """The state of a service, as the command line prints it in brackets."""

    STARTED = "STARTED"
    STARTING = "STARTING"
    STOPPED = "STOPPED"
    STOPPING = "STOPPING"


@dataclass(frozen=True)
class Loaded:
    """The data that a service loaded at its start: the leaves to present (RSA first), the trusted certificates (DER).

    `tls`: the versions of TLS on its ports.
    """

    leaves: tuple[Identity, ...] = ()
    trusted: tuple[bytes, ...] = ()
    tls: str = ""


class Opener(Protocol):
    """A function that opens a port. Raises OSError when the port is taken or a certificate cannot be used."""

    async def __call__(self, address: str, port: int, *leaves: Identity, tls: str = "") -> Listener:
        """Start to listen and return the listener."""
        ...


Loader = Callable[[VosService], Loaded]  # raises OSError or ValueError when a service cannot start
Told = Callable[[State], None]


@dataclass
class Service:
    """One service. `started`: the time of its last start; `reason`: the text after `[STOPPED]`."""

    kind: VosService
    state: State = State.STOPPED
    reason: str = ""
    started: datetime | None = None
    running: Running | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def name(self) -> str:
        """The name in `utils service list`."""
        return self.kind.name

    @property
    def ports(self) -> Sequence[str]:
        """The keys of the inventory's `ports` on which it presents a certificate now."""
        return self.running.ports if self.running else ()


@dataclass(frozen=True)
class Line:
    """The address of a node and its port for each key."""

    address: str
    ports: Mapping[str, int]


class Starter:
    """A starter of services: loads data, opens ports, writes `running/NAME/presented.json` and `trusted.pem`."""

    def __init__(self, load: Loader, line: Line, notes: Path) -> None:
        self._load = load
        self._line = line
        self._notes = notes
        self.open_web: Opener = TlsListener.open  # opens the port `tomcat`; `lab.vos.pages.server` replaces it

    async def __call__(self, kind: VosService) -> Running:
        """Return the running service. Raises OSError or ValueError when it cannot start."""
        folder, loaded = self._notes / kind.name, self._load(kind)
        listeners: dict[str, Listener] = {}
        try:
            for port in kind.presents if loaded.leaves else ():
                listeners[port] = await self._listen(port, loaded)
        except (OSError, ssl.SSLError):
            await RunningService(folder, listeners).close()
            raise
        if not (kind.presents or kind.trusts):
            return RunningService(folder, listeners)
        presented = dict.fromkeys(listeners, loaded.leaves[0].sha256 if loaded.leaves else "")
        write_whole(folder / "trusted.pem", b"".join(map(pem, loaded.trusted)))
        write_whole(folder / "presented.json", json.dumps(presented, indent=2).encode() + b"\n")
        return RunningService(folder, listeners)

    async def _listen(self, port: str, loaded: Loaded) -> Listener:
        opened = self.open_web if port == "tomcat" else TlsListener.open
        return await opened(self._line.address, self._line.ports[port], *loaded.leaves, tls=loaded.tls)


class Services:
    """All services of a node. Everything happens on the lab's event loop."""

    def __init__(self, kinds: Sequence[VosService], starter: Callable[[VosService], Awaitable[Running]]) -> None:
        self._services = {kind.name: Service(kind) for kind in kinds}
        self.starter = starter
        self.latency = 0.0  # seconds that a restart takes, half of them for the stop

    def list(self) -> Sequence[Service]:
        """Return the services that `utils service list` shows."""
        return [service for service in self._services.values() if not service.kind.at_boot]

    def find(self, name: str) -> Service | None:
        """Return the service of exactly this name; None if there is none."""
        return next((service for service in self.list() if service.name == name), None)

    def listening(self) -> Sequence[str]:
        """Return the keys of `ports` on which some service presents a certificate now."""
        return [port for service in self._services.values() for port in service.ports]

    async def restart(self, service: Service, told: Told = lambda _state: None) -> None:
        """Stop and start the service; call `told` with each new state."""
        async with service.turn:
            _come_to(service, State.STOPPING, told)
            await self._end(service)
            await asyncio.sleep(self.latency / 2)
            await self._begin(service, self.latency / 2, told)

    async def start(self, service: Service, told: Told = lambda _state: None) -> None:
        """Start the service if it is not running."""
        async with service.turn:
            if service.state is not State.STARTED:
                await self._begin(service, self.latency / 2, told)

    async def stop(self, service: Service, told: Told = lambda _state: None) -> None:
        """Stop the service until it is started again or the appliance boots."""
        async with service.turn:
            _come_to(service, State.STOPPING, told)
            await self._end(service)
            await asyncio.sleep(self.latency / 2)
            service.reason = "Commanded Out of Service"
            _come_to(service, State.STOPPED, told)

    async def boot(self) -> None:
        """Start all activated services, without latency, as the appliance's own boot takes time already."""
        for service in self._services.values():
            if service.kind.activated:
                await self._begin(service, 0.0, lambda _state: None)
            else:
                service.reason = "Service Not Activated"

    async def power_off(self) -> None:
        """End everything at once."""
        for service in self._services.values():
            await self._end(service)
            service.state, service.started = State.STOPPED, None

    async def _begin(self, service: Service, latency: float, told: Told) -> None:
        _come_to(service, State.STARTING, told)
        await asyncio.sleep(latency)
        try:
            service.running = await self.starter(service.kind)
        except START_ERRORS:
            service.reason = "Component is not running"
            _come_to(service, State.STOPPED, told)
            return
        service.started, service.reason = datetime.now(UTC), ""
        _come_to(service, State.STARTED, told)

    async def _end(self, service: Service) -> None:
        if service.running:
            running, service.running = service.running, None
            await running.close()
        service.started = None


def _come_to(service: Service, state: State, told: Told) -> None:
    service.state = state
    told(state)


def forget_notes(folder: Path) -> None:
    """Remove the notes of services that a killed lab has left."""
    for notes in folder.glob("*"):
        clear(notes)
