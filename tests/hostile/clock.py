"""How the time of a call grows with its input, on a machine that has other things to do as well.

The time of this thread alone is counted, each the least of some tries; and what takes no time at all cannot grow badly.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Call = Callable[[Any], object]
# A call that is linear takes twice as long for twice as much; one that takes the square of it, four times as long.
STEEP = 3.0
_TRIES = 3
_HALVINGS = 7  # the first size: a call that would take an hour is found out by one that takes a moment


@dataclass(frozen=True)
class Growth:
    """Time at a size over time at half of it, 0 where it takes no time worth speaking of; and the time, in seconds."""

    steepness: float
    seconds: float


def seconds(call: Call, given: object, tries: int = 1) -> float:
    """The processor's time for a call: the least of some tries."""
    gc.collect(0)
    gc.disable()  # what it does depends on all that there is
    try:
        return min(_once(call, given) for _ in range(tries))
    finally:
        gc.enable()


def _once(call: Call, given: object) -> float:
    begun = time.thread_time()
    call(given)
    return time.thread_time() - begun


def growth(call: Call, make: Callable[[int], object], size: int, floor: float) -> Growth:
    """How a call's time grows up to a size; it ends at the first size at which that is too steep.

    What looks steep is looked at again, so that nothing else that goes on here is taken for it.
    """
    taken, steepness = 0.0, 0.0
    for halvings in range(_HALVINGS, -1, -1):
        now, before = size >> halvings, taken
        taken = seconds(call, make(now))
        if taken > floor:
            steepness = taken / before if before else STEEP
            if steepness >= STEEP:
                taken, before = (seconds(call, make(one), _TRIES) for one in (now, now // 2))
                steepness = taken / before
                if steepness >= STEEP:
                    break
    return Growth(steepness, taken)
