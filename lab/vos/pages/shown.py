"""Certificates as the pages show them: those of the node itself and those it trusts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from lab.vos.certificates import description_of
from lab.vos.node import Node
from lab.vos.pages.listing import Row

OWN, TRUSTED = "certs", "trust-certs"  # the certificate types of the detail page, and folders
GROUP = "product-cpi"
FOLDER = "/usr/local/platform/.security"


@dataclass(frozen=True)
class Shown:
    """One certificate of the list and of the detail page."""

    purpose: str
    type: str
    file_name: str
    description: str
    der: bytes

    @property
    def path(self) -> str:
        """The file on the node; pages name the certificate by it."""
        return f"{FOLDER}/{self.purpose.removesuffix('-trust')}/{self.type}/{self.file_name}"

    @property
    def settings(self) -> dict[str, str]:
        """The upper part of the detail page."""
        return {
            "File Name": self.file_name,
            "Certificate Purpose": self.purpose,
            "Certificate Type": self.type,
            "Certificate Group": GROUP,
            "Description(friendly name)": self.description,
        }

    def row(self) -> Row:
        """Its line in the list."""
        certificate = x509.load_der_x509_certificate(self.der)
        signed_by_itself = certificate.issuer == certificate.subject
        return Row(
            certificate=self.purpose,
            common_name=self._common_name(certificate),
            type="Self-signed" if signed_by_itself else "CA-signed",
            key_type="RSA" if isinstance(certificate.public_key(), rsa.RSAPublicKey) else "EC",
            distribution=_underscored(certificate.subject),
            issued_by=_underscored(certificate.issuer),
            expires=certificate.not_valid_after_utc.date(),
            description=self.description,
            path=self.path,
        )

    def _common_name(self, certificate: x509.Certificate) -> str:
        """Return the common name; of a trusted certificate the file's name.

        That is the common name, with its serial number where the release adds it.
        """
        return self.file_name.removesuffix(".pem") if self.type == TRUSTED else _underscored(certificate.subject)


def shown_certificates(node: Node) -> Sequence[Shown]:
    """Return every certificate of a node as its disk has it now, its own ones first."""
    own = [_own(purpose, node.own(purpose).chain[0]) for purpose in node.own_purposes()]
    trusted = [
        Shown(unit, TRUSTED, entry.name, entry.description, entry.der)
        for unit, trust in node.trusts.items()
        for entry in trust.list()
    ]
    return [*own, *trusted]


def find_shown(node: Node, path: str) -> Shown | None:
    """Return the certificate with this path; None if it no longer exists."""
    return next((shown for shown in shown_certificates(node) if shown.path == path), None)


def _own(purpose: str, der: bytes) -> Shown:
    return Shown(purpose, OWN, f"{purpose}.pem", description_of(x509.load_der_x509_certificate(der)), der)


def _underscored(name: x509.Name) -> str:
    names = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[-1].value if names else name.rfc4514_string()).replace(" ", "_")
