"""Recognise the certificates of a site's servers in any store, under any alias: trusts that no table knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checks.keystore import Entry, EntryType


@dataclass(frozen=True)
class Held:
    """An entry of a store, reduced to what a trust rests on: the fingerprint and the key of its certificate.

    `trusted`: a trusted certificate that Java finds; False for a key pair. What a store does not show is empty.
    """

    alias: str
    trusted: bool
    sha256: str = ""
    key: str = ""  # the SHA-256 of the public key; empty too if it cannot be read
    sha1: str = ""  # of the certificate: 40 lower-case digits

    @classmethod
    def of(cls, entry: Entry) -> Held | None:
        """The entry, reduced; None for one that holds no certificate, or that Java does not find."""
        one = entry.certificate
        if one is None or entry.hidden:
            return None
        return cls(entry.alias, entry.type is EntryType.TRUSTED, one.sha256, one.key_sha256, one.sha1)


@dataclass(frozen=True)
class Known:
    """A certificate of a server, as it was before a change: its host, its kind, its fingerprint and its key."""

    host: str
    kind: str
    sha256: str
    key: str
    sha1: str

    def is_in(self, held: Held) -> bool:
        """True if an entry makes its reader trust this certificate: it holds it, or another one of the same key."""
        pairs = ((held.sha256, self.sha256), (held.key, self.key), (held.sha1, self.sha1))
        return any(one and one == other for one, other in pairs)


def trusts_in(held: Iterable[Held], known: Iterable[Known]) -> Iterator[tuple[Held, Known]]:
    """Yield each trusted entry with each certificate that it makes its reader trust; a subject alone makes no trust."""
    every = tuple(known)
    for entry in held:
        if entry.trusted:
            yield from ((entry, one) for one in every if one.is_in(entry))
