"""A staged copy, judged before it takes the live store's place."""

from __future__ import annotations

import pytest

from checks.keystore import Entries
from checks.staged import (
    changed_since_violations,
    copy_violations,
    not_activated_violations,
    not_approved_violations,
)
from tests.checks.made import certificate, own, store, trusted

LEAF, OTHER = certificate(), certificate(kind="other")
COPIES: dict[str, tuple[Entries | None, list[tuple[str, str]]]] = {
    "whole": (store(own("vxml", LEAF), trusted("x", OTHER)), []),
    "it does not open": (None, [("staged copy", "a broken file")]),
    "its own entry is gone": (store(trusted("x", OTHER)), [("entry in the staged copy", "none")]),
    "its own entry is no key": (store(trusted("vxml", LEAF)), [("entry in the staged copy", "trustedCertEntry")]),
}


@pytest.mark.parametrize("staged, found", COPIES.values(), ids=COPIES)
def test_a_copy_opens_and_holds_every_own_key(staged: Entries | None, found: list[tuple[str, str]]) -> None:
    told = copy_violations("cvp1a", "staged\\.keystore", staged, ["vxml"])
    assert [(one.property, one.found) for one in told] == found


@pytest.mark.parametrize("live, copied, wrong", [("a", "a", 0), ("b", "a", 1), (None, "a", 1)])
def test_a_live_store_must_still_be_the_one_that_was_copied(live: str | None, copied: str, wrong: int) -> None:
    assert len(changed_since_violations("cvp1a", ".keystore", live, copied)) == wrong


def test_only_what_the_change_made_or_the_plan_names_may_go_live() -> None:
    entries = [trusted("mine", LEAF), trusted("strange", OTHER)]
    (found,) = not_approved_violations("ads", "cacerts", entries, {LEAF})
    assert (found.subject, found.found) == ("cacerts alias strange", OTHER.sha256)


def test_entries_that_were_never_activated_would_be_lost() -> None:
    copied = store(trusted("x", OTHER))
    assert not_activated_violations("ads", "cacerts", copied, copied, "1.2.d") == []
    (found,) = not_activated_violations("ads", "cacerts", store(*copied, trusted("new", LEAF)), copied, "1.2.d")
    assert found.found == "new"
    assert "step 1.2.d" in found.remedy
