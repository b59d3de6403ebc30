"""How far a long job has come, on disk: one that was ended goes on where it stopped."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime

from tests.runbook.runs import ROOT

PROGRESS, RESULTS = ROOT / "build" / "sweep", ROOT / "benchmarks" / "results"


class Record:
    """What of a job has passed: a line a case, of this commit."""

    def __init__(self, name: str, job: str, seed: int, cases: int) -> None:
        self._name = name.replace(",", "").replace(" ", "-")
        self._job = job
        self._seed = seed
        self._cases = cases
        self._commit = _commit()
        self.failed: dict[str, list[str]] = {}
        PROGRESS.mkdir(parents=True, exist_ok=True)
        self._file = PROGRESS / f"{self._name}-{self._commit}.jsonl"
        self.passed = set(self._file.read_text(encoding="utf-8").splitlines()) if self._file.exists() else set()

    def note(self, case: str, found: list[str]) -> None:
        """One more has passed, or something was found."""
        if found:
            self.failed[case] = found
            print(f"failed: {case}", *found, sep="\n    ", flush=True)
            return
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{case}\n")
        self.passed.add(case)

    def end(self) -> None:
        """All were tried: the result."""
        RESULTS.mkdir(parents=True, exist_ok=True)
        told = {
            "job": self._job,
            "commit": self._commit,
            "seed": self._seed,
            "passed": f"{len(self.passed)} of {self._cases}",
            "when": f"{datetime.now(UTC):%Y-%m-%d}",
        }
        file = RESULTS / f"{self._name}.json"
        file.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
        print(f"{self._name}: {told['passed']}")


def _commit() -> str:
    told = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    return told.stdout.strip()
