"""Java's own trust manager as the judge of ours: whom a store trusts, and which names it takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.java_cases import CASES, PRESENTABLE, WILDCARDS, Case, java_says, leaf_named
from tests.checks.odd import FQDN

# It presents what `cryptography` refuses.
pytestmark = pytest.mark.filterwarnings("ignore:Passing pyOpenSSL X509")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_whom_a_store_trusts_is_what_java_says(case: Case, tmp_path: Path) -> None:
    assert java_says(case, tmp_path) is case.trusted


@pytest.mark.parametrize("case", PRESENTABLE.values(), ids=PRESENTABLE)
def test_java_trusts_a_leaf_that_stands_in_the_store_whatever_it_holds(case: Case, tmp_path: Path) -> None:
    assert java_says(case, tmp_path, FQDN)


@pytest.mark.parametrize("host, names, taken", WILDCARDS.values(), ids=WILDCARDS)
def test_a_wildcard_is_what_java_takes_for_one(
    host: str,
    names: tuple[str, ...],
    taken: bool,  # noqa: FBT001 - a column
    tmp_path: Path,
) -> None:
    one = leaf_named(names)
    assert java_says(Case([one], [one], trusted=taken), tmp_path, host) is taken
