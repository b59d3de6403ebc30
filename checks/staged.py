"""Judge a staged copy of a store before it takes the live store's place."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from checks.keystore import Entries, Entry, EntryType
from checks.kinds import stores as kinds
from checks.violation import Violation
from checks.x509.certificate import Certificate


def copy_violations(host: str, path: str, staged: Entries | None, own: Iterable[str]) -> list[Violation]:
    """Return the reasons not to activate a staged copy: it does not open (None), or lacks a key pair of `own`."""
    if staged is None:
        return [kinds.BROKEN_COPY.at(host, path=path)]
    entries = ((alias, staged.find(alias)) for alias in own)
    return [
        kinds.NO_OWN_ENTRY.at(host, alias=alias, type=entry.type if entry else "none")
        for alias, entry in entries
        if entry is None or entry.type is not EntryType.KEY
    ]


def changed_since_violations(host: str, store: str, live: str | None, copied: str | None) -> list[Violation]:
    """Return a violation if the live store's SHA-256 is no longer the copied one's: the copy would undo a change."""
    return [] if live == copied else [kinds.CHANGED_SINCE.at(host, store=store)]


def not_approved_violations(
    host: str, store: str, entries: Iterable[Entry], made: Collection[Certificate]
) -> list[Violation]:
    """Return a violation for each of these entries, which no plan names, unless the change has `made` it."""
    return [
        kinds.NOT_APPROVED.at(host, store=store, alias=one.alias, sha256=one.certificate.sha256)
        for one in entries
        if one.certificate and one.certificate not in made
    ]


def not_activated_violations(host: str, store: str, staged: Entries, copied: Entries, step: str) -> list[Violation]:
    """Return a violation if a staged copy has entries that `step` has not activated: a fresh copy would lose them."""
    before = [*copied]
    more = ", ".join(one.alias for one in staged if one not in before)
    return [kinds.NOT_ACTIVATED.at(host, store=store, aliases=more, step=step)] if more else []
