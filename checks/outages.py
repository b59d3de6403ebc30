"""Guards against outages: trusts that work now and that a change or a rollback of a host would end."""

from __future__ import annotations

from dataclasses import dataclass

from checks.keystore import Entries
from checks.kinds import trusts as kinds
from checks.trust import anchor
from checks.violation import Violation
from checks.x509.certificate import Certificate

# -- before an exporter presents another certificate -------------------------------------------------------------------


@dataclass(frozen=True)
class Importer:
    """An importer of a certificate of the host.

    `works`: it trusts the present certificate (for a rollback: it trusted, before the change, the one to be restored).
    `holds`: its store holds the one that will be presented. `ready`: its service runs with that store.
    """

    fqdn: str
    kind: str
    works: bool
    holds: bool
    ready: bool


def activation_violations(host: str, step: str, importer: Importer) -> list[Violation]:
    """Return a violation if activating the host would end a trust that works; `step` brings the new certificate."""
    if not importer.works or (importer.holds and importer.ready):
        return []
    return [kinds.WOULD_END.at(host, kind=importer.kind, importer=importer.fqdn, step=step)]


def rollback_violations(host: str, importer: Importer) -> list[Violation]:
    """Return a violation if the rollback of the host would end a trust that worked before the change."""
    if not importer.works or (importer.holds and importer.ready):
        return []
    kind = kinds.NOT_LOADED if importer.holds else kinds.NOT_GIVEN_BACK
    return [kind.at(host, kind=importer.kind, importer=importer.fqdn)]


# -- before an importer's store is restored ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Exporter:
    """An exporter of a certificate that the host imports: the leaf that it presents, and the one from before."""

    fqdn: str
    kind: str
    presented: Certificate | None
    before: Certificate | None


def exporter_violations(host: str, live: Entries, before: Entries, exporter: Exporter) -> list[Violation]:
    """Return a violation if a trust works with the live store and would end with the store from before the change."""
    now = exporter.presented
    if now is None or now == exporter.before or not anchor(live, [now]) or anchor(before, [now]):
        return []
    return [kinds.EXPORTER_NOT_ROLLED_BACK.at(host, exporter=exporter.fqdn, kind=exporter.kind, sha256=now.sha256)]
