"""How far a long job has come, on disk: one that was ended goes on where it stopped, also on a later commit.

What has passed stands in `benchmarks/under_way/`, a line a case, with the commit at which it was tried. When all cases
have passed these lines go, and the result stays. `SHARD=1/2` and `SHARD=2/2` let two processes share a job.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from tests.runbook.runs import ROOT

UNDER_WAY, RESULTS = ROOT / "benchmarks" / "under_way", ROOT / "benchmarks" / "results"


@dataclass(frozen=True)
class Passed:
    """A case that has passed, at which commit, and how long it took."""

    case: str
    commit: str
    when: str
    seconds: float


class Record:
    """What of a job has passed."""

    def __init__(self, name: str, job: str, seed: int, cases: Sequence[str]) -> None:
        self._name = name.replace(",", "").replace(" ", "-")
        self._job = job
        self._seed = seed
        self._cases = cases
        self._commit = commit()
        self._file = UNDER_WAY / f"{self._name}.jsonl"

    def try_all(self, attempt: Callable[[str], list[str]]) -> None:
        """Try each case of this shard that has not passed yet; what was found, of all of them, fails the job."""
        failed: dict[str, list[str]] = {}
        known = self._passed()
        for case in _mine(self._cases):
            if case not in known:
                started = time.monotonic()
                found = _found(attempt, case)
                if found:
                    failed[case] = found
                    print(f"failed: {case}", *found, sep="\n    ", flush=True)
                else:
                    self._note(case, time.monotonic() - started)
        self._end()
        assert failed == {}

    def _passed(self) -> dict[str, Passed]:
        """The cases of this job that have passed: a line of another lab's case counts for nothing."""
        lines = self._file.read_text(encoding="utf-8").splitlines() if self._file.exists() else []
        every = (Passed(**json.loads(line)) for line in lines)
        own = set(self._cases)
        return {one.case: one for one in every if one.case in own}

    def _note(self, case: str, seconds: float) -> None:
        UNDER_WAY.mkdir(parents=True, exist_ok=True)
        passed = Passed(case, self._commit, f"{datetime.now(UTC):%Y-%m-%d}", round(seconds, 1))
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{json.dumps(asdict(passed))}\n")

    def _end(self) -> None:
        """The result so far; when all have passed, the lines of each are no longer needed."""
        passed = list(self._passed().values())
        seconds = [one.seconds for one in passed]
        told = {
            "job": self._job,
            "commits": list(dict.fromkeys(one.commit for one in passed)),
            "seed": self._seed,
            "passed": f"{len(passed)} of {len(self._cases)}",
            "when": sorted({one.when for one in passed}),
            "seconds a case": {"mean": round(sum(seconds) / max(len(seconds), 1), 1), "most": max(seconds, default=0)},
        }
        RESULTS.mkdir(parents=True, exist_ok=True)
        file = RESULTS / f"{self._name}.json"
        file.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
        print(f"{self._name}: {told['passed']}")
        if len(passed) == len(self._cases):
            self._file.unlink()


def _mine(cases: Sequence[str]) -> Sequence[str]:
    number, _, shards = os.environ.get("SHARD", "1/1").partition("/")
    return cases[int(number) - 1 :: int(shards)]


def _found(attempt: Callable[[str], list[str]], case: str) -> list[str]:
    try:
        return attempt(case)
    except (AssertionError, subprocess.SubprocessError) as error:
        return [str(error)]


def commit() -> str:
    """The commit that is checked out, in short."""
    told = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    return told.stdout.strip()
