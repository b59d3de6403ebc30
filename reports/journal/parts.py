"""The parts of a change's runs: each step on a host, as each run left it, and as all of them together left it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from reports.journal.collected import Outcome, Record, Told, shown
from reports.journal.history import History, Page

BAD = (Outcome.FAILED, Outcome.UNKNOWN, Outcome.BLOCKED)


@dataclass(frozen=True)
class Part:
    """One step on one host in one run."""

    run: History
    page: Page

    @cached_property
    def told(self) -> Told:
        """The end of its test, in short form."""
        return Told.of(self.page.collected)

    @property
    def identity(self) -> tuple[str, str, str]:
        """The key that it has in common with the parts of other runs for the same step and host."""
        told = self.told
        return told.step, "" if told.step else told.title, told.host

    @property
    def reason(self) -> str:
        """The reason why it is not done, without the word for its outcome, which is shown beside it."""
        return re.sub(r"^(?:Skipped: )?(?:Blocked|Planned): ", "", self.told.reason)

    @property
    def phase(self) -> str:
        """The phase of its step (look, stage, activate, verify, tidy); empty for a test that is no step."""
        step = self.page.collected.step
        return step.phase if step else ""

    @property
    def records(self) -> list[Record]:
        """Its evidence."""
        return self.page.collected.records


def parts(histories: Iterable[History]) -> list[Part]:
    """Return every part of every run, in the order of time."""
    every = (Part(run, page) for run in histories for page in run.pages)
    return sorted(every, key=lambda part: part.page.started or 0)


def over_runs(histories: Iterable[History]) -> list[Part]:
    """Return each step on each host once, as the run that changed it left it."""
    attempts: dict[tuple[str, str, str], list[Part]] = {}
    for part in (Part(run, page) for run in histories for page in run.pages):
        attempts.setdefault(part.identity, []).append(part)
    return [several[shown([each.told.outcome for each in several])] for several in attempts.values()]


def records(every: Iterable[Part]) -> Iterator[tuple[Part, Record]]:
    """Yield all evidence of these parts, each with its part."""
    return ((part, record) for part in every for record in part.records)
