"""The runs of a change in words: the user of each, its options, and how it ended."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from fixtures.evidence import RunRecord
from reports.journal.collected import Outcome
from reports.journal.history import History
from reports.journal.told import ended
from reports.pages.moments import span
from reports.pages.wording import Words
from reports.record.story import from_milliseconds


@dataclass(frozen=True)
class RunRow:
    """One run, as a row of the table of runs."""

    number: int
    name: str
    kind: str
    began: datetime
    took: str
    who: str
    options: tuple[str, ...]
    ended: str
    whole: bool
    counts: tuple[tuple[Outcome, int], ...]


def row(run: History, number: int, say: Words) -> RunRow:
    """Return the row about a run."""
    record = run.run
    last = from_milliseconds(run.stopped) or record.started
    ends = Counter(told.outcome for told in run.told)
    return RunRow(
        number,
        run.folder.name,
        say.or_else(f"kind.{record.kind}", record.kind),
        record.started,
        span(say, (last - record.started).total_seconds()),
        who(record, say),
        tuple(option(name, value, say) for name, value in record.options.items()),
        ended(run, say),
        not run.cut_short,
        tuple((outcome, ends[outcome]) for outcome in Outcome if ends[outcome]),
    )


def who(run: RunRecord, say: Words) -> str:
    """Return the user who started a run, and the machine; empty if that was not recorded."""
    return say("record.who", user=run.user, machine=run.machine) if run.user else ""


def option(name: str, value: str, say: Words) -> str:
    """Return an option as it was typed; `paths`, which is not an option, under its name in the catalogue."""
    shown = name if name.startswith("-") else say.or_else(f"record.option.{name}", name)
    return shown if value == "True" else f"{shown} {value}"
