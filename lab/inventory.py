"""The inventory of a running lab, complete: addresses, ports, secrets in files beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lab.passwords import write_private
from lab.site import Site, SiteHost

CA_FILE = "winrm-ca.pem"
HEAD = "# Written by `python -m lab`; it holds as long as that lab runs.\n"


@dataclass(frozen=True)
class Endpoint:
    """Where a host answers now, and the password of its trust store (empty: `changeit` holds)."""

    host: SiteHost
    address: str
    ports: Mapping[str, int]
    truststore_password: str = ""


@dataclass(frozen=True)
class InventoryWriter:
    """Writes the inventory, its CA file and its secrets; paths in it are relative to it."""

    file: Path
    site: Site
    scheme: str
    ca: bytes
    passwords: Mapping[str, str]  # credential -> password

    def write(self, endpoints: list[Endpoint]) -> None:
        """Write everything; the inventory itself last, at once and not executable."""
        folder = self.file.parent
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "secrets").mkdir(mode=0o700, exist_ok=True)
        winrm: dict[str, Any] = {"scheme": self.scheme, "transport": "ntlm"}
        if self.scheme == "https":
            (folder / CA_FILE).write_bytes(self.ca)
            winrm["ca_file"] = CA_FILE
        used = {self.site.credential(endpoint.host) for endpoint in endpoints}
        credentials = {name: self._login(name) for name in self.site.usernames if name in used}
        hosts = [self._host(endpoint, credentials) for endpoint in endpoints]
        content = self._head(endpoints) | {"credentials": credentials} | self._logins(endpoints)
        text = HEAD + yaml.safe_dump({**content, "winrm": winrm, "hosts": hosts}, sort_keys=False, allow_unicode=True)
        half = self.file.with_name(f".{self.file.name}.new")
        half.write_text(text, encoding="utf-8")
        half.chmod(0o644)
        half.replace(self.file)

    def _head(self, endpoints: list[Endpoint]) -> dict[str, Any]:
        roles = {endpoint.host.role for endpoint in endpoints}
        passed_on = dict(self.site.passed_on)
        if "restart" in passed_on:
            passed_on["restart"] = {role: how for role, how in passed_on["restart"].items() if role in roles}
        return {"site": self.site.name, "release": self.site.release, **passed_on}

    def _logins(self, endpoints: list[Endpoint]) -> dict[str, Any]:
        roles = {endpoint.host.role for endpoint in endpoints}
        return {"role_credentials": {r: name for r, name in self.site.role_credentials.items() if r in roles}}

    def _login(self, name: str) -> dict[str, Any]:
        return {"username": self.site.usernames[name], "password": self._secret(name, self.passwords[name])}

    def _host(self, endpoint: Endpoint, credentials: dict[str, Any]) -> dict[str, Any]:
        entry = {**endpoint.host.entry, "address": endpoint.address, "ports": dict(endpoint.ports)}
        if endpoint.truststore_password:
            name = f"truststore_{endpoint.host.hostname}"
            if name in credentials:
                name = f"truststore_{endpoint.host.fqdn.replace('.', '_')}"
            credentials[name] = {"password": self._secret(name, endpoint.truststore_password)}
            entry["truststore_credential"] = name
        return entry

    def _secret(self, name: str, password: str) -> dict[str, str]:
        file = Path("secrets", name)
        write_private(self.file.parent / file, password)
        return {"file": file.as_posix()}
