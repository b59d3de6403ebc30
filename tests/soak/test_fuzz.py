"""1,000,000 inputs by chance over every parser: a result or an error of its own, each within 2 s and 200 MB.

    .venv/bin/pytest tests/soak/test_fuzz.py -n0 -s

The inputs are dealt in shards, each with a seed of its own. A job that was ended goes on where it stopped: what is done
stands in `build/fuzz/`; the result goes to `benchmarks/results/` when all shards are done.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.hostile.fuzzing import Fuzzed, fuzz
from tests.hostile.parsers import PARSERS
from tests.runbook.runs import ROOT
from tests.soak.record import RESULTS, commit

PROGRESS = ROOT / "build" / "fuzz"
SEED, INPUTS, SHARD = 20261130, 1_000_000, 500
# What takes milliseconds an input is given one where others are given so many.
_SLOW, _OTHERS = ("inventories", "journals", "wsman"), 3


@dataclass(frozen=True)
class Done:
    """A shard, and what came of it."""

    parser: str
    shard: int
    inputs: int
    passed: int
    slowest: float
    came: dict[str, int]


def shards() -> Iterator[tuple[str, int, int]]:
    """Parser, number and inputs of each shard: all parsers take turns, until all inputs are dealt."""
    left, turn = INPUTS, 0
    while left:
        for name in PARSERS:
            if left and (name not in _SLOW or turn % _OTHERS == 0):
                dealt = min(SHARD, left)
                yield name, turn, dealt
                left -= dealt
        turn += 1


def test_every_parser_gives_a_result_or_an_error_of_its_own(tmp_path: Path) -> None:
    tried_at = commit()
    PROGRESS.mkdir(parents=True, exist_ok=True)
    file = PROGRESS / f"{tried_at}.jsonl"
    done = [Done(**json.loads(line)) for line in file.read_text("utf-8").splitlines()] if file.exists() else []
    known = {(one.parser, one.shard) for one in done}
    failed: dict[str, list[str]] = {}
    for name, number, inputs in shards():
        if (name, number) not in known:
            came = fuzz(PARSERS[name], number, inputs, SEED, tmp_path)
            if came.failed:
                failed.setdefault(name, []).extend(came.failed)
                print(f"failed: {name}, shard {number}", *came.failed, sep="\n    ", flush=True)
            done.append(_noted(file, name, number, inputs, came))
    _record(tried_at, done)
    assert failed == {}
    assert sum(one.passed for one in done) == sum(one.inputs for one in done) == INPUTS


def _noted(file: Path, name: str, number: int, inputs: int, came: Fuzzed) -> Done:
    done = Done(name, number, inputs, came.passed, round(came.slowest, 3), dict(came.came))
    with file.open("a", encoding="utf-8") as progress:
        progress.write(f"{json.dumps(asdict(done))}\n")
    return done


def _record(tried_at: str, done: list[Done]) -> None:
    """The result of all shards."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    told = {
        "job": "tests/soak/test_fuzz.py",
        "commit": tried_at,
        "seed": SEED,
        "passed": f"{sum(one.passed for one in done)} of {sum(one.inputs for one in done)}",
        "when": f"{datetime.now(UTC):%Y-%m-%d}",
        "slowest, in seconds": max(one.slowest for one in done),
        "parsers": {name: _of(name, done) for name in PARSERS},
    }
    file = RESULTS / "fuzz.json"
    file.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    print(f"fuzz: {told['passed']}")


def _of(name: str, done: list[Done]) -> Mapping[str, object]:
    mine = [one for one in done if one.parser == name]
    came: dict[str, int] = {}
    for one in mine:
        for word, times in one.came.items():
            came[word] = came.get(word, 0) + times
    return {
        "passed": f"{sum(one.passed for one in mine)} of {sum(one.inputs for one in mine)}",
        "slowest": max((one.slowest for one in mine), default=0.0),
        "came of it": dict(sorted(came.items())),
    }
