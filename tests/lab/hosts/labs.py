"""Labs for tests: as a process of its own, and inside the test's process on a loop of its own."""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml

from fixtures.connections.reading_lines import changes_nothing
from lab.app import Lab, Options
from lab.contract import State
from lab.set_up.state import prepare
from lab.site.site import load
from lab.windows.host.host import Host

ROOT = Path(__file__).parents[3]
ADS, CVP = "awa.duo.example", "cvpa.duo.example"
DUO = f"""
site: duo
release: "12.5(1)"
certificate: {{organization: Duo}}
credentials: {{windows: {{username: 'LAB\\runbook'}}, cvp_local: {{username: administrator}}}}
role_credentials: {{cvp: cvp_local}}
hosts:
  - {{fqdn: {ADS}, role: ads, side: A, principal: true, dependents: {{Tomcat9: [CCEMonitor]}}}}
  - {{fqdn: {CVP}, role: cvp, side: A, also_trusted_by: []}}
"""
Result = TypeVar("Result")


def prepared(folder: Path, text: str) -> Path:
    """Write a site file, and make the state of its hosts as their installers leave it; return that state's folder."""
    file = folder / "site.yaml"
    file.write_text(text, encoding="utf-8")
    with ThreadPoolExecutor(2) as pool:
        prepare(folder / "state", load(str(file)), pool)
    return folder / "state"


@dataclass(frozen=True)
class LabProcess:
    """A lab that `python -m lab` runs."""

    process: subprocess.Popen[str]
    state: Path
    inventory_file: Path
    started_in: float  # seconds until it was ready

    @property
    def inventory(self) -> dict[str, Any]:
        """What it wrote."""
        content: dict[str, Any] = yaml.safe_load(self.inventory_file.read_text(encoding="utf-8"))
        return content

    def stop(self) -> tuple[int, str]:
        """Exit code and error output after SIGTERM."""
        self.process.terminate()
        _, errors = self.process.communicate(timeout=10)
        return self.process.returncode, errors


@contextmanager
def lab_process(folder: Path, *options: str, site: str = "minimal", state: Path | None = None) -> Iterator[LabProcess]:
    """A lab that is ready; ended at the end of the block."""
    state = state or folder / "state"
    inventory = folder / "inventory" / "site.yaml"
    command = [sys.executable, "-m", "lab", "--site", site, "--state", str(state), "--inventory-out", str(inventory)]
    begun = time.monotonic()
    process = subprocess.Popen(
        [*command, *options], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line == "ready\n", process.communicate(timeout=10)
        yield LabProcess(process, state, inventory, time.monotonic() - begun)
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=10)
    assert wrong_claims(state / "audit.jsonl") == []


@dataclass(frozen=True)
class LabInside:
    """A lab in this process."""

    lab: Lab
    loop: asyncio.AbstractEventLoop

    def host(self, fqdn: str) -> Host:
        """One of its hosts."""
        return self.lab.hosts[fqdn].host

    def endpoint(self, fqdn: str, port: str) -> tuple[str, int]:
        """Where a host or node presents something."""
        powered = self.lab.nodes[fqdn] if fqdn in self.lab.nodes else self.lab.hosts[fqdn]
        return powered.address, powered.ports[port]

    def restart(self, fqdn: str, service: str) -> None:
        """Stop and start a service and wait for both."""
        services = self.host(fqdn).services
        services.stop(service)
        self.settled(fqdn, service)
        services.start(service)
        self.settled(fqdn, service)

    def settled(self, fqdn: str, service: str) -> State:
        """The state that a service comes to."""
        services = self.host(fqdn).services
        wait_for(lambda: services.status(service).state in (State.RUNNING, State.STOPPED))
        return services.status(service).state


@contextmanager
def lab_inside(folder: Path, state: Path, latency: float = 0.02, site: str = DUO) -> Iterator[LabInside]:
    """The lab of a site file's text, started in this process; of two hosts unless told."""
    site_file = folder / "site.yaml"
    site_file.write_text(site, encoding="utf-8")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def run(work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, loop).result(timeout=20)

    lab = Lab(Options(load(str(site_file)), state, folder / "inventory" / "site.yaml", service_latency=latency))
    try:
        run(lab.start())
        yield LabInside(lab, loop)
    finally:
        run(lab.close())
        run(loop.shutdown_default_executor())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        loop.close()
    assert wrong_claims(state / "audit.jsonl") == []


def wrong_claims(audit: Path) -> list[str]:
    """Lines of a lab's audit log that are known to change nothing, and have changed something all the same."""
    lines = (json.loads(line) for line in audit.open(encoding="utf-8"))
    changes = (one for one in lines if one.get("changed") and one.get("alone", True))
    return [
        f"{one['host']}: {one['text']}"
        for one in changes
        if one["text"].startswith("GET ") or changes_nothing(one["text"])
    ]


def wait_for(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait until a condition holds; an assertion when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def presented(address: tuple[str, int], key: str = "") -> bytes | None:
    """The leaf that is presented there (DER), None when nobody listens; `key`: the only kind that the client takes."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers(f"a{key}" if key else "ALL:@SECLEVEL=0")
    if key:
        context.maximum_version = ssl.TLSVersion.TLSv1_2  # in 1.3 ciphers say nothing about keys
    try:
        with (
            socket.create_connection(address, timeout=5) as plain,
            context.wrap_socket(plain, server_hostname="a.example") as secure,
        ):
            return secure.getpeercert(binary_form=True)
    except ConnectionError:
        return None


def sha256(der: bytes | None) -> str:
    """A fingerprint as presented.json has it; empty for no certificate."""
    return hashlib.sha256(der).hexdigest() if der else ""
