"""The inventory of a running lab, complete: addresses, ports, pins, secrets in files beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from cryptography.hazmat.primitives import serialization

from lab.certificates import pem
from lab.passwords import write_private
from lab.site.site import Site
from lab.tables.site_host import SiteHost

CA_FILE = "winrm-ca.pem"
KNOWN_HOSTS = "known_hosts"
HEAD = "# Written by `python -m lab`; it holds as long as that lab runs.\n"


@dataclass(frozen=True)
class Endpoint:
    """The address of a host now, and what the inventory must contain so that its certificate can be confirmed.

    `truststore_password`: empty where `changeit` holds. `sha256`: of the leaf of a host that cannot be asked for it.
    """

    host: SiteHost
    address: str
    ports: Mapping[str, int]
    truststore_password: str = ""
    sha256: str = ""
    host_key_file: Path | None = None  # of its SSH server


@dataclass(frozen=True)
class WebEndpoint:
    """The address of a web service, pinned by its leaf's `sha256`, or by `authorities` (DER, the root first)."""

    fqdn: str
    address: str
    port: int
    sha256: str
    authorities: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class InventoryWriter:
    """A writer of the inventory, the files it names and its secrets; paths in it are relative to it."""

    file: Path
    site: Site
    scheme: str
    ca: bytes
    passwords: Mapping[str, str]  # credential -> password

    def write(self, endpoints: Sequence[Endpoint], web_services: Sequence[WebEndpoint] = ()) -> None:
        """Write everything; the inventory itself last, atomically and not executable."""
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / "secrets").mkdir(mode=0o700, exist_ok=True)
        used = {self.site.credential(endpoint.host) for endpoint in endpoints if endpoint.host.managed}
        used |= {one["credential"] for one in (self.site.passed_on.get("spog"),) if one}
        credentials = {name: self._login(name) for name in self.site.usernames if name in used}
        hosts = [self._host(endpoint, credentials) for endpoint in endpoints]
        content = self._head(endpoints) | {"credentials": credentials} | self._logins(endpoints)
        content |= self._channels(endpoints) | {"hosts": hosts}
        if web_services:
            content["web_services"] = [self._web_service(endpoint) for endpoint in web_services]
        half = self.file.with_name(f".{self.file.name}.new")
        half.write_text(HEAD + yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
        half.chmod(0o644)
        half.replace(self.file)

    @property
    def _folder(self) -> Path:
        return self.file.parent

    def _head(self, endpoints: Sequence[Endpoint]) -> dict[str, Any]:
        roles = {endpoint.host.role for endpoint in endpoints}
        passed_on = dict(self.site.passed_on)
        if "restart" in passed_on:
            kept = {*roles, "drain_minutes"}
            passed_on["restart"] = {role: how for role, how in passed_on["restart"].items() if role in kept}
        return {"site": self.site.name, "release": self.site.release, **passed_on}

    def _logins(self, endpoints: Sequence[Endpoint]) -> dict[str, Any]:
        roles = {endpoint.host.role for endpoint in endpoints}
        return {"role_credentials": {r: name for r, name in self.site.role_credentials.items() if r in roles}}

    def _channels(self, endpoints: Sequence[Endpoint]) -> dict[str, Any]:
        """Return how hosts are reached, with the files that verify them."""
        channels: dict[str, Any] = {"winrm": {"scheme": self.scheme, "transport": "ntlm"}}
        if self.scheme == "https":
            (self._folder / CA_FILE).write_bytes(self.ca)
            channels["winrm"]["ca_file"] = CA_FILE
        lines = [_known_host(endpoint) for endpoint in endpoints if endpoint.host_key_file]
        if lines:
            (self._folder / KNOWN_HOSTS).write_text("".join(lines), encoding="ascii")
            channels["ssh"] = {"known_hosts": KNOWN_HOSTS}
        return channels

    def _login(self, name: str) -> dict[str, Any]:
        return {"username": self.site.usernames[name], "password": self._secret(name, self.passwords[name])}

    def _host(self, endpoint: Endpoint, credentials: dict[str, Any]) -> dict[str, Any]:
        entry = {**endpoint.host.entry, "address": endpoint.address, "ports": dict(endpoint.ports)}
        if endpoint.sha256:
            entry["sha256"] = _with_colons(endpoint.sha256)
        if endpoint.truststore_password:
            name = f"truststore_{endpoint.host.hostname}"
            if name in credentials:
                name = f"truststore_{endpoint.host.fqdn.replace('.', '_')}"
            credentials[name] = {"password": self._secret(name, endpoint.truststore_password)}
            entry["truststore_credential"] = name
        return entry

    def _web_service(self, endpoint: WebEndpoint) -> dict[str, Any]:
        entry = {"fqdn": endpoint.fqdn, "address": endpoint.address, "port": endpoint.port}
        if not endpoint.authorities:
            return {**entry, "sha256": _with_colons(endpoint.sha256)}
        name = f"{endpoint.fqdn.partition('.')[0]}-ca.pem"
        (self._folder / name).write_bytes(b"".join(map(pem, endpoint.authorities)))
        return {**entry, "ca_file": name}

    def _secret(self, name: str, password: str) -> dict[str, str]:
        file = Path("secrets", name)
        write_private(self._folder / file, password)
        return {"file": file.as_posix()}


def _with_colons(fingerprint: str) -> str:
    return ":".join(fingerprint[start : start + 2] for start in range(0, len(fingerprint), 2)).upper()


def _known_host(endpoint: Endpoint) -> str:
    """Return a line of OpenSSH's known_hosts: the node by its address and by its name."""
    assert endpoint.host_key_file is not None  # the caller has checked it
    key = serialization.load_ssh_private_key(endpoint.host_key_file.read_bytes(), None)
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    names = ",".join(f"[{name}]:{endpoint.ports['ssh']}" for name in (endpoint.address, endpoint.host.fqdn))
    return f"{names} {public.decode('ascii')}\n"
