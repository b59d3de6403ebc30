"""Allure's history of earlier runs of a site: its history file, kept in the folders of the changes it is about.

Each change's folder has the lines of its own runs (`allure-history.jsonl`, one for each run with a report): they are
searched for secrets and sealed with the evidence, and runs of different changes never write to the same file. A report
combines the lines of all folders of the site. Rehearsals and real sites have separate histories.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from fixtures.system.plain_files import read_plain
from reports.pages.files import write_whole

NAME = "allure-history.jsonl"
KEPT = 10  # earlier runs that a report shows
_SHORT = ("labels", "trace")  # of a test in an earlier run: not needed there, and most of its size
Point = dict[str, Any]  # Allure's record of one run


@dataclass(frozen=True)
class Told:
    """The run that a report is made for: its name, site and kind, and its beginning (ms since 1970)."""

    run: str
    site: str
    kind: str
    started: int

    @classmethod
    def of(cls, executor: object) -> Told | None:
        """Read the facts of `executor.json`; None if one is missing, and for a plan, which has no outcomes."""
        if not isinstance(executor, dict) or executor.get("kind") in (None, "plan"):
            return None
        try:
            return cls(executor["buildName"], executor["site"], executor["kind"], int(executor["started"]))
        except (KeyError, TypeError, ValueError):
            return None


def earlier(folder: Path, told: Told) -> list[Point]:
    """Return the latest runs of the site before this one, oldest first, from this change's folder and its siblings."""
    files = sorted(folder.parent.glob(f"*/{NAME}"), key=_latest_run, reverse=True)
    rehearsal = told.kind == "rehearsal"
    found: list[Point] = []
    for file in files:
        if len(found) >= KEPT and file.parent != folder:
            continue
        found += [
            point
            for point in points(file)
            if point.get("site") == told.site
            and (point.get("kind") == "rehearsal") is rehearsal
            and point["timestamp"] < told.started
        ]
    return sorted(found, key=lambda point: float(point["timestamp"]))[-KEPT:]


def keep(folder: Path, told: Told, point: Point) -> None:
    """Write Allure's summary of a run into the folder's history, replacing its earlier one. Raises OSError."""
    name = f"{folder.name}-{told.run}"
    tests = {key: _short(test) for key, test in point.get("testResults", {}).items()}
    whole = point | {
        "uuid": name,
        "timestamp": told.started,
        "site": told.site,
        "kind": told.kind,
        "testResults": tests,
    }
    others = [one for one in points(folder / NAME) if one["uuid"] != name]
    every = sorted([*others, whole], key=lambda one: float(one["timestamp"]))
    write_whole(folder / NAME, lines(every).encode())


def lines(every: list[Point]) -> str:
    """Return these runs in the form that Allure reads and writes."""
    return "".join(f"{json.dumps(point)}\n" for point in every)


def points(file: Path) -> list[Point]:
    """Return the runs in a history file; damaged lines are skipped."""
    try:
        text = read_plain(file).decode()
    except (OSError, ValueError):
        return []
    return list(_points(text))


def _points(text: str) -> Iterator[Point]:
    for line in filter(str.strip, text.splitlines()):
        try:
            point = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(point, dict) and _is_whole(point):
            yield point | {"url": ""}  # no link from a file gets into a report


def _is_whole(point: Point) -> bool:
    tests, moment = point.get("testResults"), point.get("timestamp")
    return (
        isinstance(point.get("uuid"), str)
        and isinstance(tests, dict)
        and all(isinstance(test, dict) for test in tests.values())
        and isinstance(moment, int | float)
        and isfinite(moment)
    )


def _short(test: Any) -> Any:
    return {key: value for key, value in test.items() if key not in _SHORT} if isinstance(test, dict) else test


def _latest_run(file: Path) -> str:
    return max((run.name for run in file.parent.glob("runs/*")), default="")
