"""Whom a store trusts, and which names it takes: Java's rule (`tests/solution/test_java.py` asks Java for all)."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.trust import anchor
from tests.checks.java_cases import CASES, PRESENTABLE, WILDCARDS, Case, authority, issued, java_says, leaf_named
from tests.checks.odd import RSA_512

ASKED = (
    "itself, though expired",
    "its own, with the key",
    "its root, no authority",
    "for clients, its root",
    "under an alias that is not lower-cased",
    "a PrintableString for a UTF8String",
)


@pytest.mark.parametrize("case", [*CASES.values(), *PRESENTABLE.values()], ids=[*CASES, *PRESENTABLE])
def test_whom_a_store_trusts_is_java_s_rule(case: Case) -> None:
    assert (anchor(case.entries(), case.chain) is not None) is case.trusted


def test_a_key_that_is_too_short_is_trusted_by_itself_alone() -> None:
    short = issued(key=RSA_512)  # shorter than jdk.certpath.disabledAlgorithms lets pass; no server here has such a key
    assert anchor(Case([short], [authority()], trusted=False).entries(), [short]) is None
    assert anchor(Case([short], [short], trusted=True).entries(), [short]) is not None


@pytest.mark.filterwarnings("ignore:Passing pyOpenSSL X509")  # which presents what `cryptography` refuses
@pytest.mark.parametrize("kind", ASKED)
def test_java_says_so(kind: str, tmp_path: Path) -> None:
    assert java_says(CASES[kind], tmp_path) is CASES[kind].trusted


@pytest.mark.parametrize("host, names, taken", WILDCARDS.values(), ids=WILDCARDS)
def test_a_wildcard_stands_for_one_label(host: str, names: tuple[str, ...], taken: bool) -> None:  # noqa: FBT001
    assert bool(leaf_named(names).wildcard_for(host)) is taken
