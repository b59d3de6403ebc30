"""The state of a host after its installers: drive, stores with factory certificates, registry, machine store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lab.certificates import Identity, self_signed
from lab.keys import KeyPool
from lab.tables.releases import JAVA_CACERTS, PasswordSource
from lab.tables.roles import (
    CURL,
    DECRYPT_KEYSTORE_UTIL,
    ICM_SETTINGS,
    MAINTENANCE_MODE,
    PROCRUN,
    SECURITY_PROPERTIES,
    SYSTEM_DIRECTORIES,
    SYSTEM_ENVIRONMENT,
    SYSTEM_FOLDERS,
    SYSTEM_MARKERS,
    TCPIP,
    Role,
    Service,
)
from lab.windows.host import machine_store, registry
from lab.windows.host.layout import PASSWORD_KEY, HostLayout
from lab.windows.host.stores import write_key_store, write_trust_store

Entries = Mapping[str, bytes]  # alias -> trusted certificate (DER)
MARKER = b"MZ\x90\x00 stands for a file of the lab's host\r\n"
WIN_INI = (
    r"C:\Windows\win.ini",
    b"; for 16-bit app support\r\n[fonts]\r\n[extensions]\r\n[mci extensions]\r\n[files]\r\n",
)
MEMORY_OPTIONS = ("-Xms512m", "-Xmx1024m")
SECURITY_PROPERTIES_LINES = (
    "#Security settings of Unified CVP",
    "#Thu Mar 12 10:21:44 PDT 2020",
    "Security.keystoreFile = .keystore",
    "Security.keystoreType = JCEKS",
    f"{PASSWORD_KEY} = {{password}}",
    "Security.keyAlgorithm = RSA",
    "Security.tlsVersion = TLSv1.2",
    "Security.fipsEnabled = false",
    "",
)


@dataclass(frozen=True)
class Factory:
    """The identities that setup made for a host: those of its key stores by alias, those of IIS by SSL binding."""

    keys: Mapping[str, Identity]
    bound: Mapping[str, Identity]

    def leaf(self, role: Role, port: str) -> bytes | None:
        """Return the certificate (DER) that a host of this role presents on a port; None when it has no such port."""
        place = next((service.presents[port] for service in role.services if port in service.presents), None)
        identity = self.keys.get(place or "") or self.bound.get(place or "")
        return identity.chain[0] if identity else None


def make_factory(layout: HostLayout, keys: KeyPool) -> Factory:
    """Return new identities for a host, each with a key of its own."""
    fqdn, hostname, role = layout.site_host.fqdn, layout.site_host.hostname, layout.role_data
    aliases = [alias for kind in role.stores.values() for alias in kind.keys]
    fresh = iter(keys.take(len(aliases) + len(role.bindings)))
    # CVP's installer uses only the bare name: CN is not the FQDN, and there is no SAN.
    subject = [("CN", hostname), ("OU", "Unified CVP"), ("O", "Cisco")]
    in_stores = {alias: self_signed(subject, key=next(fresh)) for alias in aliases}
    bound = {
        binding.ip_port: self_signed([("CN", fqdn), ("OU", binding.organizational_unit)], names=[fqdn], key=next(fresh))
        for binding in role.bindings
    }
    return Factory(in_stores, bound)


def install(layout: HostLayout, factory: Factory, authorities: Entries, imported: Mapping[str, Entries]) -> None:
    """Set a host up in its empty folder.

    `imported` are the trusted certificates that its stores (by their names in the role table) hold from the beginning.
    """
    layout.drive.mkdir(parents=True)
    _make_drive(layout)
    for name, kind in layout.stores.items():
        path, password = layout.on_disk(kind.path), layout.factory_password(kind)
        own = {alias: factory.keys[alias] for alias in kind.keys}
        trusted = {**(authorities if kind.authorities else {}), **imported.get(name, {})}
        if own:
            write_key_store(path, password, own, trusted)
        else:
            write_trust_store(path, password, trusted)
    machine_store.make(layout, factory.bound)
    machine = machine_store.in_registry((one.chain[0] for one in factory.bound.values()), imported)
    registry.write(layout.registry_file, {**_registry(layout), **machine})


def _make_drive(layout: HostLayout) -> None:
    for directory in SYSTEM_DIRECTORIES:
        layout.on_disk(directory).mkdir(parents=True, exist_ok=True)
    for marker in (*SYSTEM_MARKERS, *_markers(layout)):
        file = layout.on_disk(marker)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(MARKER)
    layout.on_disk(WIN_INI[0]).write_bytes(WIN_INI[1])
    keystore = layout.role_data.stores.get("keystore")
    if keystore:
        shown = layout.shown_password(layout.factory_password(keystore))
        lines = "\r\n".join(SECURITY_PROPERTIES_LINES).replace("{password}", shown)
        layout.on_disk(SECURITY_PROPERTIES).write_bytes(lines.encode())


def _markers(layout: HostLayout) -> Sequence[str]:
    sealed = layout.release_data.password_source is PasswordSource.SEALED and "keystore" in layout.stores
    draining = () if not layout.site_host.calls else (MAINTENANCE_MODE,) if layout.role_data.cce else (CURL,)
    return (*layout.role_data.markers, *((DECRYPT_KEYSTORE_UTIL,) if sealed else ()), *draining)


def _registry(layout: HostLayout) -> registry.Content:
    host, role = layout.site_host, layout.role_data
    content: dict[str, dict[str, tuple[str, str | list[str]]]] = {
        TCPIP: {
            "Hostname": ("REG_SZ", host.hostname),
            "NV Hostname": ("REG_SZ", host.hostname),
            "Domain": ("REG_SZ", host.domain),
            "NV Domain": ("REG_SZ", host.domain),
        },
        SYSTEM_ENVIRONMENT: _system_environment(layout),
    }
    if role.cce:
        content[ICM_SETTINGS] = {"InstallPath": ("REG_SZ", host.icm)}
    for service in role.services:
        if service.procrun:
            content[rf"{PROCRUN}\{service.procrun}\Parameters\Java"] = {
                "Jvm": ("REG_SZ", layout.windows(service.procrun_jvm)),
                "Options": ("REG_MULTI_SZ", _java_options(layout, service)),
            }
    return content


def _system_environment(layout: HostLayout) -> dict[str, tuple[str, str | list[str]]]:
    role, release = layout.role_data, layout.release_data
    path = ";".join([*map(layout.windows, role.path), *SYSTEM_FOLDERS])
    variables = dict(role.environment)
    if role.cce:
        variables.update(release.environment)
    return {
        "ComSpec": ("REG_EXPAND_SZ", r"%SystemRoot%\system32\cmd.exe"),
        "Path": ("REG_EXPAND_SZ", path),
        "PATHEXT": ("REG_SZ", ".COM;.EXE;.BAT;.CMD;.VBS;.VBE;.JS;.JSE;.WSF;.WSH;.MSC"),
        "TEMP": ("REG_EXPAND_SZ", r"%SystemRoot%\TEMP"),
        "TMP": ("REG_EXPAND_SZ", r"%SystemRoot%\TEMP"),
        **{name: ("REG_SZ", layout.windows(value)) for name, value in variables.items()},
        **{name: ("REG_SZ", value) for name, value in layout.site_host.environment.items()},
    }


def _java_options(layout: HostLayout, service: Service) -> list[str]:
    kind = layout.stores[service.procrun_store]
    own = layout.windows(kind.path) == layout.windows(JAVA_CACERTS)  # the JVM needs no name for it
    if not own and not layout.names_stores:
        return [*MEMORY_OPTIONS]
    names = {"trustStore": layout.windows(kind.path), "trustStoreType": kind.type} if not own else {}
    names["trustStorePassword"] = layout.factory_password(kind)
    return [*MEMORY_OPTIONS, *(f"-Djavax.net.ssl.{name}={value}" for name, value in names.items())]
