"""`certutil -store`: the certificates of a store of the machine, in short form or (`-v`) with all details."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from fnmatch import fnmatchcase

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lab.windows.invocation import Invocation
from lab.windows.paths import WindowsError

STORES = {
    "my": "Personal",
    "root": "Trusted Root Certification Authorities",
    "ca": "Intermediate Certification Authorities",
}
NTE_NOT_FOUND = 0x80090011
_MOST_IN_ONE_LINE = 16  # bytes
_WINDOWS_NAMES = {"ST": "S", "2.5.4.5": "SERIALNUMBER"}
_MUST_BE_QUOTED = set(',+="<>;#\n')
_DONE = "CertUtil: -store command completed successfully."


def store(invocation: Invocation, names: Sequence[str], *, verbose: bool, force: bool) -> int:
    """Run `certutil -store [Store [CertId [OutputFile]]]`.

    Raises WindowsError for a missing store, and for the file.
    """
    name, wanted, target = (*names, "", "", "")[:3]
    chosen = open_store(invocation, name, wanted)
    if wanted and not chosen:
        return not_found(invocation, "-store")
    for place, (number, certificate) in enumerate(chosen):
        lines = [f"================ Certificate {number} ================", *_described(certificate, verbose=verbose)]
        invocation.stdout.lines("\n" * bool(place) + "\n".join(lines) + "\n")
    if target:
        _save(invocation, target, chosen[0][1], force=force)
    invocation.stdout.line(_DONE)
    return 0


def open_store(invocation: Invocation, name: str, wanted: str = "") -> list[tuple[int, x509.Certificate]]:
    """Print a store's name; return its certificates that a CertId selects, with their places.

    Raises WindowsError for a missing store.
    """
    title = STORES.get(name.lower() or "ca")
    if title is None:
        raise WindowsError(2)  # guess
    certificates = map(x509.load_der_x509_certificate, invocation.machine.machine_store(name or "CA"))
    invocation.stdout.line(f'{name or "CA"} "{title}"')
    return [(number, one) for number, one in enumerate(certificates) if _fits(wanted, number, one)]


def not_found(invocation: Invocation, verb: str) -> int:
    """Print that no certificate was selected; return the exit code."""
    invocation.stdout.line(f"CertUtil: {verb} command FAILED: 0x{NTE_NOT_FOUND:x} (-2146893807 NTE_NOT_FOUND)")
    invocation.stdout.line("CertUtil: Object was not found.")
    return NTE_NOT_FOUND


def _save(invocation: Invocation, target: str, certificate: x509.Certificate, *, force: bool) -> None:
    """Save the first certificate as DER. guess: an existing file stops it unless `-f` is given."""
    goal = invocation.absolute(target)
    if invocation.drive.exists(goal) and not force:
        raise WindowsError(80)
    invocation.write(goal, certificate.public_bytes(Encoding.DER))


def _fits(wanted: str, number: int, certificate: x509.Certificate) -> bool:
    """True if a CertId selects this certificate: by serial number, SHA-1 hash, index in the store or common name."""
    plain = wanted.lower().replace(" ", "")
    if plain in ("", _serial(certificate), _hash(certificate, "sha1")) or wanted == str(number):
        return True
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return any(fnmatchcase(str(name.value).lower(), wanted.lower()) for name in names)


def _described(certificate: x509.Certificate, *, verbose: bool) -> Iterator[str]:
    yield from (_long if verbose else _short)(certificate)


def _short(certificate: x509.Certificate) -> Iterator[str]:
    yield f"Serial Number: {_serial(certificate)}"
    yield f"Issuer: {', '.join(_parts(certificate.issuer))}"
    yield f" NotBefore: {_time(certificate.not_valid_before_utc)}"
    yield f" NotAfter: {_time(certificate.not_valid_after_utc)}"
    yield f"Subject: {', '.join(_parts(certificate.subject))}"
    yield from root_or_not(certificate)
    yield f"Cert Hash(sha1): {_hash(certificate, 'sha1')}"
    yield f"  Key Container = {_container(certificate)}"
    yield f"  Unique container name: {_container(certificate)}"
    yield "  Provider = Microsoft RSA SChannel Cryptographic Provider"
    yield "Private key is NOT exportable"
    yield "Encryption test passed"


def _long(certificate: x509.Certificate) -> Iterator[str]:
    yield "X509 Certificate:"
    yield "Version: 3"
    yield f"Serial Number: {_serial(certificate)}"
    yield from _algorithm(certificate)
    yield from _name("Issuer", certificate.issuer)
    yield ""
    yield f" NotBefore: {_time(certificate.not_valid_before_utc)}"
    yield f" NotAfter: {_time(certificate.not_valid_after_utc)}"
    yield ""
    yield from _name("Subject", certificate.subject)
    yield ""
    yield from _public_key(certificate)
    yield from _extensions(certificate)
    yield from _algorithm(certificate)
    yield "Signature: UnusedBits=0"
    yield from _dump(certificate.signature[::-1])  # the platform keeps it in reverse order
    yield from root_or_not(certificate)
    yield from _hashes(certificate)
    yield ""
    yield "  CERT_KEY_PROV_INFO_PROP_ID(2):"
    yield f"    Key Container = {_container(certificate)}"
    yield f"  Unique container name: {_container(certificate)}"
    yield "    Provider = Microsoft RSA SChannel Cryptographic Provider"
    yield "    ProviderType = c"
    yield "  Flags = 20 (32)"
    yield "    CRYPT_MACHINE_KEYSET -- 20 (32)"
    yield "    KeySpec = 1 -- AT_KEYEXCHANGE"
    yield ""
    yield "  CERT_SHA1_HASH_PROP_ID(3):"
    yield f"    {_hash(certificate, 'sha1')}"
    yield "Private key is NOT exportable"
    yield "Encryption test passed"


def root_or_not(certificate: x509.Certificate) -> Iterator[str]:
    """Yield the lines that tell whether it is a root certificate."""
    if certificate.issuer == certificate.subject:
        yield "Signature matches Public Key"
        yield "Root Certificate: Subject matches Issuer"
    else:
        yield "Non-root Certificate"


def _algorithm(certificate: x509.Certificate) -> Iterator[str]:
    oid = certificate.signature_algorithm_oid
    names = {"1.2.840.113549.1.1.5": "sha1RSA", "1.2.840.113549.1.1.11": "sha256RSA"}
    yield "Signature Algorithm:"
    yield f"    Algorithm ObjectId: {oid.dotted_string} {names.get(oid.dotted_string, '')}".rstrip()
    yield "    Algorithm Parameters:"
    yield "    05 00"


def _name(label: str, name: x509.Name) -> Iterator[str]:
    encoded = name.public_bytes()
    yield f"{label}:"
    yield from (f"    {part}" for part in _parts(name))
    yield f"  Name Hash(sha1): {hashlib.sha1(encoded, usedforsecurity=False).hexdigest()}"
    yield f"  Name Hash(md5): {hashlib.md5(encoded, usedforsecurity=False).hexdigest()}"


def _public_key(certificate: x509.Certificate) -> Iterator[str]:
    key = certificate.public_key()
    is_rsa = isinstance(key, rsa.RSAPublicKey)
    yield "Public Key Algorithm:"
    yield "    Algorithm ObjectId: 1.2.840.113549.1.1.1 RSA"
    yield "    Algorithm Parameters:"
    yield "    05 00"
    yield f"Public Key Length: {getattr(certificate.public_key(), 'key_size', 0)} bits"
    yield "Public Key: UnusedBits = 0"
    yield from _dump(
        key.public_bytes(Encoding.DER, PublicFormat.PKCS1 if is_rsa else PublicFormat.SubjectPublicKeyInfo)
    )


def _extensions(certificate: x509.Certificate) -> Iterator[str]:
    yield f"Certificate Extensions: {len(certificate.extensions)}"
    for extension in certificate.extensions:
        value = extension.value
        flags = "1(Critical)" if extension.critical else "0"
        yield f"    {extension.oid.dotted_string}: Flags = {flags}, Length = {len(value.public_bytes()):x}"
        if isinstance(value, x509.SubjectAlternativeName):
            yield "    Subject Alternative Name"
            yield from (f"        DNS Name={name}" for name in value.get_values_for_type(x509.DNSName))
        elif isinstance(value, x509.SubjectKeyIdentifier):
            yield "    Subject Key Identifier"
            yield f"        {value.digest.hex()}"
        yield ""


def _hashes(certificate: x509.Certificate) -> Iterator[str]:
    spki = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pin = hashlib.sha256(spki).digest()
    yield f"Key Id Hash(rfc-sha1): {x509.SubjectKeyIdentifier.from_public_key(certificate.public_key()).digest.hex()}"
    yield f"Key Id Hash(sha1): {hashlib.sha1(spki, usedforsecurity=False).hexdigest()}"
    yield f"Key Id Hash(pin-sha256): {base64.b64encode(pin).decode()}"
    yield f"Key Id Hash(pin-sha256-hex): {pin.hex()}"
    for algorithm in ("md5", "sha1", "sha256"):
        yield f"Cert Hash({algorithm}): {_hash(certificate, algorithm)}"
    yield f"Signature Hash: {hashlib.sha256(certificate.tbs_certificate_bytes).hexdigest()}"


def _dump(data: bytes) -> Iterator[str]:
    for start in range(0, len(data), _MOST_IN_ONE_LINE):
        row = data[start : start + _MOST_IN_ONE_LINE]
        halves = "  ".join(half.hex(" ") for half in (row[:8], row[8:]) if half)
        yield f"    {start:04x}  {halves}"


def _parts(name: x509.Name) -> list[str]:
    """Return `CN=...` and so on, in the reverse order of the certificate."""
    found = []
    for attribute in reversed(list(name)):
        key = attribute.rfc4514_attribute_name
        found.append(f"{_WINDOWS_NAMES.get(key, key)}={_quoted(str(attribute.value))}")
    return found


def _quoted(value: str) -> str:
    return '"{}"'.format(value.replace('"', '""')) if set(value) & _MUST_BE_QUOTED else value


def _serial(certificate: x509.Certificate) -> str:
    digits = f"{certificate.serial_number:x}"
    return digits.zfill(len(digits) + len(digits) % 2)


def _hash(certificate: x509.Certificate, algorithm: str) -> str:
    der = certificate.public_bytes(Encoding.DER)
    return hashlib.new(algorithm, der, usedforsecurity=False).hexdigest()


def _container(certificate: x509.Certificate) -> str:
    """Return a container's name, which no client uses; it is derived from the certificate."""
    digits = _hash(certificate, "md5")
    return f"{digits}_1d0f4c3e-6f0b-4f0b-9a36-5c2f8f0c7e11"


def _time(moment: datetime) -> str:
    """Return the time as a host in UTC with an American region shows it: `3/12/2026 1:45 PM`."""
    hour = (moment.hour + 11) % 12 + 1
    return f"{moment.month}/{moment.day}/{moment.year} {hour}:{moment.minute:02} {'AM' if moment.hour < 12 else 'PM'}"
