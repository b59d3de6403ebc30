"""Whether an importer trusts what an exporter presents: Java's rule (`procedure.md`, "What a certificate must be")."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from checks.certificate import Certificate
from checks.keystore import Entries, Entry
from checks.violation import Violation

_LONGEST_CHAIN = 10


def anchor(entries: Entries, presented: Sequence[Certificate]) -> Entry | None:
    """The trusted entry on which the presented chain rests: the leaf itself or an issuer up the chain."""
    anchors = entries.trusted
    current = presented[0] if presented else None
    for _ in range(_LONGEST_CHAIN):
        if current is None:
            return None
        for entry in anchors:
            if entry.certificate == current:
                return entry
        for entry in anchors:
            if (
                entry.certificate
                and entry.certificate.subject == current.issuer
                and current.issued_by(entry.certificate)
            ):
                return entry
        leaf = current
        current = next((other for other in presented[1:] if other != leaf and leaf.issued_by(other)), None)
    return None


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
    subject = f"{store} trust in {exporter}"
    return Violation(importer, subject, wanted, leaf.sha256, found, f"Run step {step} for {importer}.")


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
    """Whether a leaf stands in the store under another alias than the documented one alone: Java does not mind."""
    leaf, found = presented[0], anchor(entries, presented)
    if found is None or found.certificate != leaf:
        return []  # nothing rests there, or the chain leads to a CA that has a name of its own
    if any(entry.alias == alias.lower() and entry.certificate == leaf for entry in entries.trusted):
        return []
    subject = f"{store} trust in {exporter}"
    return [Violation(importer, subject, "alias", alias.lower(), found.alias, f"Run step {step} for {importer}.")]


def superseded_entries(
    entries: Entries, names: Collection[str], presented: Collection[Certificate]
) -> tuple[Entry, ...]:
    """Trusted self-signed entries that stand for one of these names but are no longer presented by that host."""
    wanted = {name.lower() for name in names}
    return tuple(
        entry
        for entry in entries.trusted
        if entry.certificate
        and entry.certificate not in presented
        and entry.certificate.self_signed
        and wanted & {name.lower() for name in (*entry.certificate.dns_names, entry.certificate.common_name)}
    )
