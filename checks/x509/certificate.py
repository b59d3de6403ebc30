"""Read a certificate, and judge it by the policy (`docs/procedure.md`, "What a certificate must be").

Days are whole days, times are UTC.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from checks.kinds import certificates as kinds
from checks.violation import Kind, Violation
from checks.x509 import der, fields, signatures
from checks.x509.extensions import ALTERNATIVE_NAMES, EXTENSIONS
from checks.x509.fields import EVERYTHING, VALIDITY, Fields

MINIMUM_RSA_BITS = 2048
# keytool counts the validity from -startdate; a certificate made by keytool lasts exactly that many days.
ONE_DAY = timedelta(days=1)

_DASHES = "-----"
_BEGIN = re.compile(r"-----BEGIN ((?:X509 )?CERTIFICATE)-----")
_PEM_WIDTH = 64
# The curves that Java 8 and VOS both support, P-256 and better; a CA may sign a certificate with such a key by RSA.
_STRONG_CURVES = frozenset({"EC secp256r1", "EC secp384r1", "EC secp521r1"})
_STRONG_SIGNATURES = frozenset(f"SHA{bits}with{key}" for bits in (256, 384, 512) for key in ("ECDSA", "RSA"))
# Whether there are DNS names -> the rule about the names that count, and the one for a wildcard that Java accepts.
_NAMED = {True: (kinds.DNS_NAME, kinds.DNS_WILDCARD), False: (kinds.COMMON_NAME, kinds.COMMON_WILDCARD)}
_MINUTE = "%Y-%m-%d %H:%M"
# The parts that the policy must be able to read. Java accepts certificates with other unreadable parts.
_NEEDED = (ALTERNATIVE_NAMES, EXTENSIONS)


def pem_blocks(text: str) -> Iterator[str]:
    """The complete PEM certificates in a text, in order, with their BEGIN and END lines.

    If one has no END line, no later one with the same label can have one: it is not searched for again, so that the
    time is linear for any text.
    """
    endless, at = set[str](), 0
    while begin := _BEGIN.search(text, at):
        last = f"{_DASHES}END {begin[1]}{_DASHES}"
        end = -1 if begin[1] in endless else text.find(last, begin.end())
        if end >= 0:
            at = end + len(last)
            yield text[begin.start() : at]
        else:
            endless.add(begin[1])
            at = begin.end() - len(_DASHES)  # these dashes may belong to the next BEGIN line


@dataclass(frozen=True)
class Certificate:
    """An X.509 certificate. Two are equal when their bytes are.

    Its properties never raise: a part that cannot be read has a stand-in that no policy accepts, and is named in
    `unreadable`.
    """

    der: bytes

    @classmethod
    def from_pem(cls, pem: str) -> Certificate:
        """The first certificate of a PEM text, byte for byte. Raises ValueError if there is no complete one."""
        block = next(pem_blocks(pem), None)
        if block is None:
            raise ValueError("no PEM certificate in it")
        body = block.removeprefix(_DASHES).partition(_DASHES)[2].rpartition(f"{_DASHES}END ")[0]
        try:
            content = base64.b64decode("".join(body.split()), validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValueError("its PEM is not base64") from error
        der.elements(content)
        return cls(content)

    @classmethod
    def all_from_pem(cls, pem: str) -> tuple[Certificate, ...]:
        """Every complete certificate of a PEM text, in order. Raises ValueError if there is none, or one is no DER."""
        return tuple(map(cls.from_pem, pem_blocks(pem))) or (cls.from_pem(pem),)

    @cached_property
    def parts(self) -> Fields:
        """The content of the certificate, part by part."""
        return fields.read(self.der)

    @property
    def unreadable(self) -> tuple[str, ...]:
        """The parts that cannot be read: `subject`, `validity`, `public key` ...; Java may accept the certificate."""
        parts = self.parts.unreadable
        if self.key != signatures.UNREADABLE_KEY or EVERYTHING in parts:
            return parts
        return (*parts, "public key")

    @cached_property
    def sha256(self) -> str:
        """The fingerprint as keytool prints it: upper-case pairs with colons."""
        return hashlib.sha256(self.der).digest().hex(":").upper()

    @cached_property
    def sha1(self) -> str:
        """40 lower-case hexadecimal digits, as Windows names a certificate in its stores."""
        return hashlib.sha1(self.der, usedforsecurity=False).hexdigest()

    @cached_property
    def key_sha256(self) -> str:
        """The SHA-256 of its public key: two certificates with one key trust alike. Empty if it cannot be read."""
        return hashlib.sha256(self.parts.key).digest().hex(":").upper() if self.parts.key else ""

    @property
    def pem(self) -> str:
        """The certificate in PEM, with line feeds."""
        text = base64.b64encode(self.der).decode()
        lines = (text[at : at + _PEM_WIDTH] for at in range(0, len(text), _PEM_WIDTH))
        return "\n".join(("-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""))

    @property
    def subject(self) -> str:
        """The subject, in the order of the certificate."""
        return self.parts.subject.text

    @property
    def subject_attributes(self) -> tuple[tuple[str, str], ...]:
        """The subject's attributes as pairs: `("CN", "a.example.com")`."""
        return tuple((one.keyword, one.text) for one in self.parts.subject)

    @property
    def issuer(self) -> str:
        """The issuer, in the order of the certificate."""
        return self.parts.issuer.text

    @property
    def common_name(self) -> str:
        """The last common name of the subject; empty if there is none."""
        return self.parts.subject.common_name

    @property
    def dns_names(self) -> tuple[str, ...]:
        """The DNS names of the subject alternative name; empty if that cannot be read, as in Java."""
        return self.parts.extensions.dns_names

    @property
    def is_authority(self) -> bool:
        """True if it is a CA certificate by its basic constraints."""
        return self.parts.extensions.authority

    @property
    def names(self) -> tuple[str, ...]:
        """The host names that it is valid for: its DNS names if there are any, else its common name."""
        return self.dns_names or ((self.common_name,) if self.common_name else ())

    def wildcard_for(self, fqdn: str) -> str:
        """The wildcard (for one label) among its names that Java's HTTPS accepts for a host; empty if there is none."""
        label, _, domain = fqdn.lower().partition(".")
        return next((one for one in self.names if label and domain and one.lower() == f"*.{domain}"), "")

    @property
    def key(self) -> str:
        """The key's kind and size: `RSA 2048`."""
        return signatures.key_name(self.parts.key)

    @property
    def signature(self) -> str:
        """The signature algorithm by Java's name: `SHA256withRSA`."""
        return signatures.algorithm_name(self.parts.algorithm)

    @property
    def not_before(self) -> datetime:
        """Start of validity, in UTC."""
        return self.parts.not_before

    @property
    def not_after(self) -> datetime:
        """End of validity, in UTC."""
        return self.parts.not_after

    @property
    def validity_days(self) -> int:
        """Whole days from start to end of validity, rounded (OpenSSL and VOS end a second early)."""
        return round((self.not_after - self.not_before) / ONE_DAY)

    def days_left(self, now: datetime | None = None) -> int:
        """Whole days until it expires; negative when it has."""
        return (self.not_after - (now or datetime.now(UTC))).days

    @cached_property
    def self_signed(self) -> bool:
        """Issuer = subject, and its own key verifies its signature."""
        return self.issued_by(self)

    def issued_by(self, issuer: Certificate) -> bool:
        """True if the issuer's name and key match this certificate's issuer and signature, even a weak one."""
        mine, its = self.parts, issuer.parts
        return mine.issuer.canonical == its.subject.canonical and signatures.made_by(
            its.key, mine.algorithm, mine.signature, mine.signed
        )

    @property
    def text(self) -> str:
        """The properties that an engineer looks for, one a line."""
        return "\n".join(
            (
                f"Subject:     {self.subject}",
                f"Issuer:      {self.issuer}",
                f"Serial:      {self.parts.serial:x}",
                f"Valid from:  {self.not_before:%Y-%m-%d %H:%M:%S} UTC",
                f"Valid until: {self.not_after:%Y-%m-%d %H:%M:%S} UTC",
                f"Key:         {self.key}",
                f"Signature:   {self.signature}",
                f"DNS names:   {', '.join(self.dns_names) or '(none)'}",
                f"SHA-256:     {self.sha256}",
                *(f"Cannot be read: {part}" for part in self.unreadable),
            )
        )


@dataclass(frozen=True)
class Policy:
    """What the inventory and the procedure demand of a certificate. Days are whole days."""

    minimum_days_left: int = 30
    warn_days_left: int = 180
    validity_days: int | None = None  # only for certificates that step 1.1.iii makes
    san_required: bool = False
    elliptic: bool = False  # for the ECDSA leaf of a port; all other certificates must be RSA


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
    """Return a violation for each rule of the policy that a certificate breaks.

    That of a certificate that expires in 10 days, where the policy wants 30, is printed as
    `pg-a Tomcat: days left: expected 30 or more, found 10.` and the remedy.
    """
    moment = now or datetime.now(UTC)
    return [
        kind.at(host, subject=subject, remedy=remedy, **values)
        for kind, values in _broken_rules(fqdn, certificate, policy, moment)
    ]


def expiry_violations(
    host: str, subject: str, certificate: Certificate, policy: Policy, *, remedy: str, now: datetime | None = None
) -> list[Violation]:
    """Return a violation for each rule about its times that a certificate breaks, of somebody whom no other binds."""
    moment = now or datetime.now(UTC)
    return [
        kind.at(host, subject=subject, remedy=remedy, **values)
        for kind, values in _time_rules(certificate, policy, moment)
    ]


_Broken = tuple[Kind, Mapping[str, object]]  # a rule, and the values of its sentence


def _broken_rules(fqdn: str, certificate: Certificate, policy: Policy, now: datetime) -> Iterator[_Broken]:
    unreadable = certificate.unreadable
    if EVERYTHING in unreadable:
        yield kinds.NOT_X509, {}
        return
    yield from ((kinds.UNREADABLE, {"part": part}) for part in unreadable if part in _NEEDED)
    if fqdn.lower() not in (name.lower() for name in certificate.names):
        named, wildcard = _NAMED[bool(certificate.dns_names)]
        kind = wildcard if certificate.wildcard_for(fqdn) else named
        yield kind, {"fqdn": fqdn, "names": ", ".join(certificate.names) or "no name"}
    if policy.san_required and not certificate.dns_names:
        yield kinds.NO_ALTERNATIVE_NAME, {"fqdn": fqdn}
    yield from (_elliptic_rules if policy.elliptic else _rsa_rules)(certificate)
    yield from _time_rules(certificate, policy, now)


def _rsa_rules(certificate: Certificate) -> Iterator[_Broken]:
    algorithm, _, size = certificate.key.partition(" ")
    if algorithm != "RSA" or int(size) < MINIMUM_RSA_BITS:
        yield kinds.KEY, {"wanted": f"RSA of {MINIMUM_RSA_BITS} bits or more", "key": certificate.key}
    if certificate.signature != "SHA256withRSA":
        yield kinds.SIGNATURE, {"wanted": "SHA256withRSA", "signature": certificate.signature}


def _elliptic_rules(certificate: Certificate) -> Iterator[_Broken]:
    if certificate.key not in _STRONG_CURVES:
        yield kinds.KEY, {"wanted": "EC on the curve P-256, P-384 or P-521", "key": certificate.key}
    if certificate.signature not in _STRONG_SIGNATURES:
        yield kinds.SIGNATURE, {"wanted": "SHA-256 or longer", "signature": certificate.signature}


def _time_rules(certificate: Certificate, policy: Policy, now: datetime) -> Iterator[_Broken]:
    if VALIDITY in certificate.unreadable:
        yield kinds.NO_VALIDITY, {}
        return
    if now < certificate.not_before:
        yield kinds.NOT_YET_VALID, {"now": f"{now:{_MINUTE}}", "start": f"{certificate.not_before:{_MINUTE}}"}
    if now >= certificate.not_after:
        yield kinds.EXPIRED, {"now": f"{now:{_MINUTE}}", "end": f"{certificate.not_after:{_MINUTE}}"}
    elif (left := certificate.days_left(now)) < policy.minimum_days_left:
        yield kinds.DAYS_LEFT, {"wanted": policy.minimum_days_left, "days": left}
    if policy.validity_days is not None and certificate.validity_days < policy.validity_days:
        yield kinds.TOO_SHORT, {"wanted": policy.validity_days, "days": certificate.validity_days}


def certificate_warnings(host: str, subject: str, certificate: Certificate, policy: Policy) -> list[str]:
    """Return warnings about a certificate: unreadable parts, and an expiry that is near although not yet too near."""
    left = certificate.days_left()
    found = [f"{host} {subject}: its {part} cannot be read by the rules" for part in certificate.unreadable]
    if policy.minimum_days_left <= left < policy.warn_days_left:
        found.append(f"{host} {subject}: {left} days left (warned below {policy.warn_days_left})")
    return found
