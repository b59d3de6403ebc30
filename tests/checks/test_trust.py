"""Java's rule: the leaf itself is in the store, or its chain leads to an entry there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from checks.keystore import Entries
from checks.trust import alias_violations, anchor, missing_anchor
from checks.x509.certificate import Certificate
from tests.checks.made import FQDN, NOW, certificate, own, store, trusted

LEAF = certificate()
OLDER = certificate(start=NOW - timedelta(days=700))
EXPIRED = certificate(start=NOW - timedelta(days=700), days=10)
ROOT = certificate("Root", dns=(), kind="ca")
SAME_SUBJECT = certificate("Root", dns=(), kind="other")
MIDDLE = certificate("Middle", dns=(), kind="other", issuer="Root", signer="ca")
ISSUED = certificate(issuer="Root", signer="ca")
DEEP = certificate(issuer="Middle", signer="other")
LOOP_A = certificate("A", dns=(), kind="ca", issuer="B", signer="other")
LOOP_B = certificate("B", dns=(), kind="other", issuer="A", signer="ca")

# entries, presented chain, the alias on which the trust rests
ANCHORS: dict[str, tuple[Entries, list[Certificate], str | None]] = {
    "the leaf itself": (store(trusted("other", OLDER), trusted("leaf", LEAF)), [LEAF], "leaf"),
    "an expired leaf in the store": (store(trusted("leaf", EXPIRED)), [EXPIRED], "leaf"),
    "the leaf before its CA": (store(trusted("root", ROOT), trusted("leaf", ISSUED)), [ISSUED, ROOT], "leaf"),
    "its CA, which was not presented": (store(trusted("root", ROOT)), [ISSUED], "root"),
    "up the presented chain": (store(trusted("root", ROOT)), [DEEP, MIDDLE, ROOT], "root"),
    "a chain presented in disorder": (store(trusted("root", ROOT)), [DEEP, ROOT, MIDDLE], "root"),
    "an intermediate in the store": (store(trusted("middle", MIDDLE)), [DEEP, MIDDLE], "middle"),
    "the second of two anchors with one subject": (
        store(trusted("iis", SAME_SUBJECT), trusted("dfp", ROOT)),
        [ISSUED],
        "dfp",
    ),
    "only another anchor with that subject": (store(trusted("iis", SAME_SUBJECT)), [ISSUED], None),
    "an intermediate that is not presented": (store(trusted("root", ROOT)), [DEEP], None),
    "the leaf of a key": (store(own("leaf", LEAF)), [LEAF], "leaf"),
    "a key entry's CA is no anchor": (store(own("leaf", DEEP, ROOT)), [ISSUED, ROOT], None),
    "an older certificate of the same name and key": (store(trusted("leaf", OLDER)), [EXPIRED], None),
    "nothing presented": (store(trusted("leaf", LEAF)), [], None),
    "an empty store": (store(), [LEAF], None),
    "a chain that runs in a circle": (store(trusted("leaf", LEAF)), [LOOP_A, LOOP_B], None),
}


@pytest.mark.parametrize("entries, presented, alias", ANCHORS.values(), ids=ANCHORS)
def test_trust_rests_on_the_leaf_or_on_an_issuer(
    entries: Entries, presented: list[Certificate], alias: str | None
) -> None:
    found = anchor(entries, presented)
    assert (found.alias if found else None) == alias


OTHER = certificate(kind="other", start=NOW - timedelta(days=700))
MISSING: dict[str, tuple[list[Certificate | None], str]] = {
    "nothing there": ([], "no entry"),
    "nothing under the alias": ([None], "no entry"),
    "an older certificate there": ([OTHER], f"{OTHER.sha256} (an older certificate)"),
}


@pytest.mark.parametrize("instead, found", MISSING.values(), ids=MISSING)
def test_a_missing_anchor_says_what_stands_in_its_place(instead: list[Certificate | None], found: str) -> None:
    one = missing_anchor("ads", "CVP1A", "cacerts", "certificate under alias x", LEAF, instead, step="1.2.c")
    assert (one.host, one.subject) == ("ads", "cacerts trust in CVP1A")
    assert (one.property, one.expected, one.found) == ("certificate under alias x", LEAF.sha256, found)
    assert one.remedy == "Run step 1.2.c for ads."


# entries, presented chain, the other alias under which the leaf stands alone
ALIASES: dict[str, tuple[Entries, list[Certificate], str | None]] = {
    "under the documented alias": (store(trusted(FQDN, LEAF)), [LEAF], None),
    "under both": (store(trusted("aw_cert", LEAF), trusted(FQDN, LEAF)), [LEAF], None),
    "under another": (store(trusted("aw_cert", LEAF)), [LEAF], "aw_cert"),
    "older at the alias, the leaf elsewhere": (
        store(trusted(FQDN, OTHER), trusted("aw_cert", LEAF)),
        [LEAF],
        "aw_cert",
    ),
    "a key under the documented alias": (store(own(FQDN, LEAF), trusted("aw_cert", LEAF)), [LEAF], "aw_cert"),
    "a key alone, under the documented alias": (store(own(FQDN, LEAF)), [LEAF], None),
    "a chain to a CA, which has a name of its own": (store(trusted("root", ROOT)), [ISSUED], None),
    "nothing there: another finding says so": (store(), [LEAF], None),
}


@pytest.mark.parametrize("entries, presented, found", ALIASES.values(), ids=ALIASES)
def test_a_leaf_under_another_alias_is_a_finding(
    entries: Entries, presented: list[Certificate], found: str | None
) -> None:
    told = alias_violations("ads", "CVP1A", "cacerts", FQDN.upper(), entries, presented, step="1.2.c")
    assert [(one.property, one.expected, one.found) for one in told] == ([("alias", FQDN, found)] if found else [])
