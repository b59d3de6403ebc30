"""Detached Ed25519 signatures (64 bytes), compatible with `openssl pkeyutl -rawin`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

_HOW_TO_MAKE = "make one with: openssl genpkey -algorithm ed25519 -out FILE"
_HOW_TO_TAKE = "take it from the private key with: openssl pkey -in KEY -pubout -out FILE"


class KeyRefused(Exception):
    """Raised if a file does not hold a usable key of the right kind; the message names file, reason and remedy."""


@dataclass(frozen=True)
class Signer:
    """A private key, and the file that it was read from."""

    path: Path
    _key: Ed25519PrivateKey

    @classmethod
    def of(cls, path: Path) -> Signer:
        """Read the key in a file. Raises KeyRefused."""
        try:
            key = load_pem_private_key(_content(path), password=None)
        except TypeError:
            remedy = "a run asks for no passphrase: openssl pkey -in FILE -out FILE2 writes it without one"
            raise KeyRefused(f"{path} is encrypted; {remedy}") from None
        except (ValueError, UnsupportedAlgorithm):
            raise KeyRefused(f"{path} holds no private key in PEM; {_HOW_TO_MAKE}") from None
        if not isinstance(key, Ed25519PrivateKey):
            raise KeyRefused(f"{path} holds a private key that is not Ed25519; {_HOW_TO_MAKE}")
        return cls(path, key)

    def sign(self, data: bytes) -> bytes:
        """Return the signature of the data, 64 bytes."""
        return self._key.sign(data)


def public_key(path: Path) -> Ed25519PublicKey:
    """Return the public key in a file. Raises KeyRefused."""
    try:
        key = load_pem_public_key(_content(path))
    except (ValueError, UnsupportedAlgorithm):
        raise KeyRefused(f"{path} holds no public key in PEM; {_HOW_TO_TAKE}") from None
    if not isinstance(key, Ed25519PublicKey):
        raise KeyRefused(f"{path} holds a public key that is not Ed25519; {_HOW_TO_TAKE}")
    return key


def fits(key: Ed25519PublicKey, signature: bytes, data: bytes) -> bool:
    """True if the signature was made of this data with the private half of the key."""
    try:
        key.verify(signature, data)
    except InvalidSignature:
        return False
    return True


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeyRefused(f"{path} cannot be read: {error.strerror or error}") from None
