"""The whole lab on one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.audit import Audit
from lab.certificates import pem
from lab.errors import LabError
from lab.faults.file import FILE, FaultFile
from lab.faults.kinds import Fault
from lab.network import Network
from lab.power import Latencies, Power, Powered, PoweredHost, PoweredNode
from lab.set_up.state import State, prepare
from lab.set_up.web_services import PORT, PoweredWebService
from lab.site.addresses import Ports, loopback_addresses
from lab.site.inventory import InventoryWriter
from lab.site.site import Site
from lab.tables.site_host import SiteHost
from lab.vos.node import Node
from lab.windows.winrm import Disguises

FOLLOW = 0.05  # seconds between two checks of the file of faults
CONNECT_LIMIT = 5.0  # seconds to wait for an endpoint to answer before the lab reports that it is ready


@dataclass(frozen=True)
class Options:
    """The choices of the command line. Latencies are in seconds."""

    site: Site
    state: Path
    inventory: Path
    winrm_scheme: str = "https"
    service_latency: float = 0.2
    keytool_latency: float = 0.0
    roundtrip_latency: float = 0.0


class Lab:
    """A whole lab, which can be started and stopped."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._pool = ThreadPoolExecutor(max_workers=min(8, (os.cpu_count() or 1) + 2))
        self._hosts: dict[str, PoweredHost] = {}
        self._nodes: dict[str, PoweredNode] = {}
        self._web_services: dict[str, PoweredWebService] = {}
        self._audit: Audit | None = None
        self._faults = FaultFile(options.state / FILE, [host.fqdn for host in options.site.hosts])
        self._following: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the lab; return when every endpoint answers and the inventory is written. Raises LabError."""
        options = self._options
        loop = asyncio.get_running_loop()
        state = await loop.run_in_executor(None, prepare, options.state, options.site, self._pool)
        try:
            self._audit = Audit(options.state / "audit.jsonl")
            await self._power_on(state, self._audit)
            await asyncio.gather(*(_answers(*place) for powered in self._powered for place in powered.listening))
            self._write_inventory(state)
            self._faults.begin()
            self._following = asyncio.create_task(self._follow_faults())
        except OSError as error:
            raise LabError(f"the lab cannot start: {error}") from error

    async def close(self) -> None:
        """End every service and every server."""
        if self._following:
            self._following.cancel()
        await asyncio.gather(*(powered.close() for powered in self._powered))
        self._pool.shutdown(wait=False, cancel_futures=True)
        if self._audit:
            self._audit.close()

    @property
    def hosts(self) -> Mapping[str, PoweredHost]:
        """The Windows hosts by name, after the lab has started."""
        return self._hosts

    @property
    def nodes(self) -> Mapping[str, PoweredNode]:
        """The VOS nodes by name, after the lab has started."""
        return self._nodes

    @property
    def web_services(self) -> Mapping[str, PoweredWebService]:
        """The web services by name, after the lab has started."""
        return self._web_services

    def failures(self) -> list[str]:
        """One line for each service that did not start, as on a host whose files someone has damaged."""
        return [line for powered in self._powered for line in powered.failures]

    @property
    def _powered(self) -> Sequence[Powered]:
        return [*self._hosts.values(), *self._nodes.values(), *self._web_services.values()]

    async def _power_on(self, state: State, audit: Audit) -> None:
        options, ports, network = self._options, Ports(), Network()
        latencies = Latencies(options.service_latency, options.keytool_latency, options.roundtrip_latency)
        power = Power(
            state,
            audit,
            self._faults,
            self._pool,
            latencies,
            options.winrm_scheme,
            state.refusals(),
            Disguises(state.authority),
            network,
        )
        addresses = iter(loopback_addresses(len(state.site.hosts) + len(state.web_services)))
        work: list[Coroutine[Any, Any, None]] = []
        for site_host in state.site.hosts:
            address = next(addresses)
            taken = ports.take(address, site_host.port_keys)
            network.add(site_host.fqdn, address, taken)
            start = self._power_node if site_host.is_node else self._power_host
            work.append(start(power, site_host, address, taken))
        for service in state.web_services:
            address = next(addresses)
            taken = ports.take(address, [PORT])
            network.add(service.fqdn, address, taken)
            work.append(self._power_web_service(PoweredWebService(service, address, taken)))
        await asyncio.gather(*work)
        _form_clusters(state.site, self._nodes)

    async def _power_host(self, power: Power, host: SiteHost, address: str, ports: Mapping[str, int]) -> None:
        self._hosts[host.fqdn] = await power.host(host, address, ports)

    async def _power_node(self, power: Power, host: SiteHost, address: str, ports: Mapping[str, int]) -> None:
        self._nodes[host.fqdn] = await power.node(host, address, ports)

    async def _power_web_service(self, service: PoweredWebService) -> None:
        await service.power_on()
        self._web_services[service.fqdn] = service

    async def _follow_faults(self) -> None:
        """Close and open ports as the file of faults requires."""
        seen: Sequence[Fault] = ()
        while True:
            now = self._faults.current()
            if now is not seen:
                seen = now
                try:
                    await asyncio.gather(*(powered.follow() for powered in self._powered))
                except OSError as error:
                    print(f"lab: a port is gone: {error}", file=sys.stderr, flush=True)
            await asyncio.sleep(FOLLOW)

    def _write_inventory(self, state: State) -> None:
        options = self._options
        ca = pem(state.authority.identity.chain[0])
        writer = InventoryWriter(options.inventory, options.site, options.winrm_scheme, ca, state.passwords)
        powered: dict[str, PoweredHost | PoweredNode] = {**self._hosts, **self._nodes}
        endpoints = [powered[host.fqdn].endpoint for host in options.site.hosts]
        try:
            writer.write(endpoints, [service.endpoint for service in self._web_services.values()])
        except OSError as error:
            raise LabError(f"{options.inventory}: cannot be written: {error.strerror}") from error


def _form_clusters(site: Site, nodes: Mapping[str, PoweredNode]) -> None:
    """Join each subscriber to the nearest publisher of its role above it in the site file."""
    clusters: list[list[Node]] = []
    for host in site.nodes:
        own = nodes[host.fqdn].node
        above = next((cluster for cluster in reversed(clusters) if cluster[0].role == own.role), None)
        if own.node == "subscriber" and above:
            above.append(own)
        else:
            clusters.append([own])
    for cluster in clusters:
        for node in cluster:
            node.cluster = tuple(cluster)


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
    """Raise the soft limit of file descriptors.

    A listener takes a descriptor, and 50 hosts have 300; the soft limit is often 1024 or 256.
    """
    try:
        import resource  # noqa: PLC0415  # Windows has no such limit and no such module
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65536 if hard == resource.RLIM_INFINITY else min(hard, 65536)
    if soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
