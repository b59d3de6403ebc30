"""Moments by a host's own clock, in the one form in which they may be compared.

Windows keeps the times of files and processes in UTC and shows them in local time. What is shown with an offset cannot
be compared: after a change to or from summer time, `wmic` was seen to tell a process's start an hour off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_BEGIN = datetime(1601, 1, 1, tzinfo=UTC)
_TICKS_A_DAY = 24 * 60 * 60 * 10_000_000


@dataclass(frozen=True)
class Moment:
    """A moment by the clock of one host: ticks of 100 ns since 1601-01-01 in UTC, as Windows itself counts."""

    host: str
    ticks: int

    def is_after(self, other: Moment) -> bool:
        """True if it is later. Raises ValueError for a moment of another host: its clock is another one."""
        if self.host != other.host:
            raise ValueError(f"moments of two clocks, {self.host} and {other.host}, have no order")
        return self.ticks > other.ticks

    def days_since(self, other: Moment) -> float:
        """The days from another moment of this host to this one; 0.0 if that is not earlier.

        Raises ValueError as `is_after`.
        """
        return (self.ticks - other.ticks) / _TICKS_A_DAY if self.is_after(other) else 0.0

    def __str__(self) -> str:
        """To the second, with its zone: `2026-11-30 01:02:03 UTC`."""
        return f"{_BEGIN + timedelta(microseconds=self.ticks // 10):%Y-%m-%d %H:%M:%S} UTC"
