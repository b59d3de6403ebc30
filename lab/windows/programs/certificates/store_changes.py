"""`certutil -addstore` and `-delstore`: they put a certificate into a store of the machine, or take it out."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from lab.windows.invocation import Invocation
from lab.windows.paths import WindowsError
from lab.windows.programs.certificates.certificate_store import not_found, open_store, root_or_not

_DONE = "CertUtil: {} command completed successfully."


def addstore(invocation: Invocation, name: str, file: str) -> int:
    """Run `certutil -addstore Store File`, for a certificate as DER or PEM.

    Raises WindowsError for a missing store, for the file, and for an account that is not elevated.
    """
    _refuse(invocation)
    data = invocation.read(invocation.absolute(file))
    try:
        certificate = _read(data)
    except ValueError:
        raise WindowsError(13) from None
    open_store(invocation, name)
    invocation.stdout.line(next(root_or_not(certificate)))  # guess: of its lines the first alone
    added = invocation.machine.add_to_machine_store(name, certificate.public_bytes(Encoding.DER))
    invocation.stdout.line(f'Certificate "{_name(certificate)}" {"added to" if added else "already in"} store.')
    invocation.stdout.line(_DONE.format("-addstore"))
    return 0


def delstore(invocation: Invocation, name: str, wanted: str) -> int:
    """Run `certutil -delstore Store CertId`. Raises WindowsError as `addstore` does."""
    _refuse(invocation)
    chosen = open_store(invocation, name, wanted)
    if not chosen:
        return not_found(invocation, "-delstore")  # guess
    for number, certificate in chosen:
        invocation.machine.remove_from_machine_store(name, certificate.public_bytes(Encoding.DER))
        invocation.stdout.line(f"Deleting Certificate {number}")
    invocation.stdout.line(_DONE.format("-delstore"))
    return 0


def _refuse(invocation: Invocation) -> None:
    if not invocation.session.shell.elevated:
        raise WindowsError(5)


def _read(data: bytes) -> x509.Certificate:
    load = x509.load_pem_x509_certificate if data.lstrip().startswith(b"-----") else x509.load_der_x509_certificate
    return load(data)


def _name(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()
