"""What a certificate says of itself, and the policy's verdict in its exact words."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.x509.certificate import Certificate, Policy, certificate_violations, certificate_warnings
from tests.checks import made
from tests.checks.made import FQDN, NOW, certificate

OWN = Policy(validity_days=1095, san_required=True)
PEER = Policy()
SECOND = Policy(elliptic=True)
LEAF = certificate()
TWO_CURVES = [certificate(), certificate(kind="ec"), certificate("ads.example.com", dns=())]

# policy, certificate, the moment, "property: expected ..., found ..." of each violation
VERDICTS: dict[str, tuple[Policy, Certificate, datetime, list[str]]] = {
    "as it must be": (OWN, LEAF, NOW, []),
    "a name in capitals": (OWN, certificate("CVP1A", dns=("CVP1A.Example.COM",)), NOW, []),
    "no SAN but the common name": (PEER, certificate(dns=()), NOW, []),
    "one of several DNS names": (OWN, certificate(dns=("other.example.com", FQDN)), NOW, []),
    "CN without domain": (
        PEER,
        certificate("cvp1a", dns=()),
        NOW,
        [f"common name: expected {FQDN}, found cvp1a"],
    ),
    "SAN of another host counts more than CN": (
        PEER,
        certificate(dns=("cvp1b.example.com", "cvp1b")),
        NOW,
        [f"DNS name: expected {FQDN}, found cvp1b.example.com, cvp1b"],
    ),
    "a wildcard": (
        OWN,
        certificate("*.example.com", dns=("*.Example.com",)),
        NOW,
        [f"DNS name: expected {FQDN}, found *.Example.com (a wildcard that Java accepts)"],
    ),
    "a wildcard of another domain": (
        PEER,
        certificate("*.com", dns=()),
        NOW,
        [f"common name: expected {FQDN}, found *.com"],
    ),
    "SAN required": (
        OWN,
        certificate(dns=()),
        NOW,
        [f"subject alternative name: expected dns:{FQDN}, found none"],
    ),
    "SHA-384": (
        PEER,
        certificate(digest="sha384"),
        NOW,
        ["signature algorithm: expected SHA256withRSA, found SHA384withRSA"],
    ),
    "RSA 1024": (
        PEER,
        certificate(kind="1024"),
        NOW,
        ["key: expected RSA of 2048 bits or more, found RSA 1024"],
    ),
    "an EC key": (
        PEER,
        certificate(kind="ec"),
        NOW,
        [
            "key: expected RSA of 2048 bits or more, found EC secp256r1",
            "signature algorithm: expected SHA256withRSA, found SHA256withECDSA",
        ],
    ),
    "a second leaf": (SECOND, certificate(kind="ec"), NOW, []),
    "a second leaf on P-384 with SHA-384": (SECOND, certificate(kind="P-384", digest="sha384"), NOW, []),
    "a second leaf that an RSA authority signed": (
        SECOND,
        certificate(kind="ec", issuer="Root", signer="ca"),
        NOW,
        [],
    ),
    "a second leaf on a weak curve, with a short hash": (
        SECOND,
        certificate(kind="P-192", digest="sha224"),
        NOW,
        [
            "key: expected EC on the curve P-256, P-384 or P-521, found EC secp192r1",
            "signature algorithm: expected SHA-256 or longer, found SHA224withECDSA",
        ],
    ),
    "an RSA key in the second leaf's place": (
        SECOND,
        certificate(),
        NOW,
        ["key: expected EC on the curve P-256, P-384 or P-521, found RSA 2048"],
    ),
    "a second leaf that has expired": (
        SECOND,
        certificate(kind="ec", days=1),
        NOW,
        ["end of validity: expected after now (2026-06-01 12:00 UTC), found 2026-06-01 12:00 UTC, expired"],
    ),
    "90 days where 1095 were asked for": (
        OWN,
        certificate(days=90),
        NOW,
        ["validity: expected 1095 days, found 90 days"],
    ),
    "90 days, a peer's": (PEER, certificate(days=90), NOW, []),
    "notBefore in the future": (
        PEER,
        certificate(start=NOW + timedelta(hours=1)),
        NOW,
        ["start of validity: expected before now (2026-06-01 12:00 UTC), found 2026-06-01 13:00 UTC"],
    ),
    "notBefore is now": (PEER, certificate(start=NOW), NOW, []),
    "expired": (
        PEER,
        certificate(days=1 + 1 / 24),
        NOW + timedelta(days=2),
        ["end of validity: expected after now (2026-06-03 12:00 UTC), found 2026-06-01 13:00 UTC, expired"],
    ),
    "notAfter is now": (
        PEER,
        certificate(days=1),
        NOW,
        ["end of validity: expected after now (2026-06-01 12:00 UTC), found 2026-06-01 12:00 UTC, expired"],
    ),
    "29 days left": (PEER, certificate(days=30.9), NOW, ["days left: expected 30 or more, found 29"]),
    "30 days left": (PEER, certificate(days=31), NOW, []),
}


@pytest.mark.parametrize("policy, one, now, expected", VERDICTS.values(), ids=VERDICTS)
def test_the_policy_names_each_broken_rule(
    policy: Policy, one: Certificate, now: datetime, expected: list[str]
) -> None:
    found = certificate_violations("host", "subject", FQDN, one, policy, remedy="Do it.", now=now)
    assert [str(violation) for violation in found] == [f"host subject: {line}. Do it." for line in expected]


def test_a_certificate_signed_with_sha_1_breaks_two_rules_at_once() -> None:
    found = certificate_violations("host", "subject", FQDN, made.weak()[1], PEER, remedy="Do it.")
    assert [str(violation) for violation in found] == [
        "host subject: key: expected RSA of 2048 bits or more, found RSA 1024. Do it.",
        "host subject: signature algorithm: expected SHA256withRSA, found SHA1withRSA. Do it.",
    ]


@pytest.mark.parametrize("left, warned", [(29, False), (30, True), (179, True), (180, False)])
def test_between_the_two_limits_a_person_is_warned(left: int, warned: bool) -> None:  # noqa: FBT001 - a column
    start = datetime.now(NOW.tzinfo) - timedelta(days=1)
    one = certificate(start=start, days=left + 1.5)
    expected = [f"host WSM: {left} days left (warned below 180)"] if warned else []
    assert certificate_warnings("host", "WSM", one, PEER) == expected


@pytest.mark.parametrize("one", TWO_CURVES, ids=lambda one: one.key)
def test_fingerprints_are_those_of_its_bytes(one: Certificate) -> None:
    assert one.sha256 == _pairs(one.der)
    assert one.sha1 == hashlib.sha1(one.der, usedforsecurity=False).hexdigest()


def _pairs(der: bytes) -> str:
    return hashlib.sha256(der).digest().hex(":").upper()


def test_pem_and_bytes_are_the_same_certificate() -> None:
    assert Certificate.from_pem("some text before\n" + LEAF.pem.replace("\n", "\r\n") + "and after") == LEAF
    assert len({LEAF, Certificate.from_pem(LEAF.pem)}) == 1


@pytest.mark.parametrize(
    "seconds, days",
    [(0, 1095), (-1, 1095), (1, 1095), (-43_201, 1094)],
    ids=["exact", "a second early", "late", "less"],
)
def test_validity_is_counted_in_rounded_days(seconds: int, days: int) -> None:
    assert certificate(days=1095 + seconds / 86_400).validity_days == days


@pytest.mark.parametrize(
    "moment, left",
    [(NOW, 9), (NOW + timedelta(days=9), 0), (NOW + timedelta(days=9, seconds=1), -1)],
    ids=["before", "the last moment", "after"],
)
def test_days_left_are_whole_days(moment: datetime, left: int) -> None:
    assert certificate(days=10).days_left(moment) == left


CA = certificate("Example CA", dns=(), kind="ca")
ISSUED = certificate(issuer="Example CA", signer="ca")
IMPOSTOR = certificate("Example CA", dns=(), kind="other")
FORGED = certificate(signer="other")

RELATIONS: dict[str, tuple[Certificate, Certificate, bool]] = {
    "itself": (LEAF, LEAF, True),
    "an EC key, itself": (certificate(kind="ec"), certificate(kind="ec"), True),
    "SHA-1, itself": (made.weak()[1], made.weak()[1], True),
    "its CA": (ISSUED, CA, True),
    "another key under the CA's name": (ISSUED, IMPOSTOR, False),
    "another name": (ISSUED, LEAF, False),
    "issuer = subject, signed by another key": (FORGED, FORGED, False),
}


@pytest.mark.parametrize("one, issuer, fits", RELATIONS.values(), ids=RELATIONS)
def test_an_issuer_fits_by_name_and_key(one: Certificate, issuer: Certificate, fits: bool) -> None:  # noqa: FBT001
    assert one.issued_by(issuer) is fits
    if one == issuer:
        assert one.self_signed is fits


def test_a_certificate_of_a_ca_is_not_self_signed() -> None:
    assert not ISSUED.self_signed


def test_an_unreadable_key_is_judged_and_not_raised() -> None:
    unknown = LEAF.der.replace(bytes.fromhex("2a864886f70d010101"), bytes.fromhex("2a864886f70d01017f"))
    one = Certificate(unknown)
    assert one.key == "unreadable key"
    assert not one.self_signed
    found = certificate_violations("host", "subject", FQDN, one, PEER, remedy="", now=NOW)
    assert [(violation.property, violation.found) for violation in found] == [("key", "unreadable key")]


def test_names_are_told_in_the_order_of_the_certificate() -> None:
    assert ISSUED.subject == f"CN={FQDN}, O=Example"
    assert ISSUED.issuer == "CN=Example CA, O=Example"
    assert certificate("x", dns=()).names == ("x",)


def test_the_text_holds_what_an_engineer_looks_for() -> None:
    assert LEAF.text.splitlines() == [
        f"Subject:     CN={FQDN}, O=Example",
        f"Issuer:      CN={FQDN}, O=Example",
        "Serial:      1234",
        "Valid from:  2026-05-31 12:00:00 UTC",
        "Valid until: 2029-05-30 12:00:00 UTC",
        "Key:         RSA 2048",
        "Signature:   SHA256withRSA",
        f"DNS names:   {FQDN}",
        f"SHA-256:     {_pairs(LEAF.der)}",
    ]
    assert "DNS names:   (none)" in certificate(dns=()).text


@given(st.text())
def test_any_other_text_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        Certificate.from_pem(text)
