"""Nodes with a command line, on the test's own event loop, and clients that type at it."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import asyncssh
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from lab.keys import new_key
from lab.site.addresses import Ports
from lab.tables.vos_roles import ROLES, CertificateCommands
from lab.vos.cli.server import CliServer
from lab.vos.install import install
from lab.vos.node import About, Event, Line, Node, Pace, Quirks

ADDRESS, USER, PASSWORD = "127.0.0.1", "administrator", "C1sco!(%^&"
FQDN, HOSTNAME = "node1.lab.example", "node1"
PROMPT = "admin:"
LIMIT = 5.0  # seconds for a node to say what a test waits for
Result = TypeVar("Result")
the_key = cache(new_key)  # making one costs 50 ms and more, and few tests look at it


@dataclass
class Running:
    """A node that is on, and its audit log."""

    node: Node
    server: CliServer
    events: list[Event] = field(default_factory=list)

    @property
    def ssh_port(self) -> int:
        return self.node.line.ports["ssh"]

    @property
    def host_key(self) -> str:
        """Its type and the key in base64."""
        return asyncssh.read_private_key(self.node.host_key_file).export_public_key().decode("ascii")

    @property
    def texts(self) -> list[str]:
        return [event.text for event in self.events]

    async def leaf(self, port: str = "tomcat", ciphers: str = "ALL:@SECLEVEL=0") -> x509.Certificate:
        """What a client is presented over TLS 1.2."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(ciphers)
        _, writer = await asyncio.open_connection(ADDRESS, self.node.line.ports[port], ssl=context)
        try:
            der = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
            return x509.load_der_x509_certificate(der)
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def restart(self, name: str) -> None:
        service = self.node.services.find(name)
        assert service is not None, name
        await self.node.restart_service(service)

    def connected(self, **options: Any) -> Any:
        """An SSH connection, as `asyncssh.connect` gives it."""
        options = {"username": USER, "password": PASSWORD, "known_hosts": None, **options}
        options = {"config": None, "agent_path": None, "client_keys": None, **options}
        return asyncssh.connect(ADDRESS, self.ssh_port, **options)

    @asynccontextmanager
    async def screen(self, rows: int = 24, *, greeted: bool = True) -> AsyncIterator[Screen]:
        """Somebody at the command line, logged in."""
        async with self.connected() as connection:
            process = await connection.create_process(term_type="vt100", term_size=(80, rows), encoding="utf-8")
            screen = Screen(process)
            if greeted:
                await screen.until(f"{PROMPT}\r\n\r{PROMPT}")
            yield screen


@dataclass
class Screen:
    """What a client sees and types."""

    process: asyncssh.SSHClientProcess[str]
    unread: str = ""

    def type(self, text: str) -> None:
        self.process.stdin.write(text)

    async def until(self, end: str) -> str:
        """What is shown up to and with this text."""
        while end not in self.unread:
            data = await asyncio.wait_for(self.process.stdout.read(4096), LIMIT)
            assert data, f"the node hung up after {self.unread!r}"
            self.unread += data
        shown, _, self.unread = self.unread.partition(end)
        return shown + end

    async def enter(self, line: str) -> str:
        """What a command shows between its echo and the next prompt, with line feeds alone."""
        self.type(f"{line}\r")
        await self.until(f"{line}\r\n")
        return (await self.until(PROMPT)).removesuffix(PROMPT).replace("\r\n", "\n")

    async def rest(self) -> str:
        """What is still shown until the node hangs up."""
        data = await asyncio.wait_for(self.process.stdout.read(), LIMIT)
        return self.unread + data


def rsa_key() -> rsa.RSAPrivateKey:
    return the_key()


def described(role: str, release: str = "12.5(1)", node: str = "publisher") -> About:
    return About(FQDN, role, release, node)


@asynccontextmanager
async def running(
    folder: Path,
    role: str = "finesse",
    release: str = "12.5(1)",
    *,
    node: str = "publisher",
    pace: Pace | None = None,
    quirks: Quirks | None = None,
) -> AsyncIterator[Running]:
    """A node with its command line; its folder is made where it is missing."""
    about = described(role, release, node)
    install(folder / "node", about, rsa_key)
    line = Line(ADDRESS, Ports().take(ADDRESS, ROLES[role].port_keys))
    events: list[Event] = []
    appliance = Node(folder / "node", about, line, (USER, PASSWORD), audit=events.append, pace=pace, quirks=quirks)
    server = CliServer(appliance, ADDRESS, line.ports["ssh"])
    await appliance.power_on()
    await server.start()
    try:
        yield Running(appliance, server, events)
    finally:
        await server.close()
        await appliance.power_off()


Scenario = Callable[[Running, Screen], Coroutine[Any, Any, Result]]


def at_the_screen(
    folder: Path, scenario: Scenario[Result], *, rows: int = 24, paged: bool = False, **options: Any
) -> Result:
    """Run a scenario with a node and somebody at its command line."""

    async def run() -> Result:
        async with running(folder, **options) as node, node.screen(rows) as screen:
            if not paged:
                await screen.enter("set cli pagination off")
            return await scenario(node, screen)

    return asyncio.run(run())


def told(folder: Path, *lines: str, **options: Any) -> str:
    """What a node says to the last of these commands."""

    async def scenario(_node: Running, screen: Screen) -> str:
        return [await screen.enter(line) for line in lines][-1]

    return at_the_screen(folder, scenario, **options)


WITH_CERTIFICATES = Quirks(certificate_commands=CertificateCommands.ALL)
