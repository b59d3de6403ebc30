"""Every certificate of a change, before it and after it, and its expiry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from fixtures.evidence import CertificateRecord, CommandRecord, HandshakeRecord, LeafRecord, When
from reports.journal.parts import Part
from reports.record.stores import At, Stand, Stores

Place = Callable[[datetime], float]
LONGEST = 40  # bars of a time line, the first to expire; as many new or replaced ones may follow
WIDTH = 1000  # of a time line: the unit of all its places
_STAGE, _ACTIVATE = "stage", "activate"  # the phases in which new certificates are recorded before they are live
_BEFORE_TODAY, _SOME_YEARS = timedelta(days=60), 12
_END_OF_TIME = datetime(9900, 1, 1, tzinfo=UTC)  # later dates come from damaged journals


@dataclass(frozen=True)
class Certificate:
    """The certificate of one kind on a host: the first one that was stored or presented there, and the last."""

    host: str
    kind: str  # WSM, IIS ...; the alias if no port presents it
    ports: tuple[int, ...]
    before: LeafRecord | None
    after: LeafRecord | None

    @property
    def fate(self) -> str:
        """What the change did to this certificate: replaced, kept, new or gone."""
        if self.before is None or self.after is None:
            return "new" if self.after else "gone"
        return "kept" if self.before.sha256 == self.after.sha256 else "replaced"

    def wrong_at(self, moment: datetime) -> bool:
        """True if somebody must look at it: it is gone, or has expired."""
        return self.after is None or self.after.not_after < moment


@dataclass
class _Seen:
    """The certificates seen in one place (a kind or alias of a host): the first, the last, all fingerprints."""

    first: LeafRecord | None = None
    last: LeafRecord | None = None
    coming: LeafRecord | None = None  # staged: becomes `last` when its store is activated
    all: set[str] = field(default_factory=set)
    ports: set[int] = field(default_factory=set)

    def shake(self, leaf: LeafRecord, port: int) -> None:
        self.first, self.last = self.first or leaf, leaf
        self.all.add(leaf.sha256)
        self.ports.add(port)

    def put(self, leaf: LeafRecord, when: When, *, live: bool) -> None:
        self.all.add(leaf.sha256)
        if when is When.BEFORE:
            self.first, self.last = self.first or leaf, self.last or leaf  # in use until its store is activated
        elif live:
            self.last = leaf
        else:
            self.coming = leaf


def certificates(parts: Iterable[Part]) -> list[Certificate]:
    """Return the certificates that ports presented, then those of stores that no port presented.

    `parts`: in the order of time.
    """
    presented: dict[tuple[str, str], _Seen] = {}
    stored: dict[tuple[str, str], _Seen] = {}
    stores = Stores()
    for part in parts:
        for record in part.records:
            if isinstance(record, HandshakeRecord) and record.leaf is not None:
                presented.setdefault((record.host, record.kind or record.subject), _Seen()).shake(
                    record.leaf, record.port
                )
            elif isinstance(record, CertificateRecord) and (leaf := record.leaf or _leaf(record.pem)) is not None:
                live = part.phase not in (_STAGE, _ACTIVATE) or stores.lives(record.host)
                stored.setdefault((record.host, record.subject), _Seen()).put(leaf, record.when, live=live)
            elif isinstance(record, CommandRecord):
                _moved(stores.see(record, part), stored)
        _moved(stores.ended(part), stored)
    known = {(host, sha256) for (host, _), seen in presented.items() for sha256 in seen.all}
    silent = {
        pair: seen
        for pair, seen in stored.items()
        if (seen.first or seen.last) and not any((pair[0], sha256) in known for sha256 in seen.all)
    }
    return [
        _certificate(*one) for one in (*sorted(presented.items(), key=_by_name), *sorted(silent.items(), key=_by_name))
    ]


def _moved(stands: Iterable[Stand], stored: dict[tuple[str, str], _Seen]) -> None:
    """Take over the staged certificates of stores now live, and the earlier ones of stores rolled back."""
    for stand in stands:
        for (host, _), seen in stored.items():
            if host == stand.host:
                seen.last = seen.first if stand.at is At.BACK else seen.coming or seen.last


def _by_name(one: tuple[tuple[str, str], _Seen]) -> tuple[str, str]:
    return one[0]


def _certificate(pair: tuple[str, str], seen: _Seen) -> Certificate:
    return Certificate(*pair, tuple(sorted(seen.ports)), seen.first, seen.last)


def _leaf(pem: str) -> LeafRecord | None:
    """Read the leaf from PEM text, which is all that older journals have; None if it is no certificate."""
    try:
        found = x509.load_pem_x509_certificate(pem.encode())
        fingerprint = found.fingerprint(hashes.SHA256()).hex(":").upper()
        names = found.subject.rfc4514_string(), found.issuer.rfc4514_string()
        return LeafRecord(*names, fingerprint, found.not_valid_before_utc, found.not_valid_after_utc)
    except (ValueError, x509.InvalidVersion):
        return None


@dataclass(frozen=True)
class Bar:
    """One certificate on a time line, with its places there; `days`: until it expires, negative if it has expired."""

    host: str
    kind: str
    fate: str
    begin: float
    end: float
    before: tuple[float, float] | None  # begin and end of the certificate that it replaced
    until: datetime
    was_until: datetime | None
    days: int


@dataclass(frozen=True)
class TimeLine:
    """Bars (the first to expire on top), the places of the years and of today, and the number of bars left out."""

    bars: tuple[Bar, ...]
    years: tuple[tuple[int, float], ...]
    today: float
    left_out: int


def time_line(rows: list[Certificate], today: datetime) -> TimeLine | None:
    """Return the expiry dates of the certificates that are there now as a time line; None if there are none."""
    there = sorted((row for row in rows if row.after), key=lambda row: _until(row).not_after)
    if not there:
        return None
    shown = [row for place, row in enumerate(there) if place < LONGEST or row.fate in ("new", "replaced")][
        : 2 * LONGEST
    ]
    today = min(today, _END_OF_TIME)
    begin = today - _BEFORE_TODAY
    end = min(max(_until(row).not_after for row in shown), begin + timedelta(days=_SOME_YEARS * 366))
    end = max(end, today) + timedelta(days=30)

    def place(moment: datetime) -> float:
        return round(min(max((moment - begin) / (end - begin), 0), 1) * WIDTH, 1)

    bars = tuple(_bar(row, place, today) for row in shown)
    return TimeLine(bars, tuple(_years(begin, end, place)), place(today), len(there) - len(shown))


def _until(row: Certificate) -> LeafRecord:
    assert row.after is not None  # the time line has only certificates that are there now
    return row.after


def _bar(row: Certificate, place: Place, today: datetime) -> Bar:
    leaf, was = _until(row), row.before if row.fate == "replaced" else None
    return Bar(
        row.host,
        row.kind,
        row.fate,
        place(leaf.not_before),
        place(leaf.not_after),
        (place(was.not_before), place(was.not_after)) if was else None,
        leaf.not_after,
        was.not_after if was else None,
        (leaf.not_after - today).days,
    )


def _years(begin: datetime, end: datetime, place: Place) -> Iterator[tuple[int, float]]:
    for year in range(begin.year + 1, end.year + 1):
        yield year, place(datetime(year, 1, 1, tzinfo=UTC))
