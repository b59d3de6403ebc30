"""Store files as other tools leave them: aliases with capitals, other formats, cut off."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import jks

from checks.x509.certificate import Certificate
from tests.checks.made import KEYTOOL

_DIGEST = 20  # bytes of SHA-1 at the end of a JKS or JCEKS
_QUICK = ("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-J-Duser.language=en")


def keytool(*arguments: str | Path) -> str:
    """What a real keytool prints. Raises CalledProcessError when it fails."""
    command = [KEYTOOL, *_QUICK, *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def add(file: Path, password: str, certificates: Mapping[str, Certificate]) -> None:
    """Put trusted certificates into a JKS, their aliases as they are given: as a tool that is not Java's does."""
    store = jks.KeyStore.loads(file.read_bytes(), password)
    entries = [*store.entries.values()]
    for alias, one in certificates.items():
        entries.append(jks.TrustedCertEntry.new(alias, one.der))
        entries[-1].alias = alias
    jks.KeyStore.new("jks", entries).save(str(file), password)


def held(file: Path, password: str) -> dict[str, bytes]:
    """The trusted certificates of a JKS or JCEKS by their aliases as they are written."""
    store = jks.KeyStore.loads(file.read_bytes(), password, try_decrypt_keys=False)
    return {alias: entry.cert for alias, entry in store.certs.items()}


def convert(file: Path, password: str, source: str, target: str) -> None:
    """Make a store of another type of this one, in its place, as keytool's own advice does."""
    made = file.with_name("converted")
    keytool(
        *("-importkeystore", "-noprompt", "-srckeystore", file, "-srcstoretype", source, "-srcstorepass", password),
        *("-destkeystore", made, "-deststoretype", target, "-deststorepass", password),
    )
    made.replace(file)


def merge(file: Path, password: str, kind: str, certificates: Mapping[str, Certificate]) -> None:
    """Put trusted certificates into a store with keytool, through a JKS beside it."""
    beside = file.with_name("beside.jks")
    entries: Sequence[jks.AbstractKeystoreEntry] = [
        jks.TrustedCertEntry.new(alias, one.der) for alias, one in certificates.items()
    ]
    jks.KeyStore.new("jks", [*entries]).save(str(beside), password)
    keytool(
        *("-importkeystore", "-noprompt", "-srckeystore", beside, "-srcstoretype", "JKS", "-srcstorepass", password),
        *("-destkeystore", file, "-deststoretype", kind, "-deststorepass", password),
    )
    beside.unlink()


def spell(file: Path, password: str, alias: str, spelled: str) -> None:
    """Spell an alias of a JKS or JCEKS in another way of as many bytes."""
    content = file.read_bytes()[:-_DIGEST]
    old, new = (len(one).to_bytes(2, "big") + one.encode() for one in (alias, spelled))
    assert content.count(old) == 1
    content = content.replace(old, new)
    # As Java has it: the password in UTF-16, these words, the store.
    digest = hashlib.sha1(password.encode("utf-16-be") + b"Mighty Aphrodite" + content, usedforsecurity=False)
    file.write_bytes(content + digest.digest())
