"""Judge the certificates that step 1.1.iii has made in the staged copy of a keystore."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checks.keystore import Entries, EntryType
from checks.kinds import certificates as kinds
from checks.violation import Violation
from checks.x509.certificate import Certificate, Policy, certificate_violations

_REMEDY = "Run steps 1.1.ii and 1.1.iii again."


@dataclass(frozen=True)
class Request:
    """The certificate that was asked for."""

    subject: str  # as it is given to keytool
    attributes: frozenset[tuple[str, str]]  # of that subject: keyword and value
    policy: Policy
    validity_days: int


def renewal_violations(
    host: str, aliases: Iterable[str], entries: Entries, before: Entries | None, request: Request
) -> list[Violation]:
    """Return a violation for each alias without a key pair, or whose certificate breaks the policy or the request.

    A certificate from before the change was not requested: only the policy is checked for it.
    """
    found: list[Violation] = []
    for alias in aliases:
        entry = entries.find(alias)
        if entry is None or entry.certificate is None or entry.type is not EntryType.KEY:
            found.append(kinds.NO_KEY_PAIR.at(host, alias=alias, type=entry.type if entry else "none"))
            continue
        found += certificate_violations(host, alias, host, entry.certificate, request.policy, remedy=_REMEDY)
        if before is not None and entry.certificate != before.certificate(alias):
            found += _not_as_requested(host, alias, entry.certificate, request)
    return found


def _not_as_requested(host: str, alias: str, one: Certificate, request: Request) -> list[Violation]:
    found = []
    if set(one.subject_attributes) != request.attributes:
        found.append(kinds.OTHER_SUBJECT.at(host, alias=alias, wanted=request.subject, subject=one.subject))
    if one.validity_days != request.validity_days:
        found.append(kinds.OTHER_VALIDITY.at(host, alias=alias, wanted=request.validity_days, days=one.validity_days))
    return found


def pair_violations(host: str, entries: Entries, alias: str, other: str) -> list[Violation]:
    """Return a violation if two aliases that must hold one key pair hold two."""
    if entries.certificate(alias) == entries.certificate(other):
        return []
    return [kinds.TWO_PAIRS.at(host, alias=alias, other=other)]
