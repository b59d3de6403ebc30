"""Superseded entries of a store: those that stand for a server that uses other certificates now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from checks.keystore import Entries
from checks.superseded import InUse, names_only, superseded_entries, superseded_violation
from checks.x509.certificate import Certificate
from tests.checks.made import FQDN, certificate, own, store, trusted

LEAF = certificate()
OLDER = certificate(kind="other", days=30)
ISSUED = certificate(issuer="Root", signer="ca")
NOW_PRESENTED = certificate(kind="other")
SUPERSEDED: dict[str, tuple[Entries, list[str]]] = {
    "an older one under whatever alias": (
        store(trusted("aw_cert", LEAF), trusted("util-1", OLDER)),
        ["aw_cert", "util-1"],
    ),
    "what is presented now stays": (store(trusted(FQDN, NOW_PRESENTED)), []),
    "a CA-signed one is somebody else's": (store(trusted("x", ISSUED)), []),
    "a key is never superseded": (store(own("x", LEAF)), []),
    "another host's": (store(trusted("x", certificate("ads.example.com", dns=()))), []),
    "the short name counts, in any case": (store(trusted("x", certificate("CVP1A", dns=()))), ["x"]),
    "a DNS name counts": (store(trusted("x", certificate("somebody", dns=("CVP1A.example.com",)))), ["x"]),
}


@pytest.mark.parametrize("entries, aliases", SUPERSEDED.values(), ids=SUPERSEDED)
def test_superseded_is_what_stands_for_a_host_and_is_presented_no_more(entries: Entries, aliases: list[str]) -> None:
    found = superseded_entries(entries, (FQDN.upper(), "cvp1a"), [NOW_PRESENTED])
    assert [entry.alias for entry in found] == aliases


# -- certificates from before this change ------------------------------------------------------------------------------

YEAR = timedelta(days=365)
BEFORE, TODAY = datetime(2025, 6, 1, tzinfo=UTC), datetime.now(UTC)
OLD = certificate(start=BEFORE - YEAR)
OUTLIVED: dict[str, tuple[dict[str, Certificate], set[str], bool]] = {
    "all that is presented is younger": ({"WSM": certificate(start=BEFORE)}, set(), True),
    "one that is presented is older": (
        {"WSM": certificate(start=BEFORE), "VXML": certificate(start=BEFORE - 2 * YEAR)},
        set(),
        False,
    ),
    "the older one is about to be made anew": ({"VXML": certificate(start=BEFORE - 2 * YEAR)}, {"VXML"}, True),
    "only another kind of key is presented": ({"ECDSA": certificate(kind="ec", start=BEFORE)}, set(), False),
    "nothing is presented": ({}, set(), False),
}


@pytest.mark.parametrize("presented, anew, outlived", OUTLIVED.values(), ids=OUTLIVED)
def test_a_server_has_outlived_a_certificate_when_all_of_its_kind_are_younger(
    presented: dict[str, Certificate], anew: set[str], *, outlived: bool
) -> None:
    in_use = InUse(tuple((kind, (one,)) for kind, one in presented.items()), frozenset({LEAF}))
    assert in_use.has_outlived(OLD, anew.__contains__) is outlived
    assert in_use.certificates == {LEAF, *presented.values()}


@pytest.mark.parametrize("names, only", [({FQDN}, True), ({FQDN, "cvp1a"}, True), ({"cvp1a"}, False), (set(), False)])
def test_an_entry_may_name_nothing_else(names: set[str], *, only: bool) -> None:
    assert names_only(trusted("x", LEAF), names) is only


def test_the_finding_names_store_alias_and_server() -> None:
    one = superseded_violation("ads", "cacerts", trusted("x", LEAF), FQDN)
    assert (one.host, one.subject, one.found) == ("ads", "cacerts alias x", LEAF.sha256)
    assert FQDN in one.property
