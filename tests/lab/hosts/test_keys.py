"""The pool of keys."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from lab.keys import KeyPool


def test_keys_come_again_in_turn() -> None:
    pool = KeyPool(2)
    with ThreadPoolExecutor(3) as threads:
        pairs = list(threads.map(lambda _: pool.take(2), range(3)))
    assert all(first is not second for first, second in pairs)
    assert len({key.public_key().public_numbers() for pair in pairs for key in pair}) == 2
