"""What a store holds, and what must and must not have changed in it."""

from __future__ import annotations

import pytest

from checks.keystore import Entries, Entry, EntryType, import_violations, unexpected_changes
from checks.violation import CouldNotFindOut, Kind, WrongState, judge
from checks.x509.certificate import Certificate
from tests.checks.made import certificate, own, store, trusted

A = certificate("a.example.com", dns=())
B = certificate("b.example.com", dns=(), kind="other")
CA = certificate("Root", dns=(), kind="ca")
ISSUED = certificate("c.example.com", dns=(), issuer="Root", signer="ca")
SECRET = Entry("s", EntryType.SECRET, ())


def test_entries_are_found_in_any_case_and_listed_sorted() -> None:
    entries = store(trusted("zz", A), own("key", B), SECRET)
    assert entries.find("KEY") == own("key", B)
    assert entries.certificate("Zz") == A
    assert entries.certificate("s") is None
    assert entries.certificate("nobody") is None
    assert [entry.alias for entry in entries.trusted] == ["zz"]
    assert entries.lines == (
        f"key, PrivateKeyEntry, {B.sha256}",
        "s, SecretKeyEntry, -",
        f"zz, trustedCertEntry, {A.sha256}",
    )


# before, after, allowed aliases, aliases of the violations
CHANGES: dict[str, tuple[Entries, Entries, list[str], list[str]]] = {
    "nothing": (store(trusted("x", A)), store(trusted("x", A)), [], []),
    "another order": (store(trusted("x", A), own("y", B)), store(own("y", B), trusted("x", A)), [], []),
    "allowed to change": (store(trusted("x", A)), store(trusted("x", B)), ["X"], []),
    "allowed to come": (store(), store(trusted("x", A)), ["x"], []),
    "allowed to go": (store(trusted("x", A)), store(), ["x"], []),
    "lost": (store(trusted("x", A), trusted("y", B)), store(trusted("y", B)), ["z"], ["x"]),
    "added": (store(), store(trusted("x", A)), ["z"], ["x"]),
    "changed": (store(trusted("x", A)), store(trusted("x", B)), [], ["x"]),
    "another type": (store(own("x", A)), store(trusted("x", A)), [], ["x"]),
    "everything, sorted": (store(trusted("y", A), trusted("x", A)), store(), [], ["x", "y"]),
    "its chain was cut": (store(own("x", ISSUED, CA)), store(own("x", ISSUED)), [], ["x"]),
}


@pytest.mark.parametrize("before, after, allowed, aliases", CHANGES.values(), ids=CHANGES)
def test_only_what_a_step_may_touch_may_have_changed(
    before: Entries, after: Entries, allowed: list[str], aliases: list[str]
) -> None:
    there = unexpected_changes("host", ".keystore", before, after, allowed)
    back = unexpected_changes("host", ".keystore", after, before, allowed)
    assert [one.subject for one in there] == [f".keystore alias {alias}" for alias in aliases]
    assert [(one.subject, one.expected, one.found) for one in back] == [
        (one.subject, one.found, one.expected) for one in there
    ]


def test_a_lost_entry_is_told_with_what_it_was() -> None:
    (found,) = unexpected_changes("cvp", "cacerts", store(trusted("x", A)), store(), ())
    assert str(found) == (
        f"cvp cacerts alias x: entry: expected x, trustedCertEntry, {A.sha256}, found no entry. The live store was not "
        "touched: remove the staged copy in the change's folder and run the step again."
    )


IMPORTS: dict[str, tuple[Entries, dict[str, Certificate], list[tuple[str, str, str]]]] = {
    "all there": (store(trusted("x", A), trusted("y", B)), {"X": A, "y": B}, []),
    "missing": (store(), {"x": A}, [("trusted certificate", A.sha256, "no entry")]),
    "a secret key": (store(SECRET), {"s": A}, [("trusted certificate", A.sha256, "no entry")]),
    "a key pair": (store(own("x", A)), {"x": A}, [("type of entry", "trustedCertEntry", "PrivateKeyEntry")]),
    "another certificate": (store(trusted("x", B)), {"x": A}, [("SHA-256", A.sha256, B.sha256)]),
    "two of them": (
        store(trusted("x", B)),
        {"x": A, "y": B},
        [("SHA-256", A.sha256, B.sha256), ("trusted certificate", B.sha256, "no entry")],
    ),
}


@pytest.mark.parametrize("entries, wanted, expected", IMPORTS.values(), ids=IMPORTS)
def test_an_import_is_judged_by_what_stands_under_each_alias(
    entries: Entries, wanted: dict[str, Certificate], expected: list[tuple[str, str, str]]
) -> None:
    found = import_violations("ads", "cacerts", entries, wanted, remedy="Again.")
    assert [(one.property, one.expected, one.found) for one in found] == expected
    assert {one.remedy for one in found} <= {"Again."}


def test_a_judgement_names_every_violation_and_none_is_none() -> None:
    one, two = (Kind("k", "s", "p", "e", "f", "r").at(host) for host in "ab")
    judge([])
    with pytest.raises(WrongState) as wrong:
        judge(found for found in (one, two))
    assert wrong.value.violations == (one, two)
    assert str(wrong.value) == "a s: p: expected e, found f. r\nb s: p: expected e, found f. r"


def test_what_could_not_be_found_out_is_no_failure() -> None:
    unknown = CouldNotFindOut("host", "port closed", "Start it.")
    assert not isinstance(unknown, AssertionError)
    assert str(unknown) == "host: port closed. Start it."
