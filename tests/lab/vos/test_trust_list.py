"""The rules of a trust list, in a folder."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from lab.vos.trust import Added, TrustList
from tests.lab.vos.pages.appliances import NOW, certificate

NAME = "cvp1.lab.example"


def trust_list(folder: Path, *, names_with_serial: bool = False) -> TrustList:
    return TrustList(folder, names_with_serial=names_with_serial)


def with_a_long_key() -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "long")])
    key = rsa.RSAPublicNumbers(65537, (1 << 8191) + 1).public_key()
    builder = x509.CertificateBuilder(name, name, key, 7, NOW - dt.timedelta(1), NOW + dt.timedelta(1))
    return builder.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256()).public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    "first, second, added",
    [
        pytest.param({}, {"name": "other"}, Added.STORED, id="another name"),
        pytest.param({}, {"begins": -5}, Added.REPLACED, id="later"),
        pytest.param({}, {"number": 2}, Added.REPLACED, id="another one of the same time"),
        pytest.param({}, {"begins": -5, "ends": 100}, Added.REPLACED, id="later, though it ends earlier"),
        pytest.param({}, {"begins": -20}, Added.KEPT_NEWER, id="earlier"),
        pytest.param({}, {"begins": -20, "ends": 2000}, Added.KEPT_NEWER, id="earlier, though it ends later"),
        pytest.param({}, {}, Added.ALREADY_THERE, id="the same"),
        pytest.param({}, {"begins": -5, "ends": -1}, Added.EXPIRED, id="expired"),
        pytest.param({}, {"begins": 5}, Added.REPLACED, id="not yet valid"),
        pytest.param({}, {"issuer": "Some CA", "begins": -5}, Added.REPLACED, id="of another issuer"),
        pytest.param({}, {"name": "*.lab.example"}, Added.WILDCARD, id="wildcard"),
    ],
)
def test_rules(tmp_path: Path, first: Mapping[str, object], second: Mapping[str, object], added: Added) -> None:
    trust = trust_list(tmp_path)
    one, two = (certificate(**{"name": NAME, **options}) for options in (first, second))
    assert trust.add(one) is Added.STORED
    assert trust.add(two) is added
    kept = {entry.common_name: entry.certificate for entry in trust.list()}
    expected = x509.load_pem_x509_certificate(two) if added in (Added.STORED, Added.REPLACED) else None
    assert (expected in kept.values()) == (expected is not None)
    assert len(kept) == (2 if added is Added.STORED else 1)


@pytest.mark.parametrize(
    "data, added",
    [
        (b"", Added.UNREADABLE),
        (b"-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----\n", Added.UNREADABLE),
        (b"\x30\x03\x02\x01\x01", Added.UNREADABLE),
        (with_a_long_key(), Added.TOO_LONG),
    ],
)
def test_refusals(tmp_path: Path, data: bytes, added: Added) -> None:
    trust = trust_list(tmp_path)
    assert trust.add(data) is added
    assert list(trust.list()) == []


@pytest.mark.parametrize(
    "name, with_serial, expected",
    [
        (NAME, False, f"{NAME}.pem"),
        ("USERTrust RSA Authority", False, "USERTrust_RSA_Authority.pem"),
        ("../up/and away", False, ".._up_and_away.pem"),
        (NAME, True, f"{NAME}_{{serial}}.pem"),
    ],
)
def test_file_names(tmp_path: Path, name: str, with_serial: bool, expected: str) -> None:  # noqa: FBT001
    trust = trust_list(tmp_path, names_with_serial=with_serial)
    pem = certificate(name)
    trust.add(pem, "a  description\nin two lines")
    serial = f"{x509.load_pem_x509_certificate(pem).serial_number:x}"
    serial = serial.zfill(len(serial) + len(serial) % 2)
    (entry,) = trust.list()
    assert (entry.name, entry.description) == (expected.format(serial=serial), "a description in two lines")
    assert trust.find(entry.name) == trust.find(f"tomcat-trust/{entry.name}") == entry
    assert (tmp_path / entry.name).exists()
    assert trust.delete(entry.name)
    assert not trust.delete(entry.name)


def test_pem_and_der_are_the_same(tmp_path: Path) -> None:
    trust, pem = trust_list(tmp_path), certificate(NAME)
    assert trust.add(x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)) is Added.STORED
    assert trust.add(b"text before it\n" + pem) is Added.ALREADY_THERE


def test_what_is_replaced_leaves_no_file(tmp_path: Path) -> None:
    trust = trust_list(tmp_path, names_with_serial=True)
    for begins in (-10, -5, -1):
        trust.add(certificate(NAME, begins=begins))
    assert len(list(tmp_path.iterdir())) == 1


MOVES = st.lists(st.tuples(st.sampled_from(["a", "b"]), st.integers(-8, -1), st.integers(1, 2)), max_size=8)


@given(MOVES)
def test_there_is_one_certificate_a_name_and_it_never_gets_older(moves: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        trust = trust_list(Path(folder))
        latest: dict[str, dt.datetime] = {}
        for name, begins, number in moves:
            added = trust.add(certificate(name, begins=begins, number=number))
            found = {entry.common_name: entry.certificate.not_valid_before_utc for entry in trust.list()}
            start = NOW + dt.timedelta(days=begins)
            assert (added is Added.KEPT_NEWER) == (latest.get(name, start) > start)
            latest[name] = max(start, latest.get(name, start))
            assert found == latest
