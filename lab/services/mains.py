"""The power of a Windows host, which a fault takes away in the middle of a command line."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lab.faults.file import HostFaults
from lab.faults.kinds import PowerCut

LOOK_EVERY = 0.05  # seconds: whether there is power again


async def power_again(faults: HostFaults, cut: PowerCut) -> None:
    """Return when the file of faults no longer says that the power is gone."""
    while faults.holds(cut):  # noqa: ASYNC110  # a file announces nothing
        await asyncio.sleep(LOOK_EVERY)


def _nothing() -> None:
    """Of what was about to be written nothing is there."""


class PowerLostError(Exception):
    """What runs ends here, with its host."""


class Mains:
    """Whether a host has power. Lines are asked on threads of their own, everything else on the lab's loop."""

    def __init__(self, faults: HostFaults) -> None:
        self._faults = faults
        self._line = threading.local()
        self._cut: PowerCut | None = None
        self.went: Callable[[], object] = _nothing  # told when the power goes, on the thread of the line

    @property
    def off(self) -> bool:
        """Whether the power is gone."""
        return self._cut is not None

    @contextmanager
    def line(self, text: str) -> Iterator[None]:
        """A command line runs. Raises PowerLostError if it does not live to its end, or not until it has answered."""
        self._line.cut = self._faults.take(PowerCut, lambda cut: cut.fits(text))
        self._line.left = self._line.cut.after if self._line.cut else 0
        try:
            yield
            self._end_if(self._line.cut)
        finally:
            self._line.cut = None

    @property
    def in_danger(self) -> bool:
        """Whether the power is going to go while this line runs."""
        return getattr(self._line, "cut", None) is not None

    def spend(self, half: Callable[[], None] = _nothing) -> None:
        """Something is about to be written. Raises PowerLostError if that is when the power goes.

        `half` leaves what a file system leaves of it that was in the middle: nothing where it is done in one step.
        """
        if self.off:
            raise PowerLostError
        cut: PowerCut | None = getattr(self._line, "cut", None)
        if cut is None:
            return
        if self._line.left:
            self._line.left -= 1
            return
        if cut.torn:
            half()
        self._end_if(cut)

    def _end_if(self, cut: PowerCut | None) -> None:
        if cut is not None:
            self._cut = cut
            self.went()
            raise PowerLostError

    async def returns(self) -> float:
        """Wait for the power; the seconds after which services start then."""
        cut = self._cut
        if cut is None:
            return 0.0
        await power_again(self._faults, cut)
        self._cut = None
        return cut.boot
