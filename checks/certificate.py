"""What a certificate says of itself, and whether that meets the policy (`procedure.md`, "What a certificate must be").

Days are whole days, times are UTC.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import NameOID, SignatureAlgorithmOID

from checks.violation import Violation

MINIMUM_RSA_BITS = 2048
# keytool counts the validity from -startdate; a certificate made by keytool lasts exactly that many days.
ONE_DAY = timedelta(days=1)

_SIGNATURES = {
    SignatureAlgorithmOID.RSA_WITH_SHA1: "SHA1withRSA",
    SignatureAlgorithmOID.RSA_WITH_MD5: "MD5withRSA",
    SignatureAlgorithmOID.RSA_WITH_SHA256: "SHA256withRSA",
    SignatureAlgorithmOID.RSA_WITH_SHA384: "SHA384withRSA",
    SignatureAlgorithmOID.RSA_WITH_SHA512: "SHA512withRSA",
    SignatureAlgorithmOID.ECDSA_WITH_SHA1: "SHA1withECDSA",
    SignatureAlgorithmOID.ECDSA_WITH_SHA256: "SHA256withECDSA",
    SignatureAlgorithmOID.ECDSA_WITH_SHA384: "SHA384withECDSA",
    SignatureAlgorithmOID.ECDSA_WITH_SHA512: "SHA512withECDSA",
}
# The curves that Java 8 and VOS both speak, P-256 and better; an authority may sign such a key with RSA.
_STRONG_CURVES = frozenset({"EC secp256r1", "EC secp384r1", "EC secp521r1"})
_STRONG_SIGNATURES = frozenset(f"SHA{bits}with{key}" for bits in (256, 384, 512) for key in ("ECDSA", "RSA"))


@dataclass(frozen=True)
class Certificate:
    """An X.509 certificate. Two are equal when their bytes are."""

    der: bytes

    @classmethod
    def from_pem(cls, pem: str) -> Certificate:
        """The first certificate of a PEM text. Raises ValueError when there is none that can be read."""
        return cls(_load_pem(pem.encode()).public_bytes(serialization.Encoding.DER))

    @cached_property
    def x509(self) -> x509.Certificate:
        """The same, as `cryptography` has it."""
        with warnings.catch_warnings():
            # Old estates hold serial numbers that today's rules refuse: they are judged, not rejected.
            warnings.simplefilter("ignore", CryptographyDeprecationWarning)
            return x509.load_der_x509_certificate(self.der)

    @cached_property
    def sha256(self) -> str:
        """The fingerprint as keytool prints it: upper-case pairs with colons."""
        return self.x509.fingerprint(hashes.SHA256()).hex(":").upper()

    @cached_property
    def sha1(self) -> str:
        """40 lower-case hexadecimal digits, as Windows names a certificate in its stores."""
        return self.x509.fingerprint(hashes.SHA1()).hex()  # noqa: S303 - the name Windows gives, not a proof

    @property
    def pem(self) -> str:
        """PEM with line feeds."""
        return self.x509.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def subject(self) -> str:
        """The subject, in the order of the certificate."""
        return _name(self.x509.subject)

    @property
    def issuer(self) -> str:
        """The issuer, in the order of the certificate."""
        return _name(self.x509.issuer)

    @property
    def common_name(self) -> str:
        """The last common name of the subject; empty when there is none."""
        names = self.x509.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(names[-1].value) if names else ""

    @cached_property
    def dns_names(self) -> tuple[str, ...]:
        """The DNS names of the subject alternative name."""
        try:
            extension = self.x509.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        except (x509.ExtensionNotFound, ValueError):
            return ()
        return tuple(extension.value.get_values_for_type(x509.DNSName))

    @property
    def is_authority(self) -> bool:
        """Whether it may issue others: basic constraints say so."""
        try:
            return self.x509.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        except (x509.ExtensionNotFound, ValueError):
            return False

    @property
    def names(self) -> tuple[str, ...]:
        """The names it stands for: the subject alternative names if there are any, else the common name."""
        return self.dns_names or ((self.common_name,) if self.common_name else ())

    @property
    def key(self) -> str:
        """The key's kind and size: `RSA 2048`."""
        try:
            key = self.x509.public_key()
        except (ValueError, UnsupportedAlgorithm):
            return "unreadable key"
        match key:
            case rsa.RSAPublicKey():
                return f"RSA {key.key_size}"
            case ec.EllipticCurvePublicKey():
                return f"EC {key.curve.name}"
            case _:
                return type(key).__name__.removeprefix("_").removesuffix("PublicKey")

    @property
    def signature(self) -> str:
        """The signature algorithm in Java's words: `SHA256withRSA`."""
        oid = self.x509.signature_algorithm_oid
        return _SIGNATURES.get(oid, oid.dotted_string)

    @property
    def not_before(self) -> datetime:
        """Start of validity, in UTC."""
        return self.x509.not_valid_before_utc

    @property
    def not_after(self) -> datetime:
        """End of validity, in UTC."""
        return self.x509.not_valid_after_utc

    @property
    def validity_days(self) -> int:
        """Whole days from start to end of validity, rounded (OpenSSL and VOS end a second early)."""
        return round((self.not_after - self.not_before) / ONE_DAY)

    def days_left(self, now: datetime | None = None) -> int:
        """Whole days until it expires; negative when it has."""
        return (self.not_after - (now or datetime.now(UTC))).days

    @property
    def self_signed(self) -> bool:
        """Issuer = subject, and its own key verifies its signature."""
        return self.x509.issuer == self.x509.subject and self.issued_by(self)

    def issued_by(self, issuer: Certificate) -> bool:
        """Whether the issuer's name and key fit this certificate's issuer and signature, however weak that is."""
        if self.x509.issuer != issuer.x509.subject:
            return False
        try:
            # Not verify_directly_issued_by: it refuses SHA-1, which old factory certificates have.
            hash_algorithm = self.x509.signature_hash_algorithm
            signature, signed = self.x509.signature, self.x509.tbs_certificate_bytes
            match issuer.x509.public_key(), hash_algorithm:
                case rsa.RSAPublicKey() as key, hashes.HashAlgorithm():
                    key.verify(signature, signed, padding.PKCS1v15(), hash_algorithm)
                case ec.EllipticCurvePublicKey() as key, hashes.HashAlgorithm():
                    key.verify(signature, signed, ec.ECDSA(hash_algorithm))
                case _:
                    self.x509.verify_directly_issued_by(issuer.x509)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
            return False
        return True

    @property
    def text(self) -> str:
        """What an engineer looks for, one property a line."""
        return "\n".join(
            (
                f"Subject:     {self.subject}",
                f"Issuer:      {self.issuer}",
                f"Serial:      {self.x509.serial_number:x}",
                f"Valid from:  {self.not_before:%Y-%m-%d %H:%M:%S} UTC",
                f"Valid until: {self.not_after:%Y-%m-%d %H:%M:%S} UTC",
                f"Key:         {self.key}",
                f"Signature:   {self.signature}",
                f"DNS names:   {', '.join(self.dns_names) or '(none)'}",
                f"SHA-256:     {self.sha256}",
            )
        )


def _load_pem(pem: bytes) -> x509.Certificate:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        return x509.load_pem_x509_certificate(pem)


def _name(name: x509.Name) -> str:
    return ", ".join(f"{attribute.rfc4514_attribute_name}={attribute.value!s}" for attribute in name)


@dataclass(frozen=True)
class Policy:
    """What the inventory and the procedure demand of a certificate. Days are whole days."""

    minimum_days_left: int = 30
    warn_days_left: int = 180
    validity_days: int | None = None  # only for certificates that step 1.1.iii makes
    san_required: bool = False
    elliptic: bool = False  # of a port's second leaf; what this procedure makes, and all others, are RSA


def certificate_violations(
    host: str,
    subject: str,
    fqdn: str,
    certificate: Certificate,
    policy: Policy,
    *,
    remedy: str,
    now: datetime | None = None,
) -> list[Violation]:
    """Every way in which a certificate breaks the policy; empty when it meets it."""
    moment = now or datetime.now(UTC)
    return [
        Violation(host, subject, property_, expected, found, remedy)
        for property_, expected, found in _findings(fqdn, certificate, policy, moment)
    ]


def _findings(fqdn: str, certificate: Certificate, policy: Policy, now: datetime) -> Iterator[tuple[str, str, str]]:
    """The broken rules as (property, expected, found)."""
    if fqdn.lower() not in (name.lower() for name in certificate.names):
        kind = "DNS name" if certificate.dns_names else "common name"
        yield kind, fqdn, ", ".join(certificate.names) or "no name"
    if policy.san_required and not certificate.dns_names:
        yield "subject alternative name", f"dns:{fqdn}", "none"
    yield from (_elliptic_findings if policy.elliptic else _rsa_findings)(certificate)
    yield from _time_findings(certificate, policy, now)


def _rsa_findings(certificate: Certificate) -> Iterator[tuple[str, str, str]]:
    kind, _, size = certificate.key.partition(" ")
    if kind != "RSA" or int(size) < MINIMUM_RSA_BITS:
        yield "key", f"RSA of {MINIMUM_RSA_BITS} bits or more", certificate.key
    if certificate.signature != "SHA256withRSA":
        yield "signature algorithm", "SHA256withRSA", certificate.signature


def _elliptic_findings(certificate: Certificate) -> Iterator[tuple[str, str, str]]:
    if certificate.key not in _STRONG_CURVES:
        yield "key", "EC on the curve P-256, P-384 or P-521", certificate.key
    if certificate.signature not in _STRONG_SIGNATURES:
        yield "signature algorithm", "SHA-256 or longer", certificate.signature


def _time_findings(certificate: Certificate, policy: Policy, now: datetime) -> Iterator[tuple[str, str, str]]:
    if now < certificate.not_before:
        yield (
            "start of validity",
            f"before now ({now:%Y-%m-%d %H:%M} UTC)",
            f"{certificate.not_before:%Y-%m-%d %H:%M} UTC",
        )
    if now >= certificate.not_after:
        yield (
            "end of validity",
            f"after now ({now:%Y-%m-%d %H:%M} UTC)",
            f"{certificate.not_after:%Y-%m-%d %H:%M} UTC, expired",
        )
    elif certificate.days_left(now) < policy.minimum_days_left:
        yield "days left", f"{policy.minimum_days_left} or more", str(certificate.days_left(now))
    if policy.validity_days is not None and certificate.validity_days < policy.validity_days:
        yield "validity", f"{policy.validity_days} days", f"{certificate.validity_days} days"


def certificate_warnings(host: str, subject: str, certificate: Certificate, policy: Policy) -> list[str]:
    """What a person should know although it breaks no rule."""
    left = certificate.days_left()
    if policy.minimum_days_left <= left < policy.warn_days_left:
        return [f"{host} {subject}: {left} days left (warned below {policy.warn_days_left})"]
    return []
