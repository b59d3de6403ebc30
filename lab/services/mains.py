"""The power supply of a Windows host, which a fault can interrupt while a command line runs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lab.faults.file import HostFaults
from lab.faults.kinds import PowerCut

LOOK_EVERY = 0.05  # seconds between two checks whether the power is back


async def power_again(faults: HostFaults, cut: PowerCut) -> None:
    """Return when the power cut is no longer in the file of faults."""
    while faults.holds(cut):  # noqa: ASYNC110  # nobody announces a change of the file
        await asyncio.sleep(LOOK_EVERY)


def _nothing() -> None:
    """Do nothing; by default no part of an interrupted write is left."""


class PowerLostError(Exception):
    """Raised in a running command line when its host loses power."""


class Mains:
    """The power supply of one host. Command lines use it on threads of their own, all else on the lab's loop."""

    def __init__(self, faults: HostFaults) -> None:
        self._faults = faults
        self._line = threading.local()
        self._cut: PowerCut | None = None
        self.went: Callable[[], object] = _nothing  # called when the power fails, on the thread of the line

    @property
    def off(self) -> bool:
        """True while there is no power."""
        return self._cut is not None

    @contextmanager
    def line(self, text: str) -> Iterator[None]:
        """Run the block as a command line. Raises PowerLostError if the power fails during it or at its end."""
        self._line.cut = self._faults.take(PowerCut, lambda cut: cut.fits(text))
        self._line.left = self._line.cut.after if self._line.cut else 0
        try:
            yield
            self._end_if(self._line.cut)
        finally:
            self._line.cut = None

    @property
    def in_danger(self) -> bool:
        """True if the power will fail while this line runs."""
        return getattr(self._line, "cut", None) is not None

    def spend(self, half: Callable[[], None] = _nothing) -> None:
        """Announce the next write. Raises PowerLostError if the power fails instead of it.

        `half`: writes the part that a file system keeps of an interrupted write; by default there is none (the write is
        atomic).
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
        """Wait until the power is back; return the seconds after which services start."""
        cut = self._cut
        if cut is None:
            return 0.0
        await power_again(self._faults, cut)
        self._cut = None
        return cut.boot
