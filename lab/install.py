"""What installers leave on a host: drive, stores with factory certificates, registry, machine store."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace

from cryptography.hazmat.primitives import hashes

from lab import registry
from lab.certificates import fingerprint, self_signed
from lab.layout import HostLayout
from lab.passwords import write_private
from lab.roles import (
    PROCRUN,
    SECURITY_PROPERTIES,
    SYSTEM_DIRECTORIES,
    SYSTEM_ENVIRONMENT,
    SYSTEM_FOLDERS,
    SYSTEM_MARKERS,
    TCPIP,
    Service,
)
from lab.stores import write_key_store, write_trust_store

MARKER = b"MZ\x90\x00 stands for a file of the lab's host\r\n"
MEMORY_OPTIONS = ("-Xms512m", "-Xmx1024m")
SECURITY_PROPERTIES_LINES = (
    "#Security settings of Unified CVP",
    "#Thu Mar 12 10:21:44 PDT 2020",
    "Security.keystoreFile = .keystore",
    "Security.keystoreType = JCEKS",
    "Security.keystorePW = {password}",
    "Security.keyAlgorithm = RSA",
    "Security.tlsVersion = TLSv1.2",
    "Security.fipsEnabled = false",
    "",
)


def install(layout: HostLayout, authorities: Mapping[str, bytes]) -> None:
    """Set the host up unless it is there. It appears all at once: a lab that was killed leaves no half a host."""
    if layout.folder.exists():
        return
    building = replace(layout, folder=layout.folder.with_name(f".new-{layout.folder.name}"))
    shutil.rmtree(building.folder, ignore_errors=True)
    building.drive.mkdir(parents=True)
    _make_drive(building)
    _make_stores(building, authorities)
    _make_machine_store(building)
    registry.write(building.registry_file, _registry(building))
    building.folder.rename(layout.folder)


def _make_drive(layout: HostLayout) -> None:
    for directory in SYSTEM_DIRECTORIES:
        layout.on_disk(directory).mkdir(parents=True, exist_ok=True)
    for marker in (*SYSTEM_MARKERS, *layout.role_data.markers):
        file = layout.on_disk(marker)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(MARKER)
    keystore = layout.role_data.stores.get("keystore")
    if keystore:
        lines = "\r\n".join(SECURITY_PROPERTIES_LINES).replace("{password}", layout.factory_password(keystore))
        layout.on_disk(SECURITY_PROPERTIES).write_bytes(lines.encode())


def _make_stores(layout: HostLayout, authorities: Mapping[str, bytes]) -> None:
    for kind in layout.role_data.stores.values():
        path, password = layout.on_disk(kind.path), layout.factory_password(kind)
        if kind.authorities:
            write_trust_store(path, password, authorities)
        else:
            # The installer knows the bare name alone: CN is not the FQDN, and there is no SAN.
            subject = [("CN", layout.site_host.hostname), ("OU", "Unified CVP"), ("O", "Cisco")]
            write_key_store(path, password, {alias: self_signed(subject) for alias in kind.keys})


def _make_machine_store(layout: HostLayout) -> None:
    store = layout.machine / "my"
    store.mkdir(parents=True)
    bindings = []
    for binding in layout.role_data.bindings:
        fqdn = layout.site_host.fqdn
        identity = self_signed([("CN", fqdn), ("OU", binding.organizational_unit)], names=[fqdn])
        sha1 = fingerprint(identity.chain[0], hashes.SHA1())  # noqa: S303  # how Windows names its certificates
        write_private(store / f"{sha1}.pem", identity.pem().decode("ascii"))
        bindings.append(
            {"ip_port": binding.ip_port, "hash": sha1, "application_id": binding.application_id, "store": "My"}
        )
    (layout.machine / "bindings.json").write_text(json.dumps(bindings, indent=2) + "\n", encoding="utf-8")


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
    if layout.site_host.role == "ads":
        variables.update(release.environment)
    return {
        "ComSpec": ("REG_EXPAND_SZ", r"%SystemRoot%\system32\cmd.exe"),
        "Path": ("REG_EXPAND_SZ", path),
        "PATHEXT": ("REG_SZ", ".COM;.EXE;.BAT;.CMD;.VBS;.VBE;.JS;.JSE;.WSF;.WSH;.MSC"),
        "TEMP": ("REG_EXPAND_SZ", r"%SystemRoot%\TEMP"),
        "TMP": ("REG_EXPAND_SZ", r"%SystemRoot%\TEMP"),
        **{name: ("REG_SZ", layout.windows(value)) for name, value in variables.items()},
    }


def _java_options(layout: HostLayout, service: Service) -> list[str]:
    options = list(MEMORY_OPTIONS)
    if service.procrun_store:
        options.append(f"-Djavax.net.ssl.trustStore={layout.windows(service.procrun_store)}")
        options.append("-Djavax.net.ssl.trustStoreType=JCEKS")
    kind = layout.role_data.stores["keystore" if service.procrun_store else "cacerts"]
    return [*options, f"-Djavax.net.ssl.trustStorePassword={layout.factory_password(kind)}"]
