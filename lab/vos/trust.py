"""The trust lists of a node: one certificate for each common name, one PEM file for each certificate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cryptography import x509

from lab.certificates import pem
from lab.services.running import write_whole
from lab.tables.vos_roles import About
from lab.vos.certificates import common_name, der_of, file_name, read


class Added(StrEnum):
    """The outcome of adding a certificate; the value describes it in words."""

    STORED = "stored"
    REPLACED = "replaced"  # an older one of the same common name is gone
    KEPT_NEWER = "a newer certificate with this name exists"  # kept; real nodes report success all the same
    ALREADY_THERE = "already exists"
    EXPIRED = "the certificate has expired"
    UNREADABLE = "not a certificate"
    TOO_LONG = "the key is longer than 4096 bits"
    WILDCARD = "wildcard certificates are not supported"


LONGEST_KEY = 4096


@dataclass(frozen=True)
class TrustEntry:
    """One certificate of the list."""

    name: str  # its file name, `CN.pem` or `CN_serial.pem`
    der: bytes
    description: str

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate, parsed."""
        return x509.load_der_x509_certificate(self.der)

    @property
    def common_name(self) -> str:
        """The common name under which it is kept."""
        return common_name(self.certificate)


class TrustList:
    """The trust list, read from its folder at each call; services load it when they start."""

    def __init__(self, folder: Path, *, names_with_serial: bool) -> None:
        self._folder = folder
        self._with_serial = names_with_serial
        self.now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)

    def list(self) -> Sequence[TrustEntry]:
        """Return every entry, by file name."""
        return [_entry(file) for file in sorted(self._folder.glob("*.pem"))]

    def find(self, name: str) -> TrustEntry | None:
        """Return the entry of this file name, with or without `.pem` and the unit before it; None if there is none."""
        wanted = name.rpartition("/")[2].removesuffix(".pem")
        return next((entry for entry in self.list() if entry.name == f"{wanted}.pem"), None)

    def add(self, data: bytes, description: str = "") -> Added:
        """Add a certificate (PEM or DER) by the platform's rules: one per common name, the later start date wins."""
        try:
            certificate = read(data)
        except ValueError:
            return Added.UNREADABLE
        refused = self._refused(certificate)
        if refused:
            return refused
        namesake = self._namesake(certificate)
        if namesake and namesake.der == der_of(certificate):
            return Added.ALREADY_THERE
        if namesake and namesake.certificate.not_valid_before_utc > certificate.not_valid_before_utc:
            return Added.KEPT_NEWER
        if namesake:
            self.delete(namesake.name)
        self._write(certificate, description)
        return Added.REPLACED if namesake else Added.STORED

    def delete(self, name: str) -> bool:
        """Remove an entry; True if there was one."""
        entry = self.find(name)
        if entry is not None:
            (self._folder / entry.name).unlink()
        return entry is not None

    def _refused(self, certificate: x509.Certificate) -> Added | None:
        size = getattr(certificate.public_key(), "key_size", 0)
        reasons = {
            Added.EXPIRED: certificate.not_valid_after_utc < self.now(),
            Added.TOO_LONG: size > LONGEST_KEY,
            Added.WILDCARD: common_name(certificate).startswith("*"),
        }
        return next((reason for reason, holds in reasons.items() if holds), None)

    def _namesake(self, certificate: x509.Certificate) -> TrustEntry | None:
        wanted = common_name(certificate)
        return next((entry for entry in self.list() if entry.common_name == wanted), None)

    def _write(self, certificate: x509.Certificate, description: str) -> None:
        name = file_name(certificate, with_serial=self._with_serial)
        # PEM allows text before the certificate (but no second "-----"): the description needs no file of its own.
        one_line = " ".join(description.replace("-----", "").split())
        write_whole(self._folder / name, f"{one_line}\n".encode() + pem(der_of(certificate)))


def trust_lists(folder: Path, about: About) -> Mapping[str, TrustList]:
    """Return every trust list of a node, by its unit; `folder` is the node's."""
    with_serial = about.release_data.names_with_serial
    return {
        unit: TrustList(folder / "trust" / unit, names_with_serial=with_serial) for unit in about.role_data.trust_units
    }


def _entry(file: Path) -> TrustEntry:
    content = file.read_bytes()
    description = content.partition(b"\n")[0].decode()
    return TrustEntry(file.name, der_of(read(content)), description)
