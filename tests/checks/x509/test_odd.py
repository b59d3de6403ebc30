"""Whatever stands in a certificate: nothing that it says of itself raises, and its bytes stay what they are."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jks
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.keystore import EntryType
from checks.superseded import superseded_entries
from checks.trust import anchor
from checks.x509.certificate import Certificate, Policy, certificate_violations, certificate_warnings
from checks.x509.fields import NEVER
from fixtures.parsers.keytool import parse_listing
from tests.checks.java import PASSWORD, trust_store
from tests.checks.made import KEYTOOL, NOW, store, trusted
from tests.checks.odd import FQDN, KINDS, NAME, TAKEN, Odd, certificate, name

EACH = pytest.mark.parametrize("odd", KINDS.values(), ids=KINDS)
PROPERTIES = [key for key, value in vars(Certificate).items() if hasattr(value, "__get__") and not callable(value)]


def told(one: Certificate) -> dict[str, Any]:
    """Everything that a certificate says of itself, and what is said of it."""
    said = {key: getattr(one, key) for key in PROPERTIES if key not in ("from_pem", "all_from_pem")}
    judged: list[Callable[[], object]] = [
        one.days_left,
        lambda: one.issued_by(one),
        lambda: certificate_violations("h", "s", FQDN, one, Policy(), remedy="r"),
        lambda: certificate_warnings("h", "s", one, Policy()),
        lambda: anchor(store(trusted("a", one)), [one]),
        lambda: superseded_entries(store(trusted("a", one)), [FQDN], []),
    ]
    return said | {str(number): judge() for number, judge in enumerate(judged)}


@EACH
def test_a_certificate_tells_what_it_can_and_names_what_cannot_be_read(odd: Odd) -> None:
    one = odd.certificate
    said = told(one)
    assert {"subject", "names", "key", "signature", "not_after", "text", "pem", "sha256", "self_signed"} <= said.keys()
    assert one.unreadable == odd.unreadable
    assert one.self_signed is odd.self_signed
    assert one.sha256.replace(":", "").lower() == hashlib.sha256(one.der).hexdigest()
    assert Certificate.from_pem(one.pem) == one
    for part in odd.unreadable:
        assert f"Cannot be read: {part}" in one.text


def test_java_takes_what_is_said_to_be_taken_and_keeps_every_byte(tmp_path: Path) -> None:
    entries = [jks.TrustedCertEntry.new(kind, one.certificate.der) for kind, one in TAKEN.items()]
    listed = parse_listing(listing(trust_store(tmp_path / "taken", entries)))
    assert {one.alias: one.certificate for one in listed} == {
        kind.lower(): one.certificate for kind, one in TAKEN.items()
    }
    assert {one.type for one in listed} == {EntryType.TRUSTED}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in TAKEN])
def test_java_refuses_what_is_said_to_be_refused(kind: str, tmp_path: Path) -> None:
    entry = jks.TrustedCertEntry.new("a", KINDS[kind].certificate.der)
    assert "java.security.cert." in listing(trust_store(tmp_path / "refused", [entry]))


def listing(file: Path) -> str:
    options = f"-J-XX:TieredStopAtLevel=1 -list -rfc -storetype JKS -keystore {file} -storepass {PASSWORD}"
    return subprocess.run([KEYTOOL, *options.split()], check=False, capture_output=True, text=True).stdout


NAMES: dict[str, tuple[str, ...]] = {
    "a BMPString": ("CN=odd.example.com", "O=Zürich 東京"),
    "Latin-1 in a UTF8String": ("CN=odd.example.com", "O=Orléans"),
    "a T61String": ("CN=odd.example.com", "O=Orléans"),
    "an unknown attribute": ("CN=odd.example.com", "1.2.3.4.5=x"),
    "a SEQUENCE in a name": ("CN=odd.example.com", "O=#3003020101"),
    "a multi-valued relative name": ("CN=odd", "O=Example"),
    "an empty relative name": ("CN=odd",),
    "no subject": (),
}


@pytest.mark.parametrize("kind, parts", NAMES.items(), ids=NAMES)
def test_a_name_is_told_as_well_as_it_can_be(kind: str, parts: tuple[str, ...]) -> None:
    assert KINDS[kind].certificate.subject == ", ".join(parts)


TIMES = {
    "an end that is none": ("2025-01-01 00:00:00", "9999-12-31 23:59:59"),
    "a fraction of a second": ("2025-01-01 00:00:00", "2049-06-24 00:00:00"),
    "no seconds": ("2025-01-01 00:00:00", "2049-06-24 00:00:00"),
    "another time zone": ("2024-12-31 23:00:00", "2049-06-24 01:00:00"),
    "no month 99": (f"{NEVER:%Y-%m-%d %H:%M:%S}",) * 2,
}


@pytest.mark.parametrize("kind, times", TIMES.items(), ids=TIMES)
def test_times_are_those_of_utc(kind: str, times: tuple[str, str]) -> None:
    one = KINDS[kind].certificate
    assert (f"{one.not_before:%Y-%m-%d %H:%M:%S}", f"{one.not_after:%Y-%m-%d %H:%M:%S}") == times


# What the policy says of a certificate that is about a step: property and finding.
FINDINGS: dict[str, list[tuple[str, str]]] = {
    "plain": [],
    "Latin-1 in a UTF8String": [],
    "an x400Address": [],
    "a negative serial number": [],
    "version 1": [],
    "a torn subject alternative name": [
        ("subject alternative name", "one that cannot be read: Java treats it as absent"),
    ],
    "an IP address alone": [],
    "no month 99": [("validity", "times that cannot be read")],
    "an unknown kind of key": [("key", "unreadable key")],
    "RSA of 512 bits": [("key", "RSA 512")],
    "Ed25519": [("key", "Ed25519"), ("signature algorithm", "Ed25519")],
    "DSA": [("key", "DSA 2048"), ("signature algorithm", "SHA256withDSA")],
    "RSASSA-PSS": [("signature algorithm", "RSASSA-PSS")],
    "MD5": [("signature algorithm", "MD5withRSA")],
    "an unknown algorithm": [("signature algorithm", "1.2.3.4.5")],
    "Latin-1 in a dNSName": [],
}


@pytest.mark.parametrize("kind, findings", FINDINGS.items(), ids=FINDINGS)
def test_the_policy_says_which_rule_a_certificate_breaks(kind: str, findings: list[tuple[str, str]]) -> None:
    found = certificate_violations("h", "s", FQDN, KINDS[kind].certificate, Policy(), remedy="r", now=NOW)
    assert [(one.property, one.found) for one in found] == findings


def test_bytes_that_are_no_certificate_break_one_rule() -> None:
    one = Certificate(b"\x30\x03\x02\x01\x07")
    (found,) = certificate_violations("h", "s", FQDN, one, Policy(), remedy="r")
    assert (found.property, found.found) == ("certificate", "other bytes")
    assert one.unreadable == ("certificate",)


def test_what_cannot_be_read_is_warned_of_where_a_step_is_about_it() -> None:
    warned = certificate_warnings("h", "IIS", KINDS["Latin-1 in a UTF8String"].certificate, Policy())
    assert warned == [f"h IIS: its {part} cannot be read by the rules" for part in ("issuer", "subject")]


def test_what_cannot_be_read_is_never_called_superseded() -> None:
    for kind, odd in KINDS.items():
        one = odd.certificate
        found = superseded_entries(store(trusted("a", one)), [FQDN, "odd"], [])
        expected = odd.self_signed and not odd.unreadable and bool({FQDN, "odd"} & {*one.dns_names, one.common_name})
        assert bool(found) is expected, kind


SEEDS = [one.certificate.der for one in KINDS.values()]


@given(st.data())
def test_no_change_of_bytes_makes_a_certificate_raise(data: st.DataObject) -> None:
    der = bytearray(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(der) - 1))
        match data.draw(st.sampled_from(["flip", "cut", "insert", "end"])):
            case "flip":
                der[at] ^= data.draw(st.integers(1, 255))
            case "cut":
                del der[at : at + data.draw(st.integers(1, 9))]
            case "insert":
                der[at:at] = data.draw(st.binary(max_size=9))
            case _:
                del der[max(at, 1) :]
        if not der:
            return
    told(Certificate(bytes(der)))


@given(st.binary())
def test_no_bytes_at_all_make_a_certificate_raise(content: bytes) -> None:
    told(Certificate(content))


def test_a_pem_that_is_not_whole_is_none() -> None:
    whole = KINDS["plain"].certificate
    torn = Certificate(whole.der[:-20]).pem
    with pytest.raises(ValueError, match="does not come to its end"):
        Certificate.from_pem(torn)
    with pytest.raises(ValueError, match="does not come to its end"):
        Certificate.all_from_pem(whole.pem + torn)
    assert Certificate.all_from_pem(whole.pem * 2) == (whole, whole)


def test_a_name_with_another_tag_is_another_name_only_for_the_tags_that_java_tells_apart() -> None:
    one = certificate(subject=NAME)
    assert one.parts.subject.canonical == certificate(subject=name(b" eXAMPLE  ", 0x13)).parts.subject.canonical
    assert one.parts.subject.canonical != certificate(subject=name(b"Example", 0x14)).parts.subject.canonical
