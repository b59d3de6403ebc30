"""The certificate stores of a Windows machine, and what http.sys has bound to its addresses.

Keys stand in `My` alone. What the stores hold is in the registry too: each certificate is a key named after its SHA-1.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from cryptography.hazmat.primitives import hashes

from lab.certificates import Identity, fingerprint, load_identity
from lab.contract import SslBinding
from lab.passwords import write_private
from lab.tables.roles import MACHINE_STORES
from lab.windows.host.layout import HostLayout
from lab.windows.host.registry import JsonRegistry

STORE = "My"
_IN_REGISTRY = r"HKLM\SOFTWARE\Microsoft\SystemCertificates"
_SHA1, _CERTIFICATE = 3, 32  # kinds of properties in a certificate's Blob


def make(layout: HostLayout, identities: Mapping[str, Identity]) -> None:
    """Make a new store with the certificates of these bindings (address -> certificate)."""
    folder = _folder(layout)
    folder.mkdir(parents=True)
    entries = []
    for binding in layout.role_data.bindings:
        identity = identities[binding.ip_port]
        sha1 = fingerprint(identity.chain[0], hashes.SHA1())  # noqa: S303  # how Windows names its certificates
        write_private(folder / f"{sha1}.pem", identity.pem().decode("ascii"))
        entries.append(
            {"ip_port": binding.ip_port, "hash": sha1, "application_id": binding.application_id, "store": STORE}
        )
    _bindings_file(layout).write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")


def in_registry(
    bound: Iterable[bytes], imported: Mapping[str, Mapping[str, bytes]]
) -> dict[str, dict[str, tuple[str, str]]]:
    """Return the registry's content for the stores: certificates (DER) bound from `My`, others by their store."""
    held = {store: [*imported.get(store, {}).values()] for store in MACHINE_STORES}
    held["MY"] += bound
    content: dict[str, dict[str, tuple[str, str]]] = {}
    for store, certificates in held.items():
        content[rf"{_IN_REGISTRY}\{store}\Certificates"] = {}
        for der in certificates:
            content[key_of(store, der)] = blob(der)
    return content


def key_of(store: str, der: bytes) -> str:
    """Return the registry key of a certificate in a store: it is named after its SHA-1."""
    sha1 = fingerprint(der, hashes.SHA1())  # noqa: S303  # how Windows names its certificates
    return rf"{_IN_REGISTRY}\{store.upper()}\Certificates\{sha1.upper()}"


def blob(der: bytes) -> dict[str, tuple[str, str]]:
    """Return that key's values: the certificate with its properties, of each its kind, 1, its length, its content."""
    sha1 = bytes.fromhex(fingerprint(der, hashes.SHA1()))  # noqa: S303  # how Windows names its certificates
    parts = ((_SHA1, sha1), (_CERTIFICATE, der))
    data = b"".join(struct.pack("<III", kind, 1, len(content)) + content for kind, content in parts)
    return {"Blob": ("REG_BINARY", data.hex().upper())}


def in_store(registry: JsonRegistry, store: str) -> list[bytes]:
    """Return the certificates (DER) that the registry has for a store, by their SHA-1."""
    above = rf"{_IN_REGISTRY}\{store.upper()}\Certificates"
    found = []
    for name in sorted(registry.subkeys(above, 64)):
        data = bytes.fromhex(registry.value(rf"{above}\{name}", "Blob")[0])
        while data:
            kind, _, length = struct.unpack_from("<III", data)
            found += [data[12 : 12 + length]] if kind == _CERTIFICATE else []
            data = data[12 + length :]
    return found


def ssl_bindings(layout: HostLayout) -> Sequence[SslBinding]:
    """Return the bindings of http.sys, read anew each time."""
    entries = json.loads(_bindings_file(layout).read_text(encoding="utf-8"))
    return [SslBinding(**entry) for entry in entries]


def bound(layout: HostLayout, ip_port: str) -> Identity | None:
    """Return what http.sys presents at an address; None if nothing is bound or the certificate is gone.

    http.sys then resets every connection at its first bytes.
    """
    for binding in ssl_bindings(layout):
        if binding.ip_port == ip_port:
            try:
                return load_identity((_folder(layout) / f"{binding.hash}.pem").read_bytes())
            except (OSError, ValueError):
                return None
    return None


def certificates(layout: HostLayout) -> Sequence[bytes]:
    """Return the certificates (DER) of the store, bound or not; unreadable ones are left out."""
    found = []
    for file in sorted(_folder(layout).glob("*.pem")):
        try:
            found.append(load_identity(file.read_bytes()).chain[0])
        except (OSError, ValueError):
            continue
    return found


def _folder(layout: HostLayout) -> Path:
    return layout.machine / "my"


def _bindings_file(layout: HostLayout) -> Path:
    return layout.machine / "bindings.json"
