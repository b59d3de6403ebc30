"""Judge which trusted entries of a store are superseded: their servers use other certificates now."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from checks.keystore import Entries, Entry
from checks.kinds import stores as kinds
from checks.violation import Violation
from checks.x509.certificate import Certificate

_LATER = timedelta(days=1)  # step 1.1.iii lets a certificate begin a day before it is made


def superseded_entries(
    entries: Entries, names: Collection[str], presented: Collection[Certificate]
) -> tuple[Entry, ...]:
    """Trusted self-signed entries that name one of these hosts but are not among the `presented` certificates.

    An entry of which a part cannot be read is left out: it may stand for something else.
    """
    wanted = {name.lower() for name in names}
    return tuple(
        entry
        for entry in entries.trusted
        if (one := entry.certificate)
        and wanted & {name.lower() for name in (*one.dns_names, one.common_name)}
        and one not in presented
        and not one.unreadable
        and one.self_signed
    )


def names_only(entry: Entry, names: Collection[str]) -> bool:
    """True if an entry's certificate has no other names than these (which are in lower case)."""
    one = entry.certificate
    return one is not None and {name.lower() for name in (*one.dns_names, one.common_name) if name} <= {*names}


@dataclass(frozen=True)
class InUse:
    """The certificates that a server uses: the chain on every port, each with its kind, and those of its keystore."""

    chains: tuple[tuple[str, tuple[Certificate, ...]], ...]
    stored: frozenset[Certificate]

    @property
    def certificates(self) -> frozenset[Certificate]:
        """All of them."""
        return self.stored | {one for _, chain in self.chains for one in chain}

    def has_outlived(self, one: Certificate, is_made_anew: Callable[[str], bool]) -> bool:
        """True if every leaf that the server presents with this kind of key is younger than `one`, or will be.

        `is_made_anew` tells whether the certificate of a kind will be renewed. False without any leaf of this kind.
        """
        begins = [
            datetime.now(UTC) - _LATER if is_made_anew(kind) else leaf.not_before
            for kind, (leaf, *_) in self.chains
            if _algorithm(leaf) == _algorithm(one)
        ]
        return bool(begins) and one.not_before < min(begins)


def _algorithm(one: Certificate) -> str:
    return one.key.partition(" ")[0]


def superseded_violation(host: str, store: str, entry: Entry, exporter: str) -> Violation:
    """The finding that a store still trusts a certificate that `exporter` no longer presents."""
    sha256 = entry.certificate.sha256 if entry.certificate else "-"
    return kinds.SUPERSEDED.at(host, store=store, alias=entry.alias, exporter=exporter, sha256=sha256)
