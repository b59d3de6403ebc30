"""One node of the lab, as its command line and its web pages see and change it.

Everything but `install` runs on the lab's event loop. All state that survives the lab is in plain files in the folder:

    own/PURPOSE.pem         key and certificate of an identity (tomcat, tomcat-ECDSA, ipsec)
    trust/tomcat-trust/     the trust list, a PEM file an entry
    ssh_host_key            the SSH server's
    refusals.json           wrong passwords
    system-history.log      boots and what the command line changed
    running/SERVICE/        what a running service presents (`presented.json`) and trusts (`trusted.pem`)
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from lab.certificates import Identity, load_identity
from lab.faults.file import HostFaults
from lab.faults.kinds import PowerCut
from lab.faults.starts import not_yet
from lab.keys import new_key
from lab.passwords import write_private
from lab.services.calls import Calls
from lab.services.control import Running
from lab.services.mains import power_again
from lab.tables.vos_roles import ENGINE, TOMCAT, TOMCAT_ECDSA, TRUST_UNIT, About, CertificateCommands, VosService
from lab.vos.accounts import Accounts
from lab.vos.certificates import elliptic_key, self_signed
from lab.vos.dump import ZONE
from lab.vos.install import HISTORY, add_own_to_trust, host_key_file, own_file, own_purposes
from lab.vos.pace import Pace, Quirks
from lab.vos.services import Line, Loaded, Opener, Service, Services, Starter, State, Told, forget_notes
from lab.vos.trust import TrustList, trust_lists

_A_MOMENT = 0.02  # seconds


@dataclass(frozen=True)
class Event:
    """A client's action, for the lab's audit log. `text`: a command line or a request to a page, without secrets."""

    channel: str  # `ssh` or `https`
    user: str
    text: str
    changed: bool = False
    kind: str = "command"  # or `refused` (a login)
    session: str = ""


class Device(Protocol):
    """A part that is switched on and off with the appliance, beside its services (the SSH server)."""

    async def power_on(self) -> None:
        """Begin to answer."""
        ...

    async def power_off(self) -> None:
        """Drop every connection and stop answering."""
        ...


def _nobody_listens(_event: Event) -> None:
    """Do nothing with an audit event."""


class Node:
    """A VOS appliance. Its folder must exist already (`lab.vos.install.install`)."""

    def __init__(
        self,
        folder: Path,
        about: About,
        line: Line,
        login: tuple[str, str],
        *,
        audit: Callable[[Event], None] = _nobody_listens,
        pace: Pace | None = None,
        quirks: Quirks | None = None,
        faults: HostFaults | None = None,
        calls: Calls | None = None,
    ) -> None:
        self.calls = calls
        self.folder = folder
        self.about = about
        self.line = line
        self.pace = pace or Pace()
        self.quirks = quirks or Quirks()
        self.audit = audit
        self.faults = faults
        self.accounts = Accounts(folder / "refusals.json", *login, faults)
        self.trusts = trust_lists(folder, about)
        self.starter = Starter(self._load, line, self.running)
        self.services = Services(about.role_data.services, self._start)
        self.services.latency = self.pace.restart
        self.cluster: Sequence[Node] = (self,)  # publisher first; set by the code that builds the site
        self.booted: datetime | None = None
        self._devices: list[Device] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def trust(self) -> TrustList:
        """Its tomcat-trust: what its services read."""
        return self.trusts[TRUST_UNIT]

    @property
    def fqdn(self) -> str:
        """The fully qualified name."""
        return self.about.fqdn

    @property
    def hostname(self) -> str:
        """The name without the domain."""
        return self.about.hostname

    @property
    def role(self) -> str:
        """Its role, as the inventory names it."""
        return self.about.role

    @property
    def release(self) -> str:
        """The site's release."""
        return self.about.release

    @property
    def node(self) -> str:
        """`publisher` or `subscriber`."""
        return self.about.node

    @property
    def running(self) -> Path:
        """Notes about running services, a folder each."""
        return self.folder / "running"

    @property
    def certificate_commands(self) -> CertificateCommands:
        """The certificate commands that its command line has."""
        return self.quirks.certificate_commands or self.about.role_data.certificate_commands

    @property
    def host_key_file(self) -> Path:
        """The SSH server's private key (PEM)."""
        return host_key_file(self.folder)

    def own_purposes(self) -> Sequence[str]:
        """Return the purposes of its identities, tomcat first."""
        return own_purposes(self.about)

    def own(self, purpose: str) -> Identity:
        """Return the identity on disk now. Raises LookupError, OSError.

        A running service presents the one that was there when it started.
        """
        if purpose not in self.own_purposes():
            raise LookupError(purpose)
        return load_identity(own_file(self.folder, purpose).read_bytes())

    def put_own(self, purpose: str, identity: Identity) -> None:
        """Replace an identity, which services present from their next start; add its certificate to tomcat-trust."""
        write_private(own_file(self.folder, purpose), identity.pem().decode("ascii"))
        add_own_to_trust(self.trust, purpose, identity)

    async def regenerate(self, purpose: str) -> Identity:
        """Replace an identity by a new self-signed certificate with a new key; return it."""
        key = await asyncio.to_thread(new_key) if purpose == TOMCAT else elliptic_key()
        identity = self_signed(self.about.fqdn, self.about.role_data.validity_days, key, since=datetime.now(UTC))
        self.put_own(purpose, identity)
        return identity

    def serve_pages(self, opened: Opener) -> None:
        """Let `opened` open the port `tomcat` from Cisco Tomcat's next start on (see `lab.vos.pages.server`)."""
        self.starter.open_web = opened

    def attach(self, device: Device) -> None:
        """Power a device on and off with the appliance."""
        self._devices.append(device)

    def detach(self, device: Device) -> None:
        """Stop powering a device with the appliance."""
        self._devices.remove(device)

    async def power_on(self) -> None:
        """Boot: every service loads what it presents and trusts."""
        forget_notes(self.running)
        await self.services.boot()
        if self.calls:
            self.calls.welcome()
        self.booted = datetime.now(UTC)
        self.remember("Boot")

    async def power_off(self) -> None:
        """End all services and all work in progress, but not the SSH server, which its owner closes."""
        for task in list(self._tasks):
            task.cancel()
        await self.services.power_off()
        self.booted = None

    def lose_power(self, cut: PowerCut) -> None:
        """End everything; stay off until the power cut is no longer in the file of faults; then boot."""
        self.booted = None
        self._go_on(self._wait_for_power(cut))

    def restart_service(self, service: Service, told: Told = lambda _state: None) -> asyncio.Task[None]:
        """Restart a service, even if the client that asked for it disconnects."""
        if self.calls and service.name == ENGINE.name:
            self.calls.drop(away=False)
        return self._go_on(self.services.restart(service, told))

    def system_restart(self) -> asyncio.Task[None]:
        """Switch everything off, stay off for `pace.reboot` seconds, then boot."""
        return self._go_on(self._reboot())

    def graceful_restart(self, told: Callable[[], None]) -> asyncio.Task[None]:
        """Take no new calls; when those in progress have ended, call `told`, then restart the appliance.

        The client need not stay connected.
        """
        return self._go_on(self._restart_when_over(told))

    def clock(self) -> datetime:
        """Return the current time in the node's own time zone."""
        return datetime.now(ZONE)

    def remember(self, what: str) -> None:
        """Append a line to the system's history."""
        with (self.folder / HISTORY).open("a", encoding="utf-8") as file:
            file.write(f"{datetime.now(UTC):%m/%d/%Y %H:%M:%S} | root: {what}\n")

    async def _restart_when_over(self, told: Callable[[], None]) -> None:
        if self.calls:
            self.calls.refuse_new()
            await self.calls.over()
        told()
        await asyncio.sleep(_A_MOMENT)  # gives the client time to see it
        await self._reboot()

    async def _reboot(self) -> None:
        await self._go_dark()
        await self._come_back(self.pace.reboot)

    async def _go_dark(self) -> None:
        self.booted = None  # so that nothing opens again while it is switched off
        if self.calls:
            self.calls.drop()
        for task in self._tasks - {asyncio.current_task()}:
            task.cancel()
        for device in self._devices:
            await device.power_off()
        await self.services.power_off()

    async def _wait_for_power(self, cut: PowerCut) -> None:
        await self._go_dark()
        if self.faults:
            await power_again(self.faults, cut)
        await self._come_back(cut.boot)

    async def _come_back(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        for device in self._devices:
            await device.power_on()  # before the services
        await self.power_on()

    def _go_on(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _start(self, service: VosService) -> Running:
        if self.faults:
            await not_yet(service.name, self.faults)
        return await self.starter(service)

    def _load(self, service: VosService) -> Loaded:
        leaves = [self.own(TOMCAT)] if service.presents else []
        if leaves and self.quirks.ecdsa_leaf and self.about.role_data.ecdsa:
            leaves.append(self.own(TOMCAT_ECDSA))
        trusted = [entry.der for entry in self.trust.list()] if service.trusts else []
        return Loaded(tuple(leaves), tuple(trusted), self.quirks.tls)


__all__ = ["About", "Device", "Event", "Line", "Node", "Pace", "Quirks", "State"]
