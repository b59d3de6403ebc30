"""Appliances for tests: each on a port of its own, on an event loop that runs beside the tests."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import shutil
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lab.certificates import pem
from lab.faults.file import FILE, FaultFile, HostFaults
from lab.site.addresses import Ports
from lab.vos.install import install
from lab.vos.node import About, Event, Line, Node
from lab.vos.pages import serve_pages
from tests.lab.vos.pages.browser import Browser

Run = Callable[[Coroutine[Any, Any, Any]], Any]
FQDN, USER, PASSWORD, ADDRESS = "vvb1.lab.example", "administrator", "C1sco&<b>'\"", "127.0.0.1"
NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)


@contextmanager
def event_loop() -> Iterator[Run]:
    """A loop on a thread of its own; the function runs a coroutine there."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield lambda work: asyncio.run_coroutine_threadsafe(work, loop).result(timeout=10)
    finally:
        asyncio.run_coroutine_threadsafe(loop.shutdown_default_executor(), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        loop.close()


@dataclass
class Appliance:
    """A node that is on, its faults, and what it wrote to the audit log."""

    node: Node
    run: Run
    faults_file: Path
    events: list[Event] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"{ADDRESS}:{self.node.line.ports['tomcat']}"

    @property
    def trusted(self) -> dict[str, str]:
        """File names and descriptions of the trust list, without the node's own certificate."""
        return {one.name: one.description for one in self.node.trust.list() if one.name != f"{FQDN}.pem"}

    @property
    def changes(self) -> list[str]:
        return [event.text for event in self.events if event.changed]

    def browser(self) -> Browser:
        """A browser that trusts the certificate of the node's disk."""
        file = self.node.folder / "for-the-browser.pem"
        file.write_bytes(pem(self.node.own("tomcat").chain[0]))
        return Browser(self.address, FQDN, str(file))

    def logged_in(self) -> Browser:
        browser = self.browser()
        browser.log_in(USER, PASSWORD)
        return browser

    def fail(self, kind: str, **options: Any) -> None:
        """Let this alone happen from now on."""
        half = self.faults_file.with_suffix(".new")
        half.write_text(json.dumps({"faults": [{"host": "*", "kind": kind, **options}]}), encoding="utf-8")
        half.replace(self.faults_file)

    def restart_tomcat(self) -> None:
        service = self.node.services.find("Cisco Tomcat")
        assert service is not None
        self.run(self.node.services.restart(service))


@contextmanager
def appliance(run: Run, installed: Path, folder: Path, release: str = "12.5(1)") -> Iterator[Appliance]:
    """A VVB from a copy of an installed folder."""
    shutil.copytree(installed, folder / "node")
    about = About(FQDN, "vvb", release)
    ports = Ports().take(ADDRESS, ["ssh", "tomcat"])
    file = FaultFile(folder / FILE, [FQDN])
    file.begin()
    events: list[Event] = []
    line, faults = Line(ADDRESS, ports), HostFaults(file, FQDN)
    node = Node(folder / "node", about, line, (USER, PASSWORD), audit=events.append, faults=faults)
    serve_pages(node)
    run(node.power_on())
    try:
        yield Appliance(node, run, folder / FILE, events)
    finally:
        run(node.power_off())


def installed_node(folder: Path, release: str = "12.5(1)") -> Path:
    """What `appliance` copies."""
    install(folder / "installed", About(FQDN, "vvb", release))
    return folder / "installed"


@cache
def certificate(
    name: str, *, begins: int = -10, ends: int = 1000, issuer: str = "", encoding: str = "PEM", number: int = 1
) -> bytes:
    """A certificate of this common name, valid between these days from now; a new one for another number."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject, signer = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (name, issuer or name))
    builder = x509.CertificateBuilder(signer, subject, key.public_key(), x509.random_serial_number() + number)
    builder = builder.not_valid_before(NOW + dt.timedelta(days=begins))
    builder = builder.not_valid_after(NOW + dt.timedelta(days=ends))
    return builder.sign(key, hashes.SHA256()).public_bytes(getattr(serialization.Encoding, encoding))
