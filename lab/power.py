"""Hosts that can be switched on: Windows hosts with their WinRM server, VOS nodes with their command line and pages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from lab import spog
from lab.accounts import HostAccounts, Refusals
from lab.audit import Audit, AuditedCommands
from lab.faults.file import FaultFile, HostFaults
from lab.faults.kinds import DeniedKey, DeniedService, DisabledService, MissingService, is_like
from lab.network import Network
from lab.services.calls import Calls
from lab.services.control import ServiceControl
from lab.services.mains import Mains
from lab.services.running import clear
from lab.set_up.state import State
from lab.site.inventory import Endpoint
from lab.tables.roles import TOMCAT as TOMCAT9
from lab.tables.site_host import SiteHost
from lab.tables.vos_roles import TOMCAT, CertificateCommands
from lab.tls import Respond, server_context
from lab.vos.cli.server import CliServer
from lab.vos.node import Event, Node, Pace, Quirks
from lab.vos.node import Line as NodeLine
from lab.vos.node import State as NodeState
from lab.vos.pages.server import serve_pages
from lab.windows.failing import FailingStarter
from lab.windows.host import machine_store
from lab.windows.host.draining import ICM_SERVICES, Draining
from lab.windows.host.host import Host
from lab.windows.host.layout import HostLayout
from lab.windows.host.processor import command_processor
from lab.windows.host.registry import JsonRegistry
from lab.windows.host.running import START_ERRORS, ServiceRunner
from lab.windows.winrm import Disguises
from lab.winrm import Line, RemoteManagement


@dataclass(frozen=True)
class Latencies:
    """Durations in seconds: the start or stop of a service, of keytool, of a WinRM message."""

    service: float = 0.2
    keytool: float = 0.0
    roundtrip: float = 0.0


class Powered(Protocol):
    """Something that has been switched on."""

    @property
    def listening(self) -> Sequence[tuple[str, int]]:
        """The addresses and ports where it answers now."""
        ...

    @property
    def failures(self) -> Sequence[str]:
        """One line for each of its services that did not start."""
        ...

    async def follow(self) -> None:
        """Apply what the file of faults says now. Raises OSError."""
        ...

    async def close(self) -> None:
        """Switch it off."""
        ...


@dataclass
class PoweredHost:
    """A Windows host. Without `winrm` nobody can log in."""

    host: Host
    address: str
    ports: Mapping[str, int]
    mains: Mains
    winrm: RemoteManagement | None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _outage: asyncio.Task[None] | None = None

    @property
    def listening(self) -> Sequence[tuple[str, int]]:
        """The addresses and ports where the host answers now."""
        keys = [*(["winrm"] if self.winrm else []), *self.host.services.listening()]
        return [(self.address, self.ports[key]) for key in keys]

    @property
    def failures(self) -> Sequence[str]:
        """One line for each service that did not start, as on a host whose files someone has damaged."""
        failed = self.host.services.failures.items()
        return [f"{self.host.fqdn}: {service} did not start: {reason}" for service, reason in failed]

    @property
    def endpoint(self) -> Endpoint:
        """The host's entry for the inventory."""
        layout = self.host.layout
        password = layout.factory_password(layout.stores["cacerts"]) if layout.role_data.truststore_password else ""
        pin = "" if layout.site_host.managed else _only_leaf(layout)
        return Endpoint(layout.site_host, self.address, self.ports, truststore_password=password, sha256=pin)

    async def follow(self) -> None:
        """Open or close WinRM's port as the faults require."""
        async with self._turn:
            if self.winrm:
                await self.winrm.follow()

    def lose_power(self) -> None:
        """End everything; the host boots when there is power again."""
        self._outage = asyncio.ensure_future(self._wait_for_power())

    async def _wait_for_power(self) -> None:
        async with self._turn:
            if self.winrm:
                await self.winrm.lose_power()
            await self.host.services.lose_power()
        boot = await self.mains.returns()
        await self.follow()
        await asyncio.sleep(boot)
        await self.host.services.boot()

    async def close(self) -> None:
        """End the server and every service."""
        if self._outage:
            self._outage.cancel()
        if self.winrm:
            await self.winrm.close()
        await self.host.services.power_off()


@dataclass
class PoweredNode:
    """A VOS appliance. Without `shell` nobody can log in."""

    node: Node
    site_host: SiteHost
    shell: CliServer | None

    @property
    def address(self) -> str:
        """The node's own address."""
        return self.node.line.address

    @property
    def ports(self) -> Mapping[str, int]:
        """A port for each key of the inventory's `ports`."""
        return self.node.line.ports

    @property
    def listening(self) -> Sequence[tuple[str, int]]:
        """The addresses and ports where the node answers now."""
        keys = [*(["ssh"] if self.shell else []), *self.node.services.listening()]
        return [(self.address, self.ports[key]) for key in keys]

    @property
    def failures(self) -> Sequence[str]:
        """One line for each service that did not start."""
        stopped = [one for one in self.node.services.list() if one.kind.activated and one.state is NodeState.STOPPED]
        return [f"{self.node.fqdn}: {service.name} did not start: {service.reason}" for service in stopped]

    @property
    def endpoint(self) -> Endpoint:
        """The node's entry for the inventory, with a pin where the node cannot be asked for its certificate."""
        mute = not self.shell or self.node.certificate_commands is CertificateCommands.NONE
        pin = self.node.own(TOMCAT).sha256 if mute else ""
        key_file = self.node.host_key_file if self.shell else None
        return Endpoint(self.site_host, self.address, self.ports, sha256=pin, host_key_file=key_file)

    async def follow(self) -> None:
        """Open or close the SSH server's port as the faults require. Raises OSError."""
        if self.shell:
            await self.shell.follow()

    async def close(self) -> None:
        """End the command line and every service."""
        if self.shell:
            await self.shell.close()
        await self.node.power_off()


@dataclass(frozen=True)
class Power:
    """Everything that hosts need to be switched on."""

    state: State
    audit: Audit
    faults: FaultFile
    pool: Executor
    latencies: Latencies
    winrm_scheme: str
    refusals: Refusals
    disguises: Disguises
    network: Network

    async def host(self, site_host: SiteHost, address: str, ports: Mapping[str, int]) -> PoweredHost:
        """Return a Windows host whose services have started. Raises OSError."""
        faults = HostFaults(self.faults, site_host.fqdn)
        mains = Mains(faults)
        host = self._host(site_host, address, ports, faults, mains)
        winrm = self._winrm(host, address, ports["winrm"], faults, mains) if site_host.managed else None
        powered = PoweredHost(host, address, ports, mains, winrm)
        mains.went = partial(asyncio.get_running_loop().call_soon_threadsafe, powered.lose_power)
        await powered.follow()
        await host.services.boot()
        return powered

    async def node(self, site_host: SiteHost, address: str, ports: Mapping[str, int]) -> PoweredNode:
        """Return a VOS node that has booted. Raises OSError."""
        login = self.state.login(self.state.site.credential(site_host)) if site_host.managed else ("", "")
        faults = HostFaults(self.faults, site_host.fqdn)
        pace = Pace(restart=self.latencies.service, reboot=2 * self.latencies.service)
        node = Node(
            self.state.folder_of(site_host),
            site_host.about,
            NodeLine(address, ports),
            login,
            audit=self._writer(site_host.fqdn),
            pace=pace,
            quirks=Quirks(ecdsa_leaf=site_host.ecdsa_leaf, tls=site_host.tls),
            faults=faults,
            calls=Calls(self.state.folder_of(site_host), site_host.calls) if site_host.calls else None,
        )
        shell = CliServer(node, address, ports["ssh"]) if site_host.managed else None
        if shell:
            serve_pages(node)
            await shell.start()
        await node.power_on()
        return PoweredNode(node, site_host, shell)

    def _host(
        self, site_host: SiteHost, address: str, ports: Mapping[str, int], faults: HostFaults, mains: Mains
    ) -> Host:
        layout = self.state.layout(site_host)
        accounts = [self.state.account(self.state.site.credential(site_host))] if site_host.managed else []
        registry = JsonRegistry(layout.registry_file)
        runner = ServiceRunner(layout, registry, address, ports, self.pool, self._answers(site_host, layout))
        starter = FailingStarter(runner.start, faults)
        services = ServiceControl(starter, START_ERRORS, self.latencies.service, asyncio.get_running_loop())
        services.missing = lambda name: faults.find(MissingService, lambda one: is_like(name, one.service)) is not None
        services.disabled = lambda name: (
            faults.find(DisabledService, lambda one: is_like(name, one.service)) is not None
        )
        services.denied = lambda name: faults.find(DeniedService, lambda one: is_like(name, one.service)) is not None
        registry.denied = lambda key: faults.find(DeniedKey, lambda one: is_like(key, one.key)) is not None
        _install_services(layout, services)
        known = HostAccounts(site_host.hostname, site_host.domain, accounts, self.refusals)
        host = Host(layout, registry, services, known, faults, self.network)
        drained = Draining(services, Calls(layout.folder, told), site_host.role) if (told := site_host.calls) else None
        commands = command_processor(host, self.latencies.keytool, faults, mains, drained)
        host.commands = AuditedCommands(commands, host, self.audit)
        return host

    def _answers(self, site_host: SiteHost, layout: HostLayout) -> Mapping[str, Respond]:
        """Return who answers requests on a host's ports: SPOG on the principal AW, where the site file asks for it."""
        asked = self.state.site.passed_on.get(spog.KEY)
        if not asked or not site_host.entry.get("principal"):
            return {}
        loaded = layout.running / TOMCAT9.name / "trusted.pem"
        return {"iis": spog.StatusApi(self.state.site, self.state.login(asked["credential"]), self.network, loaded)}

    def _winrm(self, host: Host, address: str, port: int, faults: HostFaults, mains: Mains) -> RemoteManagement:
        tls = None
        if self.winrm_scheme == "https":
            names = [host.fqdn, address]
            tls = server_context(self.state.authority.issue(host.fqdn, names))
            self.disguises.put_on(tls, faults, names)
        return RemoteManagement(host, Line(tls, address, port, self.latencies.roundtrip), self.audit, faults, mains)

    def _writer(self, fqdn: str) -> Callable[[Event], None]:
        def write(event: Event) -> None:
            more = {"text": event.text, "changed": event.changed, "shell": event.session}
            self.audit.write(event.kind, fqdn, event.channel, event.user, **more)

        return write


def _install_services(layout: HostLayout, services: ServiceControl) -> None:
    for folder in layout.running.glob("*"):
        clear(folder)  # left by a lab that was killed
    for service in layout.role_data.services:
        services.add(service.name, service.display_name)
    for name in ICM_SERVICES.get(layout.site_host.role, ()) if layout.site_host.calls else ():
        services.add(name, name)
    for name, dependents in layout.site_host.dependents.items():
        for dependent in dependents:
            services.add(dependent, dependent, [name])


def _only_leaf(layout: HostLayout) -> str:
    """Return the fingerprint of the one certificate that a host without logins presents; empty if none."""
    (ip_port,) = {place for service in layout.role_data.services for place in service.presents.values()}
    identity = machine_store.bound(layout, ip_port)
    return identity.sha256 if identity else ""
