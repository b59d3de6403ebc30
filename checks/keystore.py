"""The entries of a keystore or trust store, and judgements of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from checks.kinds import stores as kinds
from checks.violation import Violation
from checks.x509.certificate import Certificate


class EntryType(StrEnum):
    """The entry types as keytool prints them in every language."""

    KEY = "PrivateKeyEntry"
    TRUSTED = "trustedCertEntry"
    SECRET = "SecretKeyEntry"  # noqa: S105 - the word keytool prints


@dataclass(frozen=True)
class Entry:
    """One entry of a store. `alias` is lower-cased, as Java keeps it; in another spelling it is `hidden`."""

    alias: str
    type: EntryType
    chain: tuple[Certificate, ...]

    @property
    def hidden(self) -> bool:
        """True if Java cannot find it: another tool wrote its alias, and Java looks up lower-cased aliases only."""
        return self.alias != self.alias.lower()

    @property
    def certificate(self) -> Certificate | None:
        """The leaf of a key entry, or the trusted certificate."""
        return self.chain[0] if self.chain else None

    @property
    def line(self) -> str:
        """The entry in one line: alias, type, SHA-256."""
        fingerprint = self.certificate.sha256 if self.certificate else "-"
        return f"{self.alias}, {self.type}, {fingerprint}"


class Entries(tuple[Entry, ...]):
    """The content of a store."""

    __slots__ = ()

    def find(self, alias: str) -> Entry | None:
        """The entry with this alias, in any case."""
        wanted = alias.lower()
        return next((entry for entry in self if entry.alias == wanted), None)

    def certificate(self, alias: str) -> Certificate | None:
        """The certificate under this alias."""
        entry = self.find(alias)
        return entry.certificate if entry else None

    @property
    def trusted(self) -> tuple[Entry, ...]:
        """The trusted certificates that Java finds."""
        return tuple(entry for entry in self if entry.type is EntryType.TRUSTED and not entry.hidden)

    @property
    def anchors(self) -> tuple[Entry, ...]:
        """The entries that Java trusts with this store: the trusted certificates, then the leaves of its own keys."""
        own = (entry for entry in self if entry.type is EntryType.KEY and not entry.hidden)
        return (*self.trusted, *own)

    @property
    def lines(self) -> tuple[str, ...]:
        """The entries one line each, sorted."""
        return tuple(sorted(entry.line for entry in self))


def unexpected_changes(
    host: str, store: str, before: Entries, after: Entries, allowed: Iterable[str]
) -> list[Violation]:
    """Return a violation for each entry that was changed, added or lost although a step may not touch its alias."""
    touched = {alias.lower() for alias in allowed}
    old, new = ({entry.alias: entry for entry in entries} for entries in (before, after))
    return [
        kinds.CHANGED.at(
            host, store=store, alias=alias, before=_described(old.get(alias)), after=_described(new.get(alias))
        )
        for alias in sorted(old.keys() | new.keys())
        if alias not in touched and old.get(alias) != new.get(alias)
    ]


def _described(entry: Entry | None) -> str:
    if entry is None:
        return "no entry"
    return entry.line if len(entry.chain) < 2 else f"{entry.line}, a chain of {len(entry.chain)}"


def import_violations(
    host: str, store: str, entries: Entries, wanted: Mapping[str, Certificate], *, remedy: str
) -> list[Violation]:
    """Return a violation for each alias that does not hold its wanted certificate as a trusted certificate.

    For an alias that is not in the store, the SHA-256 is expected and `no entry` is found.
    """
    found = []
    for alias, certificate in wanted.items():
        entry, sha256 = entries.find(alias), certificate.sha256
        if entry is None or entry.certificate is None:
            found.append(kinds.NOT_IMPORTED.at(host, store=store, alias=alias, sha256=sha256, remedy=remedy))
        elif entry.type is not EntryType.TRUSTED:
            found.append(kinds.NOT_TRUSTED.at(host, store=store, alias=alias, type=entry.type, remedy=remedy))
        elif entry.certificate != certificate:
            there = entry.certificate.sha256
            found.append(kinds.ANOTHER.at(host, store=store, alias=alias, sha256=sha256, found=there, remedy=remedy))
    return found


def keys_in_the_way(host: str, store: str, entries: Entries, aliases: Iterable[str]) -> list[Violation]:
    """Return a violation for each alias to import that holds a private key: an import would replace it."""
    return [
        kinds.HOLDS_A_KEY.at(host, store=store, alias=entry.alias, type=entry.type)
        for alias in aliases
        if (entry := entries.find(alias)) and entry.type is not EntryType.TRUSTED
    ]
