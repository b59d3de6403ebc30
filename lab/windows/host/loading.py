"""The data that a service loads when it starts: the certificates it presents and trusts, from the real places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath

from lab.certificates import Identity
from lab.errors import StoreError
from lab.tables.roles import PROCRUN, Service
from lab.windows.host import machine_store, stores
from lab.windows.host.drive import windows_name
from lab.windows.host.layout import PASSWORD_KEY, HostLayout
from lab.windows.host.registry import JsonRegistry

TRUST_STORE = "-Djavax.net.ssl.trustStore="
TRUST_STORE_PASSWORD = "-Djavax.net.ssl.trustStorePassword="  # noqa: S105  # an option's name
TRUST_STORE_TYPE = "-Djavax.net.ssl.trustStoreType="


@dataclass(frozen=True)
class Loaded:
    """The content of a running service's memory."""

    identities: Mapping[str, Identity] = field(default_factory=dict)  # key of `ports` -> identity presented there
    anchors: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict)  # store (Windows path) -> trusted (DER)
    without_key: tuple[str, ...] = ()  # keys of `ports` on which http.sys has nothing to present

    @property
    def trusted(self) -> tuple[bytes, ...]:
        """Every certificate (DER) that it trusts, each once, whatever store it is in."""
        return tuple(dict.fromkeys(certificate for anchors in self.anchors.values() for certificate in anchors))


def load(layout: HostLayout, registry: JsonRegistry, service: Service) -> Loaded:
    """Load everything the service needs. Raises StoreError when a store of it cannot be used.

    If only a certificate is missing, the service starts, but does not open the ports that present it. http.sys does
    open them.
    """
    found = _presented(layout, service)
    identities = {port: identity for port, identity in found.items() if identity}
    without_key = () if service.presents_from else tuple(port for port in found if port not in identities)
    own = [_open(layout, name) for name in service.trusts]
    trust_stores = own if own and not _named(registry, service) else [*_java_trust_stores(layout, registry, service)]
    if service.procrun_store == "cacerts" and layout.release_data.wsm_twice:
        trust_stores.append(_open(layout, "java_cacerts"))
    anchors = {windows_name(layout.drive, store.path): store.anchors() for store in trust_stores}
    return Loaded(identities, anchors, without_key)


def leaf_on_disk(layout: HostLayout, port: str) -> bytes | None:
    """Return the certificate (DER) that a port would present after a start of its service; None if none."""
    service = next((one for one in layout.role_data.services if port in one.presents), None)
    identity = _presented(layout, service).get(port) if service else None
    return identity.chain[0] if identity else None


def _presented(layout: HostLayout, service: Service) -> Mapping[str, Identity | None]:
    if not service.presents:
        return {}
    if not service.presents_from:
        return {port: machine_store.bound(layout, address) for port, address in service.presents.items()}
    store = _open(layout, service.presents_from)
    return {port: store.identity(alias) for port, alias in service.presents.items()}


def _open(layout: HostLayout, name: str) -> stores.Store:
    """Return a store of the role table; a CVP looks its own password up in security.properties."""
    kind = layout.stores[name]
    if kind.password == "truststore":  # noqa: S105  # a purpose
        return stores.read(layout.on_disk(kind.path), None, kind.type)  # as Java reads its own store by default
    password = layout.configured_password() if kind.password == "keystore" else kind.password  # noqa: S105
    if password is None:
        raise StoreError(f"{layout.site_host.fqdn}: security.properties names no {PASSWORD_KEY}")
    return stores.read(layout.on_disk(kind.path), password, kind.type)


def _named(registry: JsonRegistry, service: Service) -> str | None:
    """Return the trust store that a service's Java options name; None if they name none."""
    return _option(_options(registry, service), TRUST_STORE) if service.procrun else None


def _java_trust_stores(layout: HostLayout, registry: JsonRegistry, service: Service) -> Iterator[stores.Store]:
    """Yield the trust store that a service's JVM reads: the one that its options name, else its own."""
    if not service.procrun:
        return
    options, named = _options(registry, service), _named(registry, service)
    if named is None:
        jvm = next(iter(registry.value(_java_key(service), "Jvm")), "")
        named = str(_home_of(jvm) / "lib" / "security" / "cacerts")
    password = _option(options, TRUST_STORE_PASSWORD)
    yield stores.read(_disk_path(layout, named), password, _option(options, TRUST_STORE_TYPE) or "JKS")


def _options(registry: JsonRegistry, service: Service) -> Sequence[str]:
    return registry.value(_java_key(service), "Options")


def _java_key(service: Service) -> str:
    return rf"{PROCRUN}\{service.procrun}\Parameters\Java"


def _home_of(jvm: str) -> PureWindowsPath:
    """Return the Java home of a jvm.dll: the folder above the last `bin`."""
    path = PureWindowsPath(jvm)
    return next((folder.parent for folder in path.parents if folder.name.lower() == "bin"), path.parent)


def _disk_path(layout: HostLayout, windows_path: str) -> Path:
    return layout.on_disk(windows_path.strip('"').replace("/", "\\"))


def _option(options: Sequence[str], prefix: str) -> str | None:
    # Procrun hands the options to the JVM in order, and there the last one of a name wins.
    values = [option[len(prefix) :] for option in options if option.startswith(prefix)]
    return values[-1] if values else None
