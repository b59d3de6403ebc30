"""RSA keys for the setup.

Each costs some 50 ms: hosts of a large site share keys, but no host has the same key twice.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Sequence
from concurrent.futures import Future

from cryptography.hazmat.primitives.asymmetric import rsa


def new_key() -> rsa.RSAPrivateKey:
    """Return a new RSA key of 2048 bits. Other threads go on meanwhile."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class KeyPool:
    """A pool of keys: new ones until there are `size`, then the same ones again in turn. Any thread may use it."""

    def __init__(self, size: int = 32) -> None:
        self._keys: list[Future[rsa.RSAPrivateKey]] = [Future() for _ in range(size)]
        self._turns = itertools.count()
        self._lock = threading.Lock()

    def take(self, count: int) -> Sequence[rsa.RSAPrivateKey]:
        """Return `count` different keys (at most `size`)."""
        with self._lock:
            turns = list(itertools.islice(self._turns, count))
        return [self._key(turn) for turn in turns]

    def _key(self, turn: int) -> rsa.RSAPrivateKey:
        place = self._keys[turn % len(self._keys)]
        if turn < len(self._keys):
            place.set_result(new_key())
        return place.result()
