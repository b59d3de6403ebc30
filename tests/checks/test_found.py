"""Certificates of servers recognised in any store: by fingerprint or by key, and never by their names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.found import Held, Known, trusts_in
from checks.keystore import Entry, EntryType
from tests.checks.made import certificate

LEAF = certificate("cvp1a.example.com")
SAME_NAME = certificate("cvp1a.example.com", kind="ec")
KNOWN = Known("cvp1a.example.com", "WSM", LEAF.sha256, LEAF.key_sha256, LEAF.subject)


def test_an_entry_is_reduced_to_what_a_trust_rests_on() -> None:
    held = Held.of(Entry("by hand", EntryType.TRUSTED, (LEAF,)))
    assert held == Held("by hand", True, LEAF.sha256, LEAF.key_sha256, LEAF.subject, LEAF.common_name)
    assert LEAF.key_sha256 != SAME_NAME.key_sha256


@pytest.mark.parametrize(
    "entry",
    [
        Entry("a secret", EntryType.SECRET, ()),
        Entry("By Hand", EntryType.TRUSTED, (LEAF,)),  # Java does not find it: it trusts nobody by it
    ],
    ids=["no certificate", "hidden"],
)
def test_an_entry_that_makes_no_trust_is_none(entry: Entry) -> None:
    assert Held.of(entry) is None


@pytest.mark.parametrize(
    "held, found",
    [
        (Held("a", trusted=True, sha256=LEAF.sha256, key=""), True),
        (Held("a", trusted=True, sha256="another", key=LEAF.key_sha256, subject=LEAF.subject), True),
        (Held("a", trusted=True, sha256="another", key=LEAF.key_sha256, subject="CN=its clone"), False),
        (Held("cvp1a.example.com", trusted=True), False),
        (Held("a", trusted=False, sha256=LEAF.sha256, key=LEAF.key_sha256), False),
        (Held("a", trusted=True, sha256=SAME_NAME.sha256, key=SAME_NAME.key_sha256), False),
    ],
    ids=[
        "the fingerprint",
        "key and subject",
        "the key of a clone",
        "a name alone, in a list",
        "a key pair",
        "the name alone",
    ],
)
def test_what_makes_a_trust(held: Held, found: bool) -> None:  # noqa: FBT001
    assert bool([*trusts_in([held], [KNOWN])]) is found


def test_keys_that_cannot_be_read_are_never_the_same() -> None:
    unread = Known("cvp1a.example.com", "WSM", LEAF.sha256, "", LEAF.subject)
    assert not [*trusts_in([Held("a", trusted=True, sha256="another", key="", subject=LEAF.subject)], [unread])]


_WORDS = st.text("AB", max_size=2)
_HELD = st.builds(Held, _WORDS, st.booleans(), _WORDS, _WORDS, _WORDS, _WORDS)
_KNOWN = st.builds(Known, _WORDS, _WORDS, _WORDS, _WORDS, _WORDS, _WORDS)


@given(st.lists(_HELD), st.lists(_KNOWN))
def test_each_pair_stands_there_once_and_in_the_store_s_order(held: list[Held], known: list[Known]) -> None:
    found = [*trusts_in(held, known)]
    assert found == [(entry, one) for entry in held if entry.trusted for one in known if one.is_in(entry)]
