"""The whole lab on one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from lab.accounts import HostAccounts, Refusals
from lab.addresses import Ports, loopback_addresses
from lab.audit import Audit, AuditedCommands
from lab.certificates import pem
from lab.errors import LabError
from lab.failing import FailingStarter
from lab.failing_winrm import Disguises
from lab.fault_file import FILE, FaultFile, HostFaults
from lab.faults import Fault, MissingService, is_like
from lab.host import Host
from lab.inventory import Endpoint, InventoryWriter
from lab.layout import HostLayout
from lab.processor import command_processor
from lab.registry import JsonRegistry
from lab.running import START_ERRORS, ServiceRunner, clear
from lab.services import ServiceControl
from lab.site import Site
from lab.state import State, prepare
from lab.tls import server_context
from lab.winrm import Line, RemoteManagement

FOLLOW = 0.05  # seconds between two looks at the file of faults
CONNECT_LIMIT = 5.0  # seconds for an endpoint to answer before the lab says that it is ready


@dataclass(frozen=True)
class Options:
    """What the command line chooses. Latencies are in seconds."""

    site: Site
    state: Path
    inventory: Path
    winrm_scheme: str = "https"
    service_latency: float = 0.2
    keytool_latency: float = 0.0
    roundtrip_latency: float = 0.0


@dataclass
class Powered:
    """A host that has been switched on."""

    host: Host
    address: str
    ports: Mapping[str, int]
    winrm: RemoteManagement


class Lab:
    """Starts and stops everything."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._pool = ThreadPoolExecutor(max_workers=min(8, (os.cpu_count() or 1) + 2))
        self._hosts: list[Powered] = []
        self._audit: Audit | None = None
        self._faults = FaultFile(options.state / FILE, [host.fqdn for host in options.site.hosts])
        self._following: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Return when every endpoint answers and the inventory is written. Raises LabError."""
        options = self._options
        loop = asyncio.get_running_loop()
        state = await loop.run_in_executor(None, prepare, options.state, options.site, self._pool)
        try:
            self._audit = Audit(options.state / "audit.jsonl")
            await self._power_on(state)
            await asyncio.gather(*(_answers(host.address, port) for host in self._hosts for port in _open_ports(host)))
            self._write_inventory(state)
            self._faults.begin()
            self._following = asyncio.create_task(self._follow_faults())
        except OSError as error:
            raise LabError(f"the lab cannot start: {error}") from error

    async def close(self) -> None:
        """End every service and every server."""
        if self._following:
            self._following.cancel()
        await asyncio.gather(*(powered.winrm.close() for powered in self._hosts))
        await asyncio.gather(*(powered.host.services.power_off() for powered in self._hosts))
        self._pool.shutdown(wait=False, cancel_futures=True)
        if self._audit:
            self._audit.close()

    @property
    def hosts(self) -> Mapping[str, Powered]:
        """The hosts by name, once the lab has started."""
        return {powered.host.fqdn: powered for powered in self._hosts}

    def failures(self) -> list[str]:
        """A line for each service that did not start: a state may hold a host that somebody broke."""
        return [
            f"{powered.host.fqdn}: {service} did not start: {reason}"
            for powered in self._hosts
            for service, reason in powered.host.services.failures.items()
        ]

    async def _power_on(self, state: State) -> None:
        ports, refusals, disguises = Ports(), state.refusals(), Disguises(state.authority)
        for layout, address in zip(state.layouts, loopback_addresses(len(state.layouts)), strict=True):
            taken = ports.take(address, layout.role_data.port_keys)
            host = self._host(state, refusals, layout, address, taken)
            faults = HostFaults(self._faults, host.fqdn)
            tls = None
            if self._options.winrm_scheme == "https":
                tls = server_context(state.authority.issue(host.fqdn, [host.fqdn, address]))
                disguises.put_on(tls, faults, [host.fqdn, address])
            line = Line(tls, address, taken["winrm"], self._options.roundtrip_latency)
            winrm = RemoteManagement(host, line, self._the_audit, faults)
            self._hosts.append(Powered(host, address, taken, winrm))
            await winrm.follow()
        await asyncio.gather(*(powered.host.services.boot() for powered in self._hosts))

    def _host(
        self, state: State, refusals: Refusals, layout: HostLayout, address: str, ports: Mapping[str, int]
    ) -> Host:
        site_host, site = layout.site_host, self._options.site
        account = state.account(site, site.credential(site_host))
        accounts = HostAccounts(site_host.hostname, site_host.domain, [account], refusals)
        registry = JsonRegistry(layout.registry_file)
        runner = ServiceRunner(layout, registry, address, ports, self._pool)
        loop = asyncio.get_running_loop()
        faults = HostFaults(self._faults, site_host.fqdn)
        starter = FailingStarter(runner.start, faults)
        services = ServiceControl(starter, START_ERRORS, self._options.service_latency, loop)
        services.missing = lambda name: faults.find(MissingService, lambda one: is_like(name, one.service)) is not None
        _install_services(layout, services)
        host = Host(layout, registry, services, accounts, faults)
        commands = command_processor(host, self._options.keytool_latency, faults)
        host.commands = AuditedCommands(commands, host, self._the_audit)
        return host

    async def _follow_faults(self) -> None:
        """Close and open WinRM's ports as the file of faults says."""
        seen: Sequence[Fault] = ()
        while True:
            now = self._faults.current()
            if now is not seen:
                seen = now
                try:
                    await asyncio.gather(*(powered.winrm.follow() for powered in self._hosts))
                except OSError as error:
                    print(f"lab: a port of WinRM is gone: {error}", file=sys.stderr, flush=True)
            await asyncio.sleep(FOLLOW)

    @property
    def _the_audit(self) -> Audit:
        assert self._audit is not None  # opened before the first host
        return self._audit

    def _write_inventory(self, state: State) -> None:
        options = self._options
        ca = pem(state.authority.identity.chain[0])
        writer = InventoryWriter(options.inventory, options.site, options.winrm_scheme, ca, state.passwords)
        endpoints = [
            Endpoint(p.host.layout.site_host, p.address, p.ports, _truststore_password(p.host.layout))
            for p in self._hosts
        ]
        try:
            writer.write(endpoints)
        except OSError as error:
            raise LabError(f"{options.inventory}: cannot be written: {error.strerror}") from error


def _install_services(layout: HostLayout, services: ServiceControl) -> None:
    for folder in layout.running.glob("*"):
        clear(folder)  # of a lab that was killed
    for service in layout.role_data.services:
        services.add(service.name, service.display_name)
    for name, dependents in layout.site_host.dependents.items():
        for dependent in dependents:
            services.add(dependent, dependent, [name])


def _truststore_password(layout: HostLayout) -> str:
    if not layout.role_data.truststore_password:
        return ""
    return layout.factory_password(layout.role_data.stores["cacerts"])


def _open_ports(powered: Powered) -> list[int]:
    return [powered.ports[key] for key in ("winrm", *powered.host.services.listening())]


async def _answers(address: str, port: int) -> None:
    deadline = time.monotonic() + CONNECT_LIMIT
    while True:
        try:
            _, writer = await asyncio.wait_for(asyncio.open_connection(address, port), CONNECT_LIMIT)
        except (OSError, TimeoutError) as error:
            if time.monotonic() > deadline:
                raise LabError(f"{address}:{port} does not answer") from error
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return


async def serve(options: Options, stopped: asyncio.Event, ready: Callable[[], None]) -> None:
    """Run a lab until `stopped` is set. Raises LabError when it cannot be started."""
    raise_descriptor_limit()
    lab = Lab(options)
    try:
        starting = asyncio.ensure_future(lab.start())
        waiting = asyncio.ensure_future(stopped.wait())
        await asyncio.wait([starting, waiting], return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await starting
            return
        await starting
        for line in lab.failures():
            print(line, file=sys.stderr, flush=True)
        ready()
        await waiting
    finally:
        await lab.close()


def raise_descriptor_limit() -> None:
    """A listener takes a descriptor, and 50 hosts have 300; the soft limit is often 1024 or 256."""
    try:
        import resource  # noqa: PLC0415  # Windows has no such limit and no such module
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65536 if hard == resource.RLIM_INFINITY else min(hard, 65536)
    if soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
