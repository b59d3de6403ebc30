"""Java's rule for the question if an importer trusts the chain that an exporter presents.

Source: `docs/procedure.md`, "What a certificate must be".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime

from checks.keystore import Entries, Entry
from checks.kinds import trusts as kinds
from checks.violation import Violation
from checks.x509 import paths
from checks.x509.certificate import Certificate

_LONGEST_CHAIN = 10


def anchor(entries: Entries, presented: Sequence[Certificate], *, now: datetime | None = None) -> Entry | None:
    """The entry on which the presented chain rests, by Java's rule.

    The leaf itself, whatever it holds; or an issuer up the chain that may issue, over certificates that Java takes now.
    """
    moment, anchors = now or datetime.now(UTC), entries.anchors
    if itself := _itself(anchors, presented[:1]):
        return itself
    for current in _upwards(presented, paths.may_issue):
        if not paths.may_be_issued(current, moment) or (current == presented[0] and not paths.may_be_leaf(current)):
            return None
        if found := _issuer(anchors, current, paths.may_anchor):
            return found
    return None


def vouched_for(entries: Entries, presented: Sequence[Certificate]) -> bool:
    """True if a chain leads to one of the entries by names and signatures, whatever else Java would find fault with."""
    anchors = entries.anchors
    return _itself(anchors, presented) is not None or any(
        _issuer(anchors, current, lambda _: True) for current in _upwards(presented, lambda _: True)
    )


def _itself(anchors: Sequence[Entry], presented: Sequence[Certificate]) -> Entry | None:
    """The entry that holds one of these very certificates."""
    return next((entry for entry in anchors if entry.certificate in presented), None)


def _issuer(anchors: Sequence[Entry], current: Certificate, may_issue: Callable[[Certificate], bool]) -> Entry | None:
    """The entry that has issued a certificate and may do so."""
    return next(
        (
            entry
            for entry in anchors
            if entry.certificate and may_issue(entry.certificate) and current.issued_by(entry.certificate)
        ),
        None,
    )


def _upwards(presented: Sequence[Certificate], may_issue: Callable[[Certificate], bool]) -> Iterator[Certificate]:
    """The leaf and, in whatever order they were presented, its issuers."""
    current = presented[0] if presented else None
    for _ in range(_LONGEST_CHAIN):
        if current is None:
            return
        yield current
        leaf = current
        issuers = (one for one in presented[1:] if one != leaf and may_issue(one) and leaf.issued_by(one))
        current = next(issuers, None)


def missing_anchor(
    importer: str,
    exporter: str,
    store: str,
    wanted: str,
    leaf: Certificate,
    instead: Iterable[Certificate | None],
    *,
    step: str,
) -> Violation:
    """The finding that a store holds nothing on which a leaf rests; `instead` is what stands in its place."""
    found = ", ".join(f"{one.sha256} (an older certificate)" for one in instead if one) or "no entry"
    return kinds.NO_ANCHOR.at(
        importer, store=store, exporter=exporter, wanted=wanted, sha256=leaf.sha256, instead=found, step=step
    )


def alias_violations(
    importer: str,
    exporter: str,
    store: str,
    alias: str,
    entries: Entries,
    presented: Sequence[Certificate],
    *,
    step: str,
) -> list[Violation]:
    """Return a violation if the leaf stands in the store only under an alias other than the documented one.

    Java does not mind the alias.
    """
    leaf, found = presented[0], anchor(entries, presented)
    if found is None or found.certificate != leaf or found.alias == alias.lower():
        return []  # nothing rests there, or on a CA that has a name of its own, or on what stands where it should
    if any(entry.alias == alias.lower() and entry.certificate == leaf for entry in entries.trusted):
        return []
    documented = alias.lower()
    return [
        kinds.OTHER_ALIAS.at(importer, store=store, exporter=exporter, alias=documented, found=found.alias, step=step)
    ]
