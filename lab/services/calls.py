"""The calls of a host: how a restart affects callers."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FILE = "calls.json"  # in the host's folder: number of calls dropped so far
ROLES = ("cvp", "vvb", "pg", "rogger", "router")  # may have calls in a site file

_A_MOMENT = 0.01  # seconds


def is_calls(value: object) -> bool:
    """True if the value is `{number: 3}`, or with `seconds: 2` the duration of the last call, as site files allow."""
    if not isinstance(value, dict) or not {"number"} <= value.keys() <= {"number", "seconds"}:
        return False
    number, seconds = value["number"], value.get("seconds", 0)
    return type(number) is int and number > 0 and type(seconds) in (int, float) and seconds >= 0


class Calls:
    """The calls that a host carries: the number in the site file, as long as the host takes new ones.

    When it takes no more, those in progress end one after the other, the last after `seconds`; without `seconds` they
    never end. May be asked from any thread.
    """

    def __init__(self, folder: Path, told: Mapping[str, Any]) -> None:
        self._file = folder / FILE
        self._number: int = told["number"]
        self._seconds: float | None = told.get("seconds")
        self._lock = threading.Lock()
        self._refusing: float | None = None  # the time of the refusal, by a monotonic clock
        self._away = False

    @property
    def dropped(self) -> int:
        """The number of calls dropped by this lab and by earlier ones on the same state."""
        return int(json.loads(self._file.read_text(encoding="utf-8"))["dropped"]) if self._file.exists() else 0

    @property
    def active(self) -> int:
        """The number of calls in progress now."""
        if self._away:
            return 0
        if self._refusing is None or self._seconds is None:
            return self._number
        lasted = time.monotonic() - self._refusing
        return sum(self._seconds * (one + 1) / self._number > lasted for one in range(self._number))

    def refuse_new(self) -> None:
        """Take no new calls."""
        if self._refusing is None:
            self._refusing = time.monotonic()

    async def over(self) -> None:
        """Return when the calls in progress have ended, if they ever do; `refuse_new` must have been called."""
        if self._seconds is None or self._refusing is None:
            await asyncio.Event().wait()
            return
        await asyncio.sleep(max(0.0, self._refusing + self._seconds - time.monotonic()) + _A_MOMENT)

    def drop(self, *, away: bool = True) -> None:
        """Drop the calls in progress; unless the host is `away` afterwards, others take their places at once."""
        with self._lock:
            dropped = self.dropped + self.active
            self._file.write_text(json.dumps({"dropped": dropped}) + "\n", encoding="utf-8")
            self._away = self._away or away

    def welcome(self) -> None:
        """Take new calls (again)."""
        self._refusing, self._away = None, False
