"""What a service loads when it starts: what it presents and whom it trusts, from where the real one finds them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath

from lab import stores
from lab.certificates import Identity, load_identity
from lab.contract import SslBinding
from lab.errors import StoreError
from lab.layout import HostLayout
from lab.registry import JsonRegistry
from lab.roles import PROCRUN, Service

TRUST_STORE = "-Djavax.net.ssl.trustStore="
TRUST_STORE_PASSWORD = "-Djavax.net.ssl.trustStorePassword="  # noqa: S105  # an option's name
TRUST_STORE_TYPE = "-Djavax.net.ssl.trustStoreType="


@dataclass(frozen=True)
class Loaded:
    """What a running service has in memory. `trusted` are certificates (DER), each once."""

    identities: Mapping[str, Identity] = field(default_factory=dict)  # key of `ports` -> what is presented there
    trusted: tuple[bytes, ...] = ()


def load(layout: HostLayout, registry: JsonRegistry, service: Service) -> Loaded:
    """Everything the service needs. Raises StoreError when a store of it cannot be used.

    A certificate alone that is not there costs its ports, not the service: its connectors do not come up.
    """
    found = _presented(layout, service)
    identities = {port: identity for port, identity in found.items() if identity}
    trust_stores = [_open(layout, name) for name in service.trusts]
    if service.procrun:
        trust_stores.append(_java_trust_store(layout, registry, service))
    trusted = dict.fromkeys(certificate for store in trust_stores for certificate in store.anchors())
    return Loaded(identities, tuple(trusted))


def ssl_bindings(layout: HostLayout) -> Sequence[SslBinding]:
    """What http.sys has bound, read anew each time."""
    entries = json.loads((layout.machine / "bindings.json").read_text(encoding="utf-8"))
    return [SslBinding(**entry) for entry in entries]


def _presented(layout: HostLayout, service: Service) -> Mapping[str, Identity | None]:
    if not service.presents:
        return {}
    if not service.presents_from:
        return {port: _bound(layout, address) for port, address in service.presents.items()}
    store = _open(layout, service.presents_from)
    return {port: store.identity(alias) for port, alias in service.presents.items()}


def _bound(layout: HostLayout, ip_port: str) -> Identity | None:
    for binding in ssl_bindings(layout):
        if binding.ip_port == ip_port:
            try:
                return load_identity((layout.machine / "my" / f"{binding.hash}.pem").read_bytes())
            except (OSError, ValueError):
                return None  # bound to a certificate that is gone: http.sys resets every connection
    return None


def _open(layout: HostLayout, name: str) -> stores.Store:
    """A store of the role table; a CVP looks its own password up in security.properties."""
    kind = layout.role_data.stores[name]
    password = layout.configured_password() if kind.password == "keystore" else kind.password  # noqa: S105
    if password is None:
        raise StoreError(f"{layout.site_host.fqdn}: security.properties names no Security.keystorePW")
    return stores.read(layout.on_disk(kind.path), password, kind.type)


def _java_trust_store(layout: HostLayout, registry: JsonRegistry, service: Service) -> stores.Store:
    key = rf"{PROCRUN}\{service.procrun}\Parameters\Java"
    options = registry.value(key, "Options")
    named = _option(options, TRUST_STORE)
    if named is None:
        jvm = next(iter(registry.value(key, "Jvm")), "")
        named = str(_home_of(jvm) / "lib" / "security" / "cacerts")
    password = _option(options, TRUST_STORE_PASSWORD)
    return stores.read(_disk_path(layout, named), password, _option(options, TRUST_STORE_TYPE) or "JKS")


def _home_of(jvm: str) -> PureWindowsPath:
    """The Java home of a jvm.dll: the folder above the last `bin`."""
    path = PureWindowsPath(jvm)
    return next((folder.parent for folder in path.parents if folder.name.lower() == "bin"), path.parent)


def _disk_path(layout: HostLayout, windows_path: str) -> Path:
    return layout.on_disk(windows_path.strip('"').replace("/", "\\"))


def _option(options: Sequence[str], prefix: str) -> str | None:
    # Procrun hands the options to the JVM in order, and there the last one of a name wins.
    values = [option[len(prefix) :] for option in options if option.startswith(prefix)]
    return values[-1] if values else None
