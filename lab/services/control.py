"""The service control manager of a host: states, process ids, dependencies.

The work of a service is in `running`.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

from lab.contract import ServiceError, ServiceStatus, State

ALREADY_RUNNING, NO_SUCH_SERVICE, CANNOT_ACCEPT, NOT_STARTED, DEPENDENTS_RUNNING = 1056, 1060, 1061, 1062, 1051
DENIED = 5
DISABLED = 1058
DIED = 1067  # the process terminated unexpectedly
DEPENDENCY_FAILED = 1068
START_HINT, STOP_HINT = 2000, 3000  # milliseconds, as services commonly report


class Running(Protocol):
    """A started service."""

    @property
    def ports(self) -> Sequence[str]:
        """The keys of `ports` on which it listens."""
        ...

    async def close(self) -> None:
        """End the service; nothing listens any more when this returns."""
        ...


Starter = Callable[[str], Awaitable[Running]]  # raises an exception of `start_errors` when the service cannot start


@dataclass
class _Entry:
    name: str
    display_name: str
    depends_on: tuple[str, ...]
    state: State = State.STOPPED
    pid: int = 0
    started: datetime | None = None
    exit_code: int = 1077
    wait_hint: int = 0
    running: Running | None = None
    settled: asyncio.Event = field(default_factory=asyncio.Event)  # neither starting nor stopping

    def status(self) -> ServiceStatus:
        return ServiceStatus(
            self.name, self.display_name, self.state, self.pid, self.started, self.exit_code, 0, self.wait_hint
        )


class ServiceControl:
    """`contract.Services`. May be called from any thread; services start and stop on the lab's loop."""

    def __init__(
        self,
        starter: Starter,
        start_errors: tuple[type[Exception], ...],
        latency: float,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._starter = starter
        self._start_errors = start_errors
        self._latency = latency
        self._loop = loop
        self._entries: dict[str, _Entry] = {}
        self._lock = threading.RLock()
        self._tasks: set[asyncio.Task[None]] = set()
        self.failures: dict[str, str] = {}  # service -> reason why its last start failed
        self.changes = 0  # starts and stops accepted since the lab started
        self.missing: Callable[[str], bool] = lambda _name: False  # services that are treated as not installed
        self.disabled: Callable[[str], bool] = lambda _name: False
        self.denied: Callable[[str], bool] = lambda _name: False  # services that refuse every request
        self.on_stop: Callable[[str], None] = lambda _name: None  # called with each service that begins to stop
        self.on_start: Callable[[str], None] = lambda _name: None  # called with each service that runs

    def add(self, name: str, display_name: str, depends_on: Sequence[str] = ()) -> None:
        """Install a service, or let an installed one depend on more."""
        entry = self._entries.setdefault(name.lower(), _Entry(name, display_name, ()))
        entry.depends_on = (*entry.depends_on, *depends_on)

    def status(self, name: str) -> ServiceStatus:
        """Return the status. Raises ServiceError(1060) when there is no such service."""
        with self._lock:
            entry = self._entry(name)
            return replace(entry.status(), disabled=self.disabled(entry.name))

    def all(self) -> Sequence[ServiceStatus]:
        """Return every service."""
        with self._lock:
            return [entry.status() for entry in self._installed()]

    def dependents(self, name: str) -> Sequence[ServiceStatus]:
        """Return the services that depend on this one, running or not."""
        with self._lock:
            wanted = self._entry(name).name.lower()
            return [e.status() for e in self._installed() if wanted in map(str.lower, e.depends_on)]

    def by_pid(self, pid: int) -> ServiceStatus | None:
        """Return the service that runs in this process; None if there is none."""
        with self._lock:
            return next((e.status() for e in self._installed() if pid and e.pid == pid), None)

    def listening(self) -> Sequence[str]:
        """Return the keys of `ports` on which some service listens now."""
        with self._lock:
            return [port for entry in self._entries.values() if entry.running for port in entry.running.ports]

    def start(self, name: str) -> ServiceStatus:
        """Return START_PENDING with a new process id; the rest happens on the loop.

        Stopped services that it depends on are started as well.
        """
        with self._lock:
            entry = self._entry(name)
            if entry.state is not State.STOPPED:
                raise ServiceError(ALREADY_RUNNING)
            if self.disabled(entry.name):
                raise ServiceError(DISABLED)
            self.changes += 1
            self._begin(entry)
            status = entry.status()
        self.schedule(self._bring_up(entry, self._latency))
        return status

    def stop(self, name: str) -> ServiceStatus:
        """Return STOP_PENDING; the listeners close at once, the process ends after the latency."""
        with self._lock:
            entry = self._entry(name)
            if entry.state is State.STOPPED:
                raise ServiceError(NOT_STARTED)
            if any(dependent.state is not State.STOPPED for dependent in self.dependents(name)):
                raise ServiceError(DEPENDENTS_RUNNING)
            if entry.state is not State.RUNNING:
                raise ServiceError(CANNOT_ACCEPT)
            self.changes += 1
            status = self._begin_to_stop(entry)
        self.schedule(self._take_down(entry))
        return status

    def stop_by_itself(self, name: str) -> None:
        """End the process of a running service, whatever depends on it, without a request to the control manager."""
        with self._lock:
            entry = self._entry(name)
            if entry.state is not State.RUNNING:
                return
            self._begin_to_stop(entry)
        self.schedule(self._take_down(entry))

    async def boot(self) -> None:
        """Start every service without latency, as a host does when it is switched on."""
        stopped = [entry for entry in self._entries.values() if entry.state is State.STOPPED]
        for entry in stopped:
            self._begin(entry)
        await asyncio.gather(*(self._bring_up(entry, 0.0) for entry in stopped))

    async def power_off(self) -> None:
        """End every service and all work in progress."""
        for task in list(self._tasks):
            task.cancel()
        for entry in self._entries.values():
            if entry.running:
                await entry.running.close()
            self._end(entry, 0)

    async def lose_power(self) -> None:
        """End every service, all work in progress, and the calls that the services carried."""
        for entry in self._entries.values():
            if entry.state is not State.STOPPED:
                self.on_stop(entry.name)
        await self.power_off()

    def _entry(self, name: str) -> _Entry:
        entry = self._entries.get(name.lower())
        if entry is None or self.missing(entry.name):
            raise ServiceError(NO_SUCH_SERVICE)
        if self.denied(entry.name):
            raise ServiceError(DENIED)
        return entry

    def _installed(self) -> Sequence[_Entry]:
        return [entry for entry in self._entries.values() if not self.missing(entry.name)]

    def _begin(self, entry: _Entry) -> None:
        taken = {other.pid for other in self._entries.values()}
        entry.pid = next(pid for pid in iter(_random_pid, 0) if pid not in taken)
        entry.started = datetime.now(UTC)
        entry.state, entry.exit_code, entry.wait_hint = State.START_PENDING, 0, START_HINT
        entry.settled.clear()

    def _begin_to_stop(self, entry: _Entry) -> ServiceStatus:
        entry.state, entry.wait_hint = State.STOP_PENDING, STOP_HINT
        entry.settled.clear()
        self.on_stop(entry.name)
        return entry.status()

    def _end(self, entry: _Entry, exit_code: int) -> None:
        with self._lock:
            entry.state, entry.pid, entry.started, entry.running = State.STOPPED, 0, None, None
            entry.exit_code, entry.wait_hint = exit_code, 0
            entry.settled.set()

    def schedule(self, work: Awaitable[None]) -> None:
        """Run work on the lab's loop until the host is switched off."""

        def begin() -> None:
            task = asyncio.ensure_future(work)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        self._loop.call_soon_threadsafe(begin)

    async def _bring_up(self, entry: _Entry, latency: float) -> None:
        for name in entry.depends_on:
            if not await self._antecedent_runs(name):
                self._end(entry, DEPENDENCY_FAILED)
                return
        await asyncio.sleep(latency)
        try:
            running = await self._starter(entry.name)
        except self._start_errors as error:
            self.failures[entry.name] = str(error)
            self._end(entry, DIED)
            return
        self.failures.pop(entry.name, None)
        with self._lock:
            entry.running, entry.state, entry.wait_hint = running, State.RUNNING, 0
            entry.settled.set()
            self.on_start(entry.name)

    async def _antecedent_runs(self, name: str) -> bool:
        try:
            antecedent = self._entry(name)
        except ServiceError:
            return False
        if antecedent.state is State.STOPPED:
            self.start(name)
        await antecedent.settled.wait()
        return antecedent.state is State.RUNNING

    async def _take_down(self, entry: _Entry) -> None:
        if entry.running:
            await entry.running.close()
        await asyncio.sleep(self._latency)
        self._end(entry, 0)


def _random_pid() -> int:
    return random.randrange(1000, 16000, 4)  # noqa: S311  # Windows gives multiples of four
