"""Certificates that strict parsers refuse, or would not expect, and what Java makes of them: made byte by byte."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, padding, rsa

from checks.x509.certificate import Certificate
from tests.checks import made

FQDN = "odd.example.com"
CN, COUNTRY, ORGANIZATION, EMAIL = "2.5.4.3", "2.5.4.6", "2.5.4.10", "1.2.840.113549.1.9.1"
UTF8, NUMERIC, PRINTABLE, T61, IA5, VISIBLE, UNIVERSAL, BMP = 0x0C, 0x12, 0x13, 0x14, 0x16, 0x1A, 0x1C, 0x1E
UTC, GENERALIZED = 0x17, 0x18
Sign = Callable[[bytes], bytes]


def tlv(tag: int, *parts: bytes) -> bytes:
    """An element: tag, length, content."""
    content = b"".join(parts)
    size = len(content)
    length = size.to_bytes(max(1, (size.bit_length() + 7) // 8), "big")
    return bytes([tag]) + (length if size < 0x80 else bytes([0x80 | len(length)]) + length) + content


sequence, null, integer = partial(tlv, 0x30), tlv(5), partial(tlv, 2)


@cache
def oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER."""
    first, second, *rest = map(int, dotted.split("."))
    content = bytes([40 * first + second])
    for one in rest:
        digits = [one & 0x7F]
        while one := one >> 7:
            digits.append(0x80 | one & 0x7F)
        content += bytes(reversed(digits))
    return tlv(6, content)


def attribute(kind: str, tag: int, text: bytes) -> bytes:
    return sequence(oid(kind), tlv(tag, text))


def relative(*attributes: bytes) -> bytes:
    """A relative name of one or more attributes."""
    return tlv(0x31, *sorted(attributes))


def name(text: bytes, tag: int = UTF8, kind: str = ORGANIZATION) -> bytes:
    """A name of a common name and one attribute more."""
    return sequence(relative(attribute(CN, UTF8, FQDN.encode())), relative(attribute(kind, tag, text)))


def extension(number: str, value: bytes, *, critical: bool = False) -> bytes:
    return sequence(oid(number), *([tlv(1, b"\xff")] if critical else []), tlv(4, value))


def alternative(*names: bytes, critical: bool = False) -> bytes:
    """A subject alternative name."""
    return extension("2.5.29.17", sequence(*names), critical=critical)


NAME = name(b"Example")
DNS = tlv(0x82, FQDN.encode())
SAN = alternative(DNS)
VALID = sequence(tlv(UTC, b"250101000000Z"), tlv(UTC, b"490624000000Z"))
V3 = tlv(0xA0, integer(b"\x02"))
AUTHORITY = extension("2.5.29.19", sequence(tlv(1, b"\xff")), critical=True)
SHA256, ECDSA = sequence(oid("1.2.840.113549.1.1.11"), null), sequence(oid("1.2.840.10045.4.3.2"))
SHA1, MD5 = (sequence(oid(f"1.2.840.113549.1.1.{number}"), null) for number in (5, 4))
_HASH = sequence(oid("2.16.840.1.101.3.4.2.1"), null)
PSS = sequence(
    oid("1.2.840.113549.1.1.10"),
    sequence(
        tlv(0xA0, _HASH),
        tlv(0xA1, sequence(oid("1.2.840.113549.1.1.8"), _HASH)),
        tlv(0xA2, integer(b"\x20")),
    ),
)
_RSA_KEY = sequence(oid("1.2.840.113549.1.1.1"), null)


@cache
def private_key(kind: str) -> ed25519.Ed25519PrivateKey | dsa.DSAPrivateKey | made.PrivateKey:
    """A key of the pool of tests, `ed25519` or `dsa`."""
    match kind:
        case "ed25519":
            return ed25519.Ed25519PrivateKey.generate()
        case "dsa":
            return dsa.generate_private_key(2048)
    return made.key(kind)


def key_info(kind: str) -> bytes:
    """A SubjectPublicKeyInfo."""
    public = private_key(kind).public_key()
    return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def signs(kind: str, algorithm: bytes) -> Sign:
    """What makes a signature by this algorithm."""
    key = private_key(kind)
    digest = {SHA1: hashes.SHA1(), MD5: hashes.MD5()}.get(algorithm, hashes.SHA256())  # noqa: S303 - such are judged
    match key:
        case rsa.RSAPrivateKey() if algorithm == PSS:
            return lambda data: key.sign(data, padding.PSS(padding.MGF1(digest), 32), digest)
        case rsa.RSAPrivateKey():
            return lambda data: key.sign(data, padding.PKCS1v15(), digest)
        case ec.EllipticCurvePrivateKey():
            return lambda data: key.sign(data, ec.ECDSA(digest))
        case dsa.DSAPrivateKey():
            return lambda data: key.sign(data, digest)
        case _:
            return key.sign


def certificate(
    *extensions: bytes,
    subject: bytes = NAME,
    issuer: bytes = b"",
    version: bytes = V3,
    serial: bytes = integer(b"\x12\x34"),
    valid: bytes = VALID,
    kind: str = "rsa",
    key: bytes = b"",
    algorithm: bytes = SHA256,
    inner: bytes = b"",
    signer: str = "",
    more: bytes = b"",
) -> Certificate:
    """A certificate, self-signed unless told; each part may be given as bytes."""
    signed = sequence(
        version,
        serial,
        inner or algorithm,
        issuer or subject,
        valid,
        subject,
        key or key_info(kind),
        more,
        *([tlv(0xA3, sequence(*extensions))] if extensions else []),
    )
    return Certificate(sequence(signed, algorithm, tlv(3, b"\0", signs(signer or kind, algorithm)(signed))))


@dataclass(frozen=True)
class Odd:
    """A kind of certificate. `unreadable`: which parts are; `java` says whether Java takes it into a store."""

    made: Callable[[], Certificate]
    unreadable: tuple[str, ...] = ()
    java: bool = True
    self_signed: bool = True

    @property
    def certificate(self) -> Certificate:
        return self.made()


def _odd(*extensions: bytes, unreadable: str = "", java: bool = True, self_signed: bool = True, **parts: Any) -> Odd:
    made_of = cache(partial(certificate, *extensions, **parts))
    return Odd(made_of, tuple(filter(None, unreadable.split(", "))), java, self_signed)


_NAMES, _SAN = "issuer, subject", "subject alternative name"
_EVEN = sequence(_RSA_KEY, tlv(3, b"\0", sequence(integer(b"\0" + b"\xc5" * 256), integer(b"\x02"))))
RSA_512 = sequence(_RSA_KEY, tlv(3, b"\0", sequence(integer(b"\0" + b"\xc5" * 64), integer(b"\x01\0\x01"))))
KINDS: dict[str, Odd] = {
    "plain": _odd(SAN),
    # names
    "Latin-1 in a UTF8String": _odd(SAN, subject=name(b"Orl\xe9ans"), unreadable=_NAMES),
    "Latin-1 in a PrintableString": _odd(SAN, subject=name(b"Orl\xe9ans", PRINTABLE), unreadable=_NAMES),
    "Latin-1 in an IA5String": _odd(SAN, subject=name(b"Orl\xe9ans", IA5), unreadable=_NAMES),
    "a T61String": _odd(SAN, subject=name(b"Orl\xe9ans", T61)),
    "a BMPString": _odd(SAN, subject=name("Zürich 東京".encode("utf-16-be"), BMP)),
    "half a BMPString": _odd(SAN, subject=name(b"\0Z\0", BMP), unreadable=_NAMES),
    "a UniversalString": _odd(SAN, subject=name("Zürich".encode("utf-32-be"), UNIVERSAL)),
    "no PrintableString": _odd(SAN, subject=name(b"*_@", PRINTABLE)),
    "a NumericString": _odd(SAN, subject=name(b"12 34", NUMERIC)),
    "a VisibleString": _odd(SAN, subject=name(b"visible", VISIBLE)),
    "an OCTET STRING in a name": _odd(SAN, subject=name(b"\x01", 4)),
    "a SEQUENCE in a name": _odd(SAN, subject=name(integer(b"\x01"), 0x30)),
    "an unknown attribute": _odd(SAN, subject=name(b"x", UTF8, "1.2.3.4.5")),
    "a country of seven letters": _odd(SAN, subject=name(b"Germany", PRINTABLE, COUNTRY)),
    "a multi-valued relative name": _odd(
        SAN, subject=sequence(relative(attribute(CN, UTF8, b"odd"), attribute(ORGANIZATION, UTF8, b"Example")))
    ),
    "an empty common name": _odd(SAN, subject=sequence(relative(attribute(CN, UTF8, b"")))),
    "an empty relative name": _odd(SAN, subject=sequence(tlv(0x31), relative(attribute(CN, UTF8, b"odd")))),
    "no subject": _odd(alternative(DNS, critical=True), subject=sequence(), issuer=NAME, self_signed=False),
    "no subject and no issuer": _odd(alternative(DNS, critical=True), subject=sequence(), java=False),
    # numbers
    "a negative serial number": _odd(SAN, serial=integer(b"\x80")),
    "a serial number of zero": _odd(SAN, serial=integer(b"\0")),
    "a long serial number": _odd(SAN, serial=integer(b"\x7f" * 40)),
    "a padded serial number": _odd(SAN, serial=integer(b"\0\0\x12")),
    "a serial number of no bytes": _odd(SAN, serial=integer(), unreadable="serial number", java=False),
    "version 1": _odd(version=b""),
    "version 1 spelled out": _odd(version=tlv(0xA0, integer(b"\0"))),
    "version 1 with extensions": _odd(SAN, version=b"", java=False),
    "version 2": _odd(version=tlv(0xA0, integer(b"\x01")), more=tlv(0x81, b"\0\x01")),
    "version 4": _odd(version=tlv(0xA0, integer(b"\x03"))),
    # subject alternative names
    "an x400Address": _odd(alternative(DNS, tlv(0xA3, sequence()))),
    "an ediPartyName": _odd(alternative(DNS, tlv(0xA5, tlv(0xA1, tlv(UTF8, b"x")))), unreadable=_SAN),
    "a directoryName": _odd(alternative(DNS, tlv(0xA4, NAME))),
    "an otherName": _odd(alternative(DNS, tlv(0xA0, oid("1.3.6.1.4.1.311.20.2.3"), tlv(0xA0, tlv(UTF8, b"a@b"))))),
    "a registeredID": _odd(alternative(DNS, tlv(0x88, oid("1.2.3")[2:]))),
    "an IP address alone": _odd(alternative(tlv(0x87, b"\xc0\0\x02\x07"))),
    "an IP address of three bytes": _odd(alternative(DNS, tlv(0x87, b"\xc0\0\x02")), unreadable=_SAN),
    "Latin-1 in a dNSName": _odd(alternative(tlv(0x82, b"orl\xe9ans.example"), DNS)),
    "an empty subject alternative name": _odd(alternative(), unreadable=_SAN),
    "a torn subject alternative name": _odd(extension("2.5.29.17", sequence(DNS)[:-3]), unreadable=_SAN),
    "one that is torn and critical": _odd(
        extension("2.5.29.17", sequence(DNS)[:-3], critical=True), unreadable=_SAN, java=False
    ),
    "more behind the subject alternative name": _odd(extension("2.5.29.17", sequence(DNS) + b"\0"), unreadable=_SAN),
    "two subject alternative names": _odd(SAN, alternative(tlv(0x82, b"two.example")), java=False),
    # other extensions
    "torn basic constraints": _odd(SAN, extension("2.5.29.19", b"\x30\x03\x01\x01"), unreadable="basic constraints"),
    "a TRUE of 1": _odd(SAN, extension("2.5.29.19", sequence(tlv(1, b"\x01")))),
    "a default that is written": _odd(SAN, extension("2.5.29.19", sequence(tlv(1, b"\0")))),
    "an unknown critical extension": _odd(SAN, extension("1.2.3.4", null, critical=True)),
    "no extension in the block of them": _odd(more=tlv(0xA3, sequence())),
    # keys and signatures
    "RSASSA-PSS": _odd(SAN, algorithm=PSS),
    "Ed25519": _odd(SAN, kind="ed25519", algorithm=sequence(oid("1.3.101.112"))),
    "DSA": _odd(SAN, kind="dsa", algorithm=sequence(oid("2.16.840.1.101.3.4.3.2"))),
    "ECDSA": _odd(SAN, kind="ec", algorithm=ECDSA),
    "RSA of 512 bits": _odd(SAN, key=RSA_512, self_signed=False),
    "an RSA key that is none": _odd(SAN, key=_EVEN, unreadable="public key", java=False, self_signed=False),
    "an unknown kind of key": _odd(
        SAN, key=sequence(sequence(oid("1.2.3.4")), tlv(3, b"\0\x01")), unreadable="public key", self_signed=False
    ),
    "SHA-1": _odd(SAN, algorithm=SHA1),
    "MD5": _odd(SAN, algorithm=MD5),
    "an unknown algorithm": _odd(SAN, algorithm=sequence(oid("1.2.3.4.5")), self_signed=False),
    "an algorithm without its NULL": _odd(SAN, algorithm=sequence(oid("1.2.840.113549.1.1.11"))),
    "two algorithms": _odd(SAN, inner=SHA1, java=False),
    # times
    "an end that is none": _odd(SAN, valid=sequence(tlv(UTC, b"250101000000Z"), tlv(GENERALIZED, b"99991231235959Z"))),
    "a fraction of a second": _odd(
        SAN, valid=sequence(tlv(GENERALIZED, b"20250101000000.5Z"), tlv(GENERALIZED, b"20490624000000Z"))
    ),
    "no seconds": _odd(SAN, valid=sequence(tlv(UTC, b"2501010000Z"), tlv(UTC, b"4906240000Z"))),
    "another time zone": _odd(SAN, valid=sequence(tlv(UTC, b"250101000000+0100"), tlv(UTC, b"490624000000-0100"))),
    "no month 99": _odd(
        SAN, valid=sequence(tlv(UTC, b"259901000000Z"), tlv(UTC, b"490624000000Z")), unreadable="validity", java=False
    ),
}
TAKEN = {kind: one for kind, one in KINDS.items() if one.java}
