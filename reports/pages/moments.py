"""Moments and durations in the form that people read."""

from __future__ import annotations

from datetime import UTC, datetime
from math import isfinite

from reports.pages.wording import Words

_MINUTE, _HOUR = 60, 3600


def moment(when: datetime | None) -> str:
    """Return a moment in UTC, to the second; a dash for None."""
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if when else "-"


def day(when: datetime | None) -> str:
    """Return a day in UTC; a dash for None."""
    return f"{when.astimezone(UTC):%Y-%m-%d}" if when else "-"


def span(words: Words, seconds: float) -> str:
    """Return a duration in words: in seconds below a minute, else in minutes, from an hour on in hours."""
    if not isfinite(seconds):  # from a damaged journal
        return "-"
    if seconds < _MINUTE:
        return words("span.seconds", seconds=f"{seconds:.1f}")
    whole = round(seconds)
    if whole < _HOUR:
        return words("span.minutes", minutes=whole // _MINUTE, seconds=f"{whole % _MINUTE:02}")
    return words("span.hours", hours=whole // _HOUR, minutes=f"{whole % _HOUR // _MINUTE:02}")
