"""What an impostor presents: certificates that look like a server's own, and are not."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.checks.made import PrivateKey
from tests.runbook.site_lab import SiteLab

_ENCODING = serialization.Encoding.DER
_LEFT_OUT = (x509.SubjectKeyIdentifier, x509.AuthorityKeyIdentifier)  # they are of the keys


@dataclass(frozen=True)
class Twin:
    """A leaf with its issuers (DER), and the key that it is presented with."""

    chain: tuple[bytes, ...]
    key: PrivateKey

    @property
    def leaf(self) -> bytes:
        """The certificate that nobody may come to trust."""
        return self.chain[0]

    @property
    def context(self) -> ssl.SSLContext:
        """A server that presents it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        private = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        with tempfile.NamedTemporaryFile(suffix=".pem") as file:
            file.write(private + "".join(map(ssl.DER_cert_to_PEM_cert, self.chain)).encode("ascii"))
            file.flush()
            context.load_cert_chain(file.name)
        return context


def self_signed_twin(_: SiteLab, real: bytes) -> Twin:
    """Subject, names, serial number and days of the real one, and a key of its own."""
    key = _new_key(real)
    return Twin((_copy(real, key, key),), key)


def reissued(lab: SiteLab, real: bytes) -> Twin:
    """The server's own key, which somebody has got hold of, under a certificate that the server has never made."""
    key = _own_key(lab, real)
    return Twin((_copy(real, key, key, serial=x509.random_serial_number()),), key)


def of_an_unknown_authority(_: SiteLab, real: bytes) -> Twin:
    """Signed by an authority that calls itself like the real issuer, with a key of its own; both are presented."""
    model = x509.load_der_x509_certificate(real)
    root, key = ec.generate_private_key(ec.SECP256R1()), _new_key(real)
    own_issuer = model.issuer != model.subject
    name = model.issuer if own_issuer else x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Example Root CA")])
    now = datetime.now(UTC)
    authority = (
        x509.CertificateBuilder(name, name, root.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=900))
        .not_valid_after(now + timedelta(days=2000))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(root, hashes.SHA256())
    )
    return Twin((_copy(real, key, root, issuer=name), authority.public_bytes(_ENCODING)), key)


def expired(_: SiteLab, real: bytes) -> Twin:
    """The twin of years ago."""
    key, ended = _new_key(real), datetime.now(UTC) - timedelta(days=30)
    return Twin((_copy(real, key, key, days=(ended - timedelta(days=1000), ended)),), key)


def issued_by(authority: Path, real: bytes, fqdn: str = "", *, ended: bool = False) -> Twin:
    """A copy that a real authority (its PEM file, with its key) has signed: for another name, or that has expired."""
    text = authority.read_bytes()
    issuer, signer = x509.load_pem_x509_certificate(text), serialization.load_pem_private_key(text, None)
    assert isinstance(signer, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    key, over = _new_key(real), datetime.now(UTC) - timedelta(days=1)
    days = (over - timedelta(days=300), over) if ended else None
    return Twin((_copy(real, key, signer, issuer=issuer.subject, days=days, fqdn=fqdn),), key)


MADE: Mapping[str, Callable[[SiteLab, bytes], Twin]] = {
    "twin": self_signed_twin,
    "reissued": reissued,
    "unknown-authority": of_an_unknown_authority,
    "expired": expired,
}


def _new_key(real: bytes) -> PrivateKey:
    public = x509.load_der_x509_certificate(real).public_key()
    if isinstance(public, ec.EllipticCurvePublicKey):
        return ec.generate_private_key(public.curve)
    return rsa.generate_private_key(65537, 2048)


def _copy(
    real: bytes,
    key: PrivateKey,
    signer: PrivateKey,
    *,
    issuer: x509.Name | None = None,
    serial: int | None = None,
    days: tuple[datetime, datetime] | None = None,
    fqdn: str = "",
) -> bytes:
    model = x509.load_der_x509_certificate(real)
    begins, ends = days or (model.not_valid_before_utc, model.not_valid_after_utc)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, fqdn)]) if fqdn else model.subject
    builder = x509.CertificateBuilder(
        issuer or subject, subject, key.public_key(), model.serial_number if serial is None else serial, begins, ends
    )
    for one in _extensions(model, fqdn):
        builder = builder.add_extension(one.value, critical=one.critical)
    return builder.sign(signer, hashes.SHA256()).public_bytes(_ENCODING)


def _extensions(model: x509.Certificate, fqdn: str) -> Sequence[x509.Extension[x509.ExtensionType]]:
    left_out = (*_LEFT_OUT, x509.SubjectAlternativeName) if fqdn else _LEFT_OUT
    kept = [one for one in model.extensions if not isinstance(one.value, left_out)]
    if fqdn:
        names = x509.SubjectAlternativeName([x509.DNSName(fqdn)])
        kept.append(x509.Extension(names.oid, critical=False, value=names))
    return kept


def _own_key(lab: SiteLab, real: bytes) -> PrivateKey:
    """A server's private key, from where the lab keeps it. Raises LookupError."""
    wanted = x509.load_der_x509_certificate(real).public_key()
    files = [path.read_bytes() for path in lab.process.state.rglob("*.pem")]
    keys = [serialization.load_pem_private_key(text, None) for text in files if b"PRIVATE KEY" in text]
    for fqdn in lab.of_role("cvp"):
        keys += [serialization.load_der_private_key(private, None) for _, private in lab.keys(fqdn)]
    for key in keys:
        if isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) and key.public_key() == wanted:
            return key
    raise LookupError("nobody has that key")
