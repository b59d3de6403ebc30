"""`certutil -store`: the shape is that of captured outputs; what stands in it is judged by other means."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.certificates import authority, fingerprint, pem, self_signed
from tests.lab.windows.host import Answer, Host, make_host

OWN = self_signed([("CN", "awa.lab.example"), ("OU", 'Web "Setup", 1'), ("O", "Cisco")], names=["awa.lab.example"])
ISSUED = authority("Corporate CA").issue("portico.lab.example", ["portico.lab.example"])
STORE = (OWN.chain[0], ISSUED.chain[0])
SHA1 = [hashlib.sha1(der, usedforsecurity=False).hexdigest() for der in STORE]
DONE = "CertUtil: -store command completed successfully.\n"
SHORT = re.compile(
    r"""My "Personal"
================ Certificate 0 ================
Serial Number: (?:[0-9a-f]{2})+
Issuer: O=Cisco, OU="Web ""Setup"", 1", CN=awa\.lab\.example
 NotBefore: \d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2} [AP]M
 NotAfter: \d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2} [AP]M
Subject: O=Cisco, OU="Web ""Setup"", 1", CN=awa\.lab\.example
Signature matches Public Key
Root Certificate: Subject matches Issuer
Cert Hash\(sha1\): [0-9a-f]{40}
  Key Container = \S+
  Unique container name: \S+
  Provider = Microsoft RSA SChannel Cryptographic Provider
Private key is NOT exportable
Encryption test passed

================ Certificate 1 ================
Serial Number: (?:[0-9a-f]{2})+
Issuer: O=Lab, CN=Corporate CA
 NotBefore: .+
 NotAfter: .+
Subject: CN=portico\.lab\.example
Non-root Certificate
Cert Hash\(sha1\): [0-9a-f]{40}
(?s:.+)
CertUtil: -store command completed successfully\.
"""
)
LONG = (
    "X509 Certificate:",
    "Version: 3",
    "    Algorithm ObjectId: 1.2.840.113549.1.1.11 sha256RSA",
    "    CN=awa.lab.example",
    "Public Key Length: 2048 bits",
    "        DNS Name=awa.lab.example",
    "Signature matches Public Key",
    f"Cert Hash(sha1): {SHA1[0]}",
    f"Cert Hash(sha256): {fingerprint(STORE[0])}",
    "    KeySpec = 1 -- AT_KEYEXCHANGE",
)
NOT_FOUND = (
    'My "Personal"\n'
    "CertUtil: -store command FAILED: 0x80090011 (-2146893807 NTE_NOT_FOUND)\n"
    "CertUtil: Object was not found.\n"
)
NO_STORE = (
    "CertUtil: -store command FAILED: 0x80070002 (WIN32: 2 ERROR_FILE_NOT_FOUND)\n"
    "CertUtil: The system cannot find the file specified.\n"
)


@pytest.fixture
def host(tmp_path: Path) -> Host:
    made = make_host(tmp_path)
    made.machine.held["MY"] = [*STORE]
    return made


def hashes(answer: Answer) -> list[str]:
    return re.findall(r"^Cert Hash\(sha1\): (.+)$", answer.text, re.MULTILINE)


def test_it_lists_the_store(host: Host) -> None:
    answer = host.run("certutil -store My")
    assert SHORT.fullmatch(answer.text), answer.text
    assert hashes(answer) == SHA1
    assert (answer.error, answer.code) == ("", 0)


def test_at_length_it_gives_every_hash(host: Host) -> None:
    lines = host.run("certutil -v -store my").text.splitlines()
    assert lines[0] == 'my "Personal"'
    assert [line for line in LONG if line not in lines] == []
    assert f"Cert Hash(sha256): {fingerprint(STORE[1])}" in lines
    assert lines.count("================ Certificate 1 ================") == 1


@pytest.mark.parametrize(
    "wanted, found",
    [
        (SHA1[1], SHA1[1:]),
        (f'"{" ".join(re.findall("..", SHA1[0].upper()))}"', SHA1[:1]),
        ("1", SHA1[1:]),
        ("PORTICO.lab.example", SHA1[1:]),
        ("*.lab.example", SHA1),
        ("lab.example", []),
        ("00" * 20, []),
    ],
    ids=["hash", "hash in pairs", "place", "name", "pattern", "part of a name", "no hash"],  # hashes differ a process
)
def test_a_certificate_is_chosen_by_what_names_it(host: Host, wanted: str, found: list[str]) -> None:
    answer = host.run(f"certutil -store My {wanted}")
    assert hashes(answer) == found
    assert (answer.text == NOT_FOUND, answer.code) == ((False, 0) if found else (True, -2146893807))


def test_a_serial_number_chooses_too(host: Host) -> None:
    serials = re.findall(r"^Serial Number: (.+)$", host.run("certutil -store My").text, re.MULTILINE)
    assert hashes(host.run(f"certutil -store My {serials[1]}")) == SHA1[1:]


def test_it_saves_a_certificate(host: Host) -> None:
    assert host.run(f"certutil -store My {SHA1[0]} iis.cer").code == 0
    assert host.path("iis.cer").read_bytes() == STORE[0]
    again = host.run(f"certutil -store My {SHA1[1]} iis.cer")
    assert (again.code, host.path("iis.cer").read_bytes()) == (-2147024816, STORE[0])
    assert again.text.endswith(
        "CertUtil: -store command FAILED: 0x80070050 (WIN32: 80 ERROR_FILE_EXISTS)\nCertUtil: The file exists.\n"
    )
    assert host.run(f"certutil -f -store My {SHA1[1]} iis.cer").code == 0
    assert host.path("iis.cer").read_bytes() == STORE[1]


@pytest.mark.parametrize(
    "line, said, code",
    [
        ("certutil -store", 'CA "Intermediate Certification Authorities"\n' + DONE, 0),
        ("certutil -store Root", 'Root "Trusted Root Certification Authorities"\n' + DONE, 0),
        ("certutil -store Nowhere", NO_STORE, -2147024894),
    ],
)
def test_other_stores(host: Host, line: str, said: str, code: int) -> None:
    answer = host.run(line)
    assert (answer.text, answer.code) == (said, code)


def test_an_empty_store_is_listed_empty(tmp_path: Path) -> None:
    assert make_host(tmp_path).run("certutil -store My").text == 'My "Personal"\n' + DONE


@given(wanted=st.text(st.characters(codec="ascii", exclude_characters='"%^&|<>()!\r\n\0'), max_size=50))
def test_any_choice_is_answered(tmp_path_factory: pytest.TempPathFactory, wanted: str) -> None:
    made = make_host(tmp_path_factory.mktemp("any"))
    made.machine.held["MY"] = [*STORE]
    answer = made.run(f'certutil -store My "{wanted}"')
    assert answer.text.startswith('My "Personal"\n')
    assert answer.code in (0, -2146893807)


# -- adding and removing -----------------------------------------------------------------------------------------------

ADDED = """root "Trusted Root Certification Authorities"
Signature matches Public Key
Certificate "awa.lab.example" {} store.
CertUtil: -addstore command completed successfully.
"""


@pytest.mark.parametrize("as_pem", [True, False], ids=["PEM", "DER"])
def test_a_certificate_is_added_beside_the_others(host: Host, as_pem: bool) -> None:  # noqa: FBT001
    host.machine.held["ROOT"] = [STORE[1]]
    host.path("one.cer").write_bytes(pem(STORE[0]) if as_pem else STORE[0])
    answers = [host.run("certutil -f -addstore root one.cer") for _ in range(2)]
    assert [one.text for one in answers] == [ADDED.format("added to"), ADDED.format("already in")]
    assert host.machine.held["ROOT"] == [STORE[1], STORE[0]]


def test_one_certificate_is_taken_out(host: Host) -> None:
    answer = host.run(f"certutil -delstore MY {SHA1[1]}")
    assert (answer.text.splitlines()[1:], answer.code) == (
        ["Deleting Certificate 1", "CertUtil: -delstore command completed successfully."],
        0,
    )
    assert host.machine.held["MY"] == [STORE[0]]
    assert host.run(f"certutil -delstore MY {SHA1[1]}").code == -2146893807


@pytest.mark.parametrize("line", ["-addstore MY no.cer", "-addstore Nowhere one.cer", "-addstore MY text.cer"])
def test_nothing_is_added_where_something_is_wrong(host: Host, line: str) -> None:
    host.path("one.cer").write_bytes(STORE[1])
    host.path("text.cer").write_bytes(b"no certificate")
    host.machine.held["MY"] = []
    answer = host.run(f"certutil {line}")
    assert "CertUtil: -addstore command FAILED" in answer.text
    assert answer.code != 0
    assert not any(host.machine.held.values())
