"""Recognise the certificates of a site's servers in any store, under any alias: trusts that no table knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checks.keystore import Entry, EntryType
from checks.x509.certificate import Certificate


@dataclass(frozen=True)
class Held:
    """An entry of a store, reduced to what a trust rests on: the fingerprint and the key of its certificate.

    `trusted`: a trusted certificate that Java finds; False for a key pair. What a store does not show is empty.
    """

    alias: str
    trusted: bool
    sha256: str = ""
    key: str = ""  # the SHA-256 of the public key; empty too if it cannot be read
    subject: str = ""
    common_name: str = ""

    @classmethod
    def of(cls, entry: Entry) -> Held | None:
        """The entry, reduced; None for one that holds no certificate, or that Java does not find."""
        if entry.certificate is None or entry.hidden:
            return None
        return cls.certificate(entry.alias, entry.certificate, trusted=entry.type is EntryType.TRUSTED)

    @classmethod
    def certificate(cls, alias: str, one: Certificate, *, trusted: bool = True) -> Held:
        """A certificate under some name."""
        return cls(alias, trusted, one.sha256, one.key_sha256, one.subject, one.common_name)


@dataclass(frozen=True)
class Known:
    """A certificate of a server, as it was before a change: its host, its kind, its fingerprint and its key."""

    host: str
    kind: str
    sha256: str
    key: str
    subject: str
    common_name: str = ""

    def is_in(self, held: Held) -> bool:
        """True if an entry makes its reader trust this certificate: it holds it, or one of the same key and subject.

        Java takes an anchor by its subject and its key. Cloned servers share a key and have subjects of their own: the
        certificate of one makes nobody trust the other.
        """
        if held.sha256 == self.sha256 != "":
            return True
        return held.key == self.key != "" and held.subject == self.subject


def trusts_in(held: Iterable[Held], known: Iterable[Known]) -> Iterator[tuple[Held, Known]]:
    """Yield each trusted entry with each certificate that it makes its reader trust; a subject alone makes no trust."""
    every = tuple(known)
    for entry in held:
        if entry.trusted:
            yield from ((entry, one) for one in every if one.is_in(entry))
