"""Certificates as text, as the command line and the pages print them (form A up to 14SU1, form B since 14SU2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID, SignatureAlgorithmOID

from lab.certificates import pem
from lab.tables.vos_roles import Dump

ZONE = dt.timezone(dt.timedelta(hours=-8), "PST")  # a node prints its own time, never UTC
ATTRIBUTES = {
    NameOID.COMMON_NAME: "CN",
    NameOID.ORGANIZATIONAL_UNIT_NAME: "OU",
    NameOID.ORGANIZATION_NAME: "O",
    NameOID.LOCALITY_NAME: "L",
    NameOID.STATE_OR_PROVINCE_NAME: "ST",
    NameOID.COUNTRY_NAME: "C",
}
SIGNATURES = {
    SignatureAlgorithmOID.RSA_WITH_SHA1: "SHA1withRSA",
    SignatureAlgorithmOID.RSA_WITH_SHA256: "SHA256withRSA",
    SignatureAlgorithmOID.RSA_WITH_SHA384: "SHA384withRSA",
    SignatureAlgorithmOID.ECDSA_WITH_SHA256: "SHA256withECDSA",
    SignatureAlgorithmOID.ECDSA_WITH_SHA384: "SHA384withECDSA",
}
RSA_KEY, EC_KEY = ("RSA", "1.2.840.113549.1.1.1"), ("EC", "1.2.840.10045.2.1")
USAGES = {
    "digital_signature": "digitalSignature",
    "content_commitment": "nonRepudiation",
    "key_encipherment": "keyEncipherment",
    "data_encipherment": "dataEncipherment",
    "key_agreement": "keyAgreement",
    "key_cert_sign": "keyCertSign",
    "crl_sign": "cRLSign",
}


def own_text(der: bytes, form: Dump) -> str:
    """Return the output of `show cert own`: the certificate as text, then as PEM.

    In form A the PEM's first line follows the closing `]` on the same line.
    """
    return text(der, form) + ("" if form is Dump.A else "\n") + pem(der).decode("ascii")


def text(der: bytes, form: Dump) -> str:
    """Return a certificate (DER) as text; its lines end with a line feed, except the last one."""
    return FORMS[form](x509.load_der_x509_certificate(der))


def _form_a(certificate: x509.Certificate) -> str:
    oid = certificate.signature_algorithm_oid
    name, key_oid = RSA_KEY if isinstance(certificate.public_key(), rsa.RSAPublicKey) else EC_KEY
    extensions = [line for extension in certificate.extensions for line in _extension(extension)]
    return "\n".join(
        [
            "[",
            "  Version: V3",
            f"  Serial Number: {_serial(certificate)}",
            f"  SignatureAlgorithm: {_signature_name(oid)} ({oid.dotted_string})",
            f"  Issuer Name: {_name(certificate.issuer, ', ')}",
            f"  Validity From: {_date(certificate.not_valid_before_utc)}",
            f"           To:   {_date(certificate.not_valid_after_utc)}",
            f"  Subject Name: {_name(certificate.subject, ', ')}",
            f"  Key: {name} ({key_oid})",
            f"    Key value: {_key(certificate).hex()}",
            f"  Extensions: {len(certificate.extensions)} present",
            *extensions,
            "",
            "  Signature:",
            *_hex_dump(certificate.signature),
            "",
            "]",
        ]
    )


def _form_b(certificate: x509.Certificate) -> str:
    key = certificate.public_key()
    modulus = f"{key.public_numbers().n:x}" if isinstance(key, rsa.RSAPublicKey) else _key(certificate).hex()
    kind = "RSA" if isinstance(key, rsa.RSAPublicKey) else "EC"
    signature = certificate.signature.hex()
    rest = [" " * 23 + signature[at : at + 40] for at in range(40, len(signature), 40)]
    extensions = [
        f"{' ' * 23}critical({str(one.critical).lower()}) {one.oid.dotted_string} value = {_value(one).hex()}"
        for one in certificate.extensions
    ]
    return "\n".join(
        [
            "  [0]         Version: 3",
            f"         SerialNumber: {certificate.serial_number}",
            f"             IssuerDN: {_name(certificate.issuer, ',')}",
            f"           Start Date: {_date(certificate.not_valid_before_utc)}",
            f"           Final Date: {_date(certificate.not_valid_after_utc)}",
            f"            SubjectDN: {_name(certificate.subject, ',')}",
            f"           Public Key: {kind} Public Key",
            f"              Modulus: {modulus}",
            f"  Signature Algorithm: {_signature_name(certificate.signature_algorithm_oid)}",
            f"            Signature: {signature[:40]}",
            *rest,
            "       Extensions: ",
            *extensions,
        ]
    )


FORMS: Mapping[Dump, Callable[[x509.Certificate], str]] = {Dump.A: _form_a, Dump.B: _form_b}


def _extension(extension: x509.Extension[x509.ExtensionType]) -> Sequence[str]:
    name, lines = _extension_lines(extension)
    head = [f"Extension: {name} (OID.{extension.oid.dotted_string})", f"Critical: {str(extension.critical).lower()}"]
    return ["  [", *(f"     {line}" for line in (*head, *lines)), "  ]"]


def _extension_lines(extension: x509.Extension[x509.ExtensionType]) -> tuple[str, Sequence[str]]:
    match extension.value:
        case x509.KeyUsage() as usage:
            usages = [word for attribute, word in USAGES.items() if getattr(usage, attribute)]
            return "KeyUsage", [f"Usages: {', '.join(usages)},"]
        case x509.ExtendedKeyUsage() as uses:
            return "ExtKeyUsageSyntax", [f"Usage oids: {', '.join(use.dotted_string for use in uses)},"]
        case x509.SubjectKeyIdentifier() as identifier:
            return "SubjectKeyIdentifier", [f"keyID: {identifier.digest.hex()}"]
        case x509.BasicConstraints() as constraints:
            length = [f"PathLenConstraint: {constraints.path_length}"] if constraints.path_length is not None else []
            return "BasicConstraints", [f"CA: {str(constraints.ca).lower()}", *length]
        case x509.SubjectAlternativeName() as names:
            return "SubjectAltName", [f"dNSName: {name}," for name in names.get_values_for_type(x509.DNSName)]
    return "Unknown", [f"Value: {_value(extension).hex()}"]


def _value(extension: x509.Extension[x509.ExtensionType]) -> bytes:
    return extension.value.public_bytes()


def _serial(certificate: x509.Certificate) -> str:
    digits = f"{certificate.serial_number:X}"
    return digits.zfill(len(digits) + len(digits) % 2)


def _signature_name(oid: x509.ObjectIdentifier) -> str:
    return SIGNATURES.get(oid, oid.dotted_string)


def _name(name: x509.Name, separator: str) -> str:
    """Return the attributes from the last one in the DER to the first."""
    shown = [f"{ATTRIBUTES.get(one.oid, one.oid.dotted_string)}={one.value!s}" for one in name]
    return separator.join(reversed(shown))


def _date(moment: dt.datetime) -> str:
    return moment.astimezone(ZONE).strftime("%a %b %d %H:%M:%S %Z %Y")


def _key(certificate: x509.Certificate) -> bytes:
    key, encoding = certificate.public_key(), serialization.Encoding
    if isinstance(key, rsa.RSAPublicKey):
        return key.public_bytes(encoding.DER, serialization.PublicFormat.PKCS1)
    return key.public_bytes(encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _hex_dump(data: bytes) -> Sequence[str]:
    rows = [(at, data[at : at + 16]) for at in range(0, len(data), 16)]
    return [f"  {at:04x}: {row.hex(' ')} [{''.join(map(_shown, row))}]" for at, row in rows]


def _shown(byte: int) -> str:
    return chr(byte) if 0x20 <= byte < 0x7F else "."
