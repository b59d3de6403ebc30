"""Keys and signatures of certificates: their kinds, and whether a key has made a signature, even a weak one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from checks.x509 import der

UNREADABLE_KEY = "unreadable key"
_PSS = "1.2.840.113549.1.1.10"
_MD2 = "MD2withRSA"  # nobody verifies it any more, nor does Java
# Object identifier -> Java's name, and the hash; None if the key's own algorithm or its parameters define it.
_ALGORITHMS: Mapping[str, tuple[str, hashes.HashAlgorithm | None]] = {
    "1.2.840.113549.1.1.2": (_MD2, None),
    "1.2.840.113549.1.1.4": ("MD5withRSA", hashes.MD5()),  # noqa: S303 - to be judged, not to be relied on
    "1.2.840.113549.1.1.5": ("SHA1withRSA", hashes.SHA1()),  # noqa: S303 - likewise
    "1.2.840.113549.1.1.14": ("SHA224withRSA", hashes.SHA224()),
    "1.2.840.113549.1.1.11": ("SHA256withRSA", hashes.SHA256()),
    "1.2.840.113549.1.1.12": ("SHA384withRSA", hashes.SHA384()),
    "1.2.840.113549.1.1.13": ("SHA512withRSA", hashes.SHA512()),
    _PSS: ("RSASSA-PSS", None),
    "1.2.840.10045.4.1": ("SHA1withECDSA", hashes.SHA1()),  # noqa: S303 - likewise
    "1.2.840.10045.4.3.1": ("SHA224withECDSA", hashes.SHA224()),
    "1.2.840.10045.4.3.2": ("SHA256withECDSA", hashes.SHA256()),
    "1.2.840.10045.4.3.3": ("SHA384withECDSA", hashes.SHA384()),
    "1.2.840.10045.4.3.4": ("SHA512withECDSA", hashes.SHA512()),
    "1.2.840.10040.4.3": ("SHA1withDSA", hashes.SHA1()),  # noqa: S303 - likewise
    "2.16.840.1.101.3.4.3.1": ("SHA224withDSA", hashes.SHA224()),
    "2.16.840.1.101.3.4.3.2": ("SHA256withDSA", hashes.SHA256()),
    "1.3.101.112": ("Ed25519", None),
    "1.3.101.113": ("Ed448", None),
}
_HASHES: Mapping[str, hashes.HashAlgorithm] = {
    "1.3.14.3.2.26": hashes.SHA1(),  # noqa: S303 - likewise
    "2.16.840.1.101.3.4.2.1": hashes.SHA256(),
    "2.16.840.1.101.3.4.2.2": hashes.SHA384(),
    "2.16.840.1.101.3.4.2.3": hashes.SHA512(),
    "2.16.840.1.101.3.4.2.4": hashes.SHA224(),
}
_SHA1, _SALT = "1.3.14.3.2.26", 20  # the defaults of PSS


def algorithm_name(algorithm: bytes) -> str:
    """A signature algorithm by Java's name, else its object identifier; empty if that cannot be read."""
    try:
        number = der.identifier(der.elements(algorithm)[0])
    except (ValueError, IndexError):
        return ""
    return _ALGORITHMS[number][0] if number in _ALGORITHMS else number


@lru_cache(maxsize=4096)
def public_key(info: bytes) -> PublicKeyTypes | None:
    """The key of a SubjectPublicKeyInfo; None if its kind is unknown or it cannot be used."""
    try:
        return serialization.load_der_public_key(info)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None


def key_name(info: bytes) -> str:
    """A key's kind and size: `RSA 2048`, `EC secp256r1`."""
    match public_key(info):
        case None:
            return UNREADABLE_KEY
        case rsa.RSAPublicKey(key_size=size):
            return f"RSA {size}"
        case dsa.DSAPublicKey(key_size=size):
            return f"DSA {size}"
        case ec.EllipticCurvePublicKey() as key:
            return f"EC {key.curve.name}"
        case key:
            return type(key).__name__.removeprefix("_").removesuffix("PublicKey")


def made_by(info: bytes, algorithm: bytes, signature: bytes, signed: bytes) -> bool:
    """True if the key in `info` has made this signature."""
    try:
        number, *parameters = der.elements(algorithm)
        _verify(public_key(info), der.identifier(number), parameters, signature, signed)
    except (ValueError, TypeError, KeyError, IndexError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _verify(key: PublicKeyTypes | None, number: str, parameters: list[bytes], signature: bytes, signed: bytes) -> None:
    """Raises InvalidSignature if the key has not made it, or another error (see `made_by`) if it cannot have."""
    name, hashed = _ALGORITHMS[number]
    match key, hashed:
        case rsa.RSAPublicKey(), None if number == _PSS:
            scheme, by = _pss(parameters)
            key.verify(signature, signed, scheme, by)
        case rsa.RSAPublicKey(), hashes.HashAlgorithm() if name.endswith("RSA"):
            key.verify(signature, signed, padding.PKCS1v15(), hashed)
        case ec.EllipticCurvePublicKey(), hashes.HashAlgorithm() if name.endswith("ECDSA"):
            key.verify(signature, signed, ec.ECDSA(hashed))
        case dsa.DSAPublicKey(), hashes.HashAlgorithm() if name.endswith("withDSA"):
            key.verify(signature, signed, hashed)
        case ((ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey()), None):
            key.verify(signature, signed)
        case _:
            raise InvalidSignature


def _pss(parameters: list[bytes]) -> tuple[padding.PSS, hashes.HashAlgorithm]:
    """Padding and hash of RSASSA-PSS-params: [0] the hash, [1] the mask's, [2] the salt's length. Raises NotDer."""
    said = {der.tag(one): der.content(one, der.tag(one)) for one in der.elements(parameters[0])}
    hashed = der.identifier(der.elements(said[0xA0])[0]) if 0xA0 in said else _SHA1
    mask = der.identifier(der.elements(der.elements(said[0xA1])[1])[0]) if 0xA1 in said else _SHA1
    salt = der.integer(said[0xA2]) if 0xA2 in said else _SALT
    return padding.PSS(padding.MGF1(_HASHES[mask]), salt), _HASHES[hashed]
