"""Certificates as installers leave them: self-signed and generated here."""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from lab.keys import new_key

ATTRIBUTES = {"CN": NameOID.COMMON_NAME, "OU": NameOID.ORGANIZATIONAL_UNIT_NAME, "O": NameOID.ORGANIZATION_NAME}
INSTALLED_DAYS_AGO = 30
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Identity:
    """A certificate (DER, followed by its issuers) with its private key (PKCS #8, DER)."""

    chain: tuple[bytes, ...]
    key: bytes

    @property
    def sha256(self) -> str:
        """The fingerprint of the leaf: 64 lower-case hexadecimal digits."""
        return fingerprint(self.chain[0])

    def pem(self) -> bytes:
        """Return key and certificates in one PEM text, in OpenSSL's order."""
        return _armour("PRIVATE KEY", self.key) + b"".join(pem(certificate) for certificate in self.chain)


def fingerprint(der: bytes, algorithm: hashes.HashAlgorithm | None = None) -> str:
    """Return the hash of a certificate (by default SHA-256) in lower-case hexadecimal digits."""
    digest = hashes.Hash(algorithm or hashes.SHA256())
    digest.update(der)
    return digest.finalize().hex()


def pem(der: bytes) -> bytes:
    """Return one certificate as PEM."""
    return _armour("CERTIFICATE", der)


def _armour(label: str, der: bytes) -> bytes:
    # Not with cryptography: the lab must also present certificates that it finds too weak or malformed.
    text = base64.b64encode(der).decode("ascii")
    return "\n".join([f"-----BEGIN {label}-----", *textwrap.wrap(text, 64), f"-----END {label}-----", ""]).encode()


def self_signed(
    subject: Sequence[tuple[str, str]],
    *,
    names: Sequence[str] = (),
    days: int = 730,
    key: rsa.RSAPrivateKey | None = None,
    days_ago: int = INSTALLED_DAYS_AGO,
) -> Identity:
    """Return a self-signed certificate of an RSA 2048 key, signed SHA256withRSA, valid since `days_ago`.

    A new key is made unless one is given.
    """
    key = key or new_key()
    builder = _builder(key, _name(subject), days, days_ago)
    if names:
        builder = builder.add_extension(_alternative_names(names), critical=False)
    return _identity(builder, key, _name(subject), key)


@dataclass(frozen=True)
class Authority:
    """A certification authority of the lab."""

    identity: Identity

    def issue(self, common_name: str, names: Sequence[str], key: Key | None = None) -> Identity:
        """Issue a server certificate with the chain that a server sends: all issuers but the root.

        An elliptic key unless one is given: WinRM's is made for every host at every start.
        """
        key = key or ec.generate_private_key(ec.SECP256R1())
        builder = _builder(key, _name([("CN", common_name)]), 365)
        builder = builder.add_extension(_alternative_names(names), critical=False)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        return self._signed(builder, key)

    def subordinate(self, common_name: str, key: Key) -> Authority:
        """Return an issuing authority below this one; its chain ends below the root."""
        builder = _of_authority(_builder(key, _name([("CN", common_name), ("O", "Lab")]), 1825))
        return Authority(self._signed(builder, key))

    def _signed(self, builder: x509.CertificateBuilder, key: Key) -> Identity:
        issuer = x509.load_der_x509_certificate(self.identity.chain[0])
        signer = serialization.load_der_private_key(self.identity.key, None)
        assert isinstance(signer, Key)  # `authority` below makes no others
        authority_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
        signed = _identity(builder.add_extension(authority_key, critical=False), key, issuer.subject, signer)
        is_root = issuer.subject == issuer.issuer
        return Identity(signed.chain if is_root else (*signed.chain, *self.identity.chain), signed.key)


def authority(common_name: str, days: int = 3650, key: Key | None = None) -> Authority:
    """Return a new root authority.

    Its key is elliptic unless one is given: an RSA key costs 50 ms, and few clients look at it.
    """
    key = key or ec.generate_private_key(ec.SECP256R1())
    name = _name([("CN", common_name), ("O", "Lab")])
    return Authority(_identity(_of_authority(_builder(key, name, days)), key, name, key))


def _of_authority(builder: x509.CertificateBuilder) -> x509.CertificateBuilder:
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return builder.add_extension(usage, critical=True)


def load_identity(text: bytes) -> Identity:
    """Return the identity that `Identity.pem` wrote. Raises ValueError for any other text."""
    # Checking an RSA key costs 40 ms at each start of a service; OpenSSL refuses later what does not fit.
    key = serialization.load_pem_private_key(text, None, unsafe_skip_rsa_key_validation=True)
    chain = tuple(c.public_bytes(serialization.Encoding.DER) for c in x509.load_pem_x509_certificates(text))
    return Identity(chain, _der(key))


def _name(subject: Sequence[tuple[str, str]]) -> x509.Name:
    return x509.Name([x509.NameAttribute(ATTRIBUTES[attribute], value) for attribute, value in subject])


def _builder(key: Key, subject: x509.Name, days: int, days_ago: int = INSTALLED_DAYS_AGO) -> x509.CertificateBuilder:
    start = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(days=days_ago)
    builder = x509.CertificateBuilder(subject_name=subject, serial_number=x509.random_serial_number())
    builder = builder.public_key(key.public_key()).not_valid_before(start)
    builder = builder.not_valid_after(start + dt.timedelta(days=days))
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _identity(builder: x509.CertificateBuilder, key: Key, issuer: x509.Name, signer: Key) -> Identity:
    certificate = builder.issuer_name(issuer).sign(signer, hashes.SHA256())
    return Identity((certificate.public_bytes(serialization.Encoding.DER),), _der(key))


def _der(key: object) -> bytes:
    assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    return key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _alternative_names(names: Sequence[str]) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([_alternative_name(name) for name in names])


def _alternative_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
