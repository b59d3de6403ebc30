"""Java's rule on whether an importer trusts the chain that an exporter presents.

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
    """The entry by which Java trusts the presented chain; None if it does not trust it.

    It is the leaf itself, whatever its content (expired, weak, another name); or an issuer further up that may issue,
    if Java accepts every certificate below it at the time `now`.
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
    """True if a chain leads to an entry by names and signatures; Java may still reject it for other reasons."""
    anchors = entries.anchors
    return _itself(anchors, presented) is not None or any(
        _issuer(anchors, current, lambda _: True) for current in _upwards(presented, lambda _: True)
    )


def _itself(anchors: Sequence[Entry], presented: Sequence[Certificate]) -> Entry | None:
    """The entry that holds one of these certificates."""
    return next((entry for entry in anchors if entry.certificate in presented), None)


def _issuer(anchors: Sequence[Entry], current: Certificate, may_issue: Callable[[Certificate], bool]) -> Entry | None:
    """The entry whose certificate has issued this one and may issue."""
    return next(
        (
            entry
            for entry in anchors
            if entry.certificate and may_issue(entry.certificate) and current.issued_by(entry.certificate)
        ),
        None,
    )


def _upwards(presented: Sequence[Certificate], may_issue: Callable[[Certificate], bool]) -> Iterator[Certificate]:
    """Yield the leaf, then its issuers from below upwards, in whatever order they were presented."""
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
    """The finding that a store has no anchor for a leaf; `instead`: the certificates found where it was expected."""
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
    """Return a violation if the store holds the leaf, but under an alias other than the documented one only.

    Java ignores aliases: the trust works all the same.
    """
    leaf, found = presented[0], anchor(entries, presented)
    if found is None or found.certificate != leaf or found.alias == alias.lower():
        return []  # not trusted at all; or by a CA, which has an alias of its own; or the alias is as documented
    if any(entry.alias == alias.lower() and entry.certificate == leaf for entry in entries.trusted):
        return []
    documented = alias.lower()
    return [
        kinds.OTHER_ALIAS.at(importer, store=store, exporter=exporter, alias=documented, found=found.alias, step=step)
    ]
