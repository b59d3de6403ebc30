"""What Java's PKIX demands of the certificates from a leaf up to its trust anchor.

A trusted certificate is not checked itself, except that an issuer must be allowed to issue: it may be expired or weak.
"""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

from checks.x509 import signatures
from checks.x509.certificate import Certificate

_X509_V3 = 3
_REFUSED_HASHES = ("MD2with", "MD5with")  # in every Java's jdk.certpath.disabledAlgorithms, as are the sizes below
_LEAST_BITS, _LEAST_ELLIPTIC_BITS = 1024, 224


def may_be_issued(one: Certificate, now: datetime) -> bool:
    """True if Java accepts a certificate because of its issuer: valid now, not weak, no unknown critical extension."""
    return (
        one.not_before <= now <= one.not_after
        and not one.signature.startswith(_REFUSED_HASHES)
        and not one.parts.extensions.unknown_critical
        and _long_enough(one)
    )


def may_be_leaf(one: Certificate) -> bool:
    """True if Java accepts a certificate as a server's, by its extended key usage."""
    return one.parts.extensions.for_servers


def may_issue(one: Certificate) -> bool:
    """True if Java accepts a certificate as an issuer within a chain."""
    return one.parts.version >= _X509_V3 and one.is_authority and one.parts.extensions.may_sign


def may_anchor(one: Certificate) -> bool:
    """True if Java accepts a trusted certificate as an issuer: a CA, or a certificate older than version 3."""
    return one.parts.version < _X509_V3 or may_issue(one)


def _long_enough(one: Certificate) -> bool:
    match signatures.public_key(one.parts.key):
        case (rsa.RSAPublicKey() | dsa.DSAPublicKey()) as key:
            return key.key_size >= _LEAST_BITS
        case ec.EllipticCurvePublicKey() as key:
            return key.key_size >= _LEAST_ELLIPTIC_BITS
        case key:
            return key is not None
