"""Whether an importer trusts what an exporter presents: Java's rule (`procedure.md`, "What a certificate must be")."""

from __future__ import annotations

from collections.abc import Collection, Sequence

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


def edge_violations(
    importer: str,
    exporter: str,
    store: str,
    alias: str,
    entries: Entries,
    presented: Sequence[Certificate],
    *,
    step: str,
) -> list[Violation]:
    """Why the edge does not hold, or holds under another alias than the documented one; empty when all is well."""
    leaf = presented[0]
    entry = entries.find(alias)
    at_alias = entry.certificate if entry else None
    if at_alias == leaf and entry in entries.trusted:
        return []
    subject = f"{store} trust in {exporter}"
    remedy = f"Run step {step} for {importer}."
    resting_on = anchor(entries, presented)
    if resting_on is None:
        found = f"{at_alias.sha256} (an older certificate)" if at_alias else "no entry"
        return [Violation(importer, subject, f"certificate under alias {alias.lower()}", leaf.sha256, found, remedy)]
    if resting_on.certificate == leaf:
        return [Violation(importer, subject, "alias", alias.lower(), resting_on.alias, remedy)]
    return []  # the chain leads to a CA that the store holds


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
