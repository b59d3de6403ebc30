"""The demands of Java's PKIX on the certificates between a leaf and the trusted one on which it rests.

A trusted certificate itself is taken as it stands, whatever it holds: expired, weak, of another name.
"""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

from checks.x509 import signatures
from checks.x509.certificate import Certificate

_X509_V3 = 3
_REFUSED_HASHES = ("MD2with", "MD5with")  # of every Java's jdk.certpath.disabledAlgorithms, as are these sizes
_LEAST_BITS, _LEAST_ELLIPTIC_BITS = 1024, 224


def may_be_issued(one: Certificate, now: datetime) -> bool:
    """True if Java takes a certificate on the word of its issuer."""
    return (
        one.not_before <= now <= one.not_after
        and not one.signature.startswith(_REFUSED_HASHES)
        and not one.parts.extensions.unknown_critical
        and _long_enough(one)
    )


def may_be_leaf(one: Certificate) -> bool:
    """True if Java takes a certificate as a server's."""
    return one.parts.extensions.for_servers


def may_issue(one: Certificate) -> bool:
    """True if Java takes a certificate as an issuer within a chain."""
    return one.parts.version >= _X509_V3 and one.is_authority and one.parts.extensions.may_sign


def may_anchor(one: Certificate) -> bool:
    """True if Java lets a trusted certificate stand for others: an authority, or one from before version 3."""
    return one.parts.version < _X509_V3 or may_issue(one)


def _long_enough(one: Certificate) -> bool:
    match signatures.public_key(one.parts.key):
        case (rsa.RSAPublicKey() | dsa.DSAPublicKey()) as key:
            return key.key_size >= _LEAST_BITS
        case ec.EllipticCurvePublicKey() as key:
            return key.key_size >= _LEAST_ELLIPTIC_BITS
        case key:
            return key is not None
