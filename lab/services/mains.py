"""The power of a Windows host, which a fault takes away in the middle of a command line."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lab.faults.file import HostFaults
from lab.faults.kinds import PowerCut

LOOK_EVERY = 0.05  # seconds between two looks at whether the power is back


async def power_again(faults: HostFaults, cut: PowerCut) -> None:
    """Return when the file of faults no longer says that the power is gone."""
    while faults.holds(cut):  # noqa: ASYNC110  # a file announces nothing
        await asyncio.sleep(LOOK_EVERY)


def _nothing() -> None:
    """Do nothing; by default no part of an interrupted write is left."""


class PowerLostError(Exception):
    """The power is gone: what runs ends here, with its host."""


class Mains:
    """The power of one host. Lines use it on threads of their own, everything else on the lab's loop."""

    def __init__(self, faults: HostFaults) -> None:
        self._faults = faults
        self._line = threading.local()
        self._cut: PowerCut | None = None
        self.went: Callable[[], object] = _nothing  # called when the power goes, on the thread of the line

    @property
    def off(self) -> bool:
        """True if the power is gone."""
        return self._cut is not None

    @contextmanager
    def line(self, text: str) -> Iterator[None]:
        """Run the block as a command line. Raises PowerLostError if the power goes before it ends or answers."""
        self._line.cut = self._faults.take(PowerCut, lambda cut: cut.fits(text))
        self._line.left = self._line.cut.after if self._line.cut else 0
        try:
            yield
            self._end_if(self._line.cut)
        finally:
            self._line.cut = None

    @property
    def in_danger(self) -> bool:
        """True if the power is going to go while this line runs."""
        return getattr(self._line, "cut", None) is not None

    def spend(self, half: Callable[[], None] = _nothing) -> None:
        """Announce the next write. Raises PowerLostError if the power goes at this moment.

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
        """Wait for the power; return the seconds after which services start then."""
        cut = self._cut
        if cut is None:
            return 0.0
        await power_again(self._faults, cut)
        self._cut = None
        return cut.boot
