"""Parsers and inputs by chance: a result or an error of their own, within a time and a size."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from tests.hostile.mutations import Chance
from tests.hostile.parser import Parser
from tests.hostile.parsers import PARSERS

SECONDS, MEGABYTES = 2.0, 200  # of the processor, and of memory more than before: for one input
_SHOWN = 300  # characters of an input that is told


@dataclass
class Fuzzed:
    """What came of some inputs: how many went well, those that did not, and the slowest."""

    passed: int = 0
    failed: list[str] = field(default_factory=list)
    slowest: float = 0.0
    came: Counter[str] = field(default_factory=Counter)


def fuzz(parser: Parser, shard: int, inputs: int, seed: int, folder: Path) -> Fuzzed:
    """Give a parser so many inputs; the shard and the seed say which."""
    done = Fuzzed()
    for given in given_to(parser, shard, inputs, seed):
        before, begun = _peak(), time.thread_time()
        try:
            done.came.update(parser.run(given, folder))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is not the parser's own
            done.failed.append(f"{type(error).__name__}: {error!s:.200}: {_shown(given)}")
            continue
        taken, more = time.thread_time() - begun, _peak() - before
        done.slowest = max(done.slowest, taken)
        if taken > SECONDS or more > MEGABYTES:
            done.failed.append(f"{taken:.1f} s, {more:.0f} MB: {_shown(given)}")
        else:
            done.passed += 1
    return done


def given_to(parser: Parser, shard: int, inputs: int, seed: int) -> Iterator[str | bytes]:
    """The inputs of a shard. What a file may hold is also what it says of itself: a parser's own samples come most."""
    others = list(chain.from_iterable(one.samples[:3] for one in PARSERS.values()))
    chance = Chance(f"{seed} {parser.name} {shard}", parser.samples, others)
    for _ in range(inputs):
        given = chance.next()
        # Samples that are no text were read as Latin-1 to be altered.
        binary = any(isinstance(one, bytes) for one in parser.samples)
        yield given.encode("latin-1", "replace") if binary and isinstance(given, str) else given


def _peak() -> float:
    """The most memory that this process ever had, in megabytes; 0 where nobody says so."""
    if sys.platform == "win32":
        return 0.0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _shown(given: str | bytes) -> str:
    text = repr(given)
    return text if len(text) <= 2 * _SHOWN else f"{text[:_SHOWN]} ... {text[-_SHOWN:]}"
