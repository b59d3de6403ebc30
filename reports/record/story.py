"""The result of a change's runs: the state of the change, and the first step that went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property

from fixtures.evidence import CommandRecord, Verdict
from fixtures.run.restart_times import Restart
from reports.journal.collected import Outcome
from reports.journal.history import History
from reports.journal.outages import Outages, of_lock, outages
from reports.journal.parts import BAD, Part, over_runs, parts
from reports.record.stores import Stand, stores
from reports.record.trust import Trust, trusts
from reports.rollbacks import Rollback, rollback_of

_PLAN, _VERIFY, _LOOK = "plan", "verify", "look"


class State(StrEnum):
    """The state of a change."""

    RUNNING = "running"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    UNKNOWN = "unknown"
    BLOCKED = "blocked"
    ROLLED_BACK = "rolled_back"
    PARTLY_BACK = "partly_back"
    NOTHING = "nothing"
    DONE = "done"


GOOD = (State.DONE, State.NOTHING)
_STATE_OF = {Outcome.FAILED: State.FAILED, Outcome.UNKNOWN: State.UNKNOWN, Outcome.BLOCKED: State.BLOCKED}


@dataclass(frozen=True)
class Story:
    """The runs of a change's folder, oldest first, without its plans."""

    runs: tuple[History, ...]
    numbers: Mapping[str, int] = field(default_factory=dict)  # of all runs (plans too) from 1, by their folders' names

    @classmethod
    def of(cls, histories: Iterable[History]) -> Story | None:
        """Return the story of these runs; None if all of them were plans."""
        every = list(histories)
        runs = tuple(run for run in every if run.run.kind != _PLAN)
        numbers = {run.folder.name: number for number, run in enumerate(every, start=1)}
        return cls(runs, numbers) if runs else None

    def number(self, run: History) -> int:
        """Return the short number of a run."""
        return self.numbers.get(run.folder.name, 0)

    @property
    def last(self) -> History:
        """The latest run."""
        return self.runs[-1]

    @property
    def verifies(self) -> bool:
        """True if all runs were verifications, which change nothing."""
        return all(run.run.kind == _VERIFY for run in self.runs)

    @cached_property
    def parts(self) -> list[Part]:
        """Every part of every run, in the order of time."""
        return parts(self.runs)

    @cached_property
    def final(self) -> list[Part]:
        """Each step on each host once, by the run that decides its outcome, in the order of time."""
        return sorted(over_runs(self.runs), key=lambda part: part.page.started or 0)

    @cached_property
    def settled(self) -> dict[tuple[str, str, str], Part]:
        """The final parts, by step and host."""
        return {part.identity: part for part in self.final}

    @cached_property
    def counts(self) -> Counter[Outcome]:
        """The number of steps by outcome."""
        return Counter(part.told.outcome for part in self._judged)

    @property
    def blocked(self) -> int:
        """The number of blocked steps; if an earlier run had done them all, the number blocked in the latest run."""
        return self.counts[Outcome.BLOCKED] or self.last.blocked

    @cached_property
    def trusts(self) -> list[Trust]:
        """Every edge of the trust table that was judged.

        After a rollback: with the verdict from before the change on the hosts rolled back, and without a verdict
        elsewhere.
        """
        every = trusts(self.parts)
        if not self.rolled_back:
            return every
        return [
            replace(one, after=one.before if one.importer in self.rollback.hosts else None, messages=())
            for one in every
        ]

    @cached_property
    def verdicts(self) -> Counter[Verdict]:
        """The number of trusts by their present verdict; those without one are not counted."""
        return Counter(trust.after for trust in self.trusts if trust.after is not None)

    @cached_property
    def outages(self) -> Outages:
        """The restarts of the change."""
        return outages(self.parts)

    @property
    def stopped(self) -> list[Restart]:
        """The services stopped and not seen running again, except on rolled-back hosts, where the rollback saw them."""
        return [one for one in self.outages.never_ended if one.host not in self.rollback.hosts]

    @cached_property
    def sent(self) -> list[tuple[str, CommandRecord]]:
        """The changing commands that worked, except those for locks, each with the host of its step."""
        every = ((part, one) for part in self.parts for one in part.records if isinstance(one, CommandRecord))
        return [(part.told.host, one) for part, one in every if one.changes and one.worked and not of_lock(one.text)]

    @property
    def totals(self) -> dict[str, int]:
        """The amount of work done (hosts, commands, restarts), counted as a plan counts it."""
        restarts = [*self.outages.ended, *self.outages.never_ended]
        return {
            "hosts": len({host for host, _ in self.sent}),
            "commands": len(self.sent),
            "restarts": len(restarts),
        }

    @cached_property
    def stores(self) -> list[Stand]:
        """The states of the stores."""
        return stores(self.parts)

    @cached_property
    def rollback(self) -> Rollback:
        """The rollback, if the latest run was one."""
        return rollback_of(self.runs)

    @property
    def rolled_back(self) -> bool:
        """True if the latest run was a rollback."""
        return self.rollback.run is not None

    @property
    def _judged(self) -> list[Part]:
        """The parts that decide the state of the change: after a rollback, its own parts and those that it left open.

        Earlier findings of section 0 are only deviations then: they do not decide the state.
        """
        if not self.rolled_back:
            return self.final
        open_ = [part for part in self.final if part.told.outcome in BAD and part.run is not self.last]
        standing = [part for part in open_ if part.phase != _LOOK and not self.rollback.settles(part)]
        return [*standing, *(part for part in self.parts if part.run is self.last)]

    @property
    def first_wrong(self) -> Part | None:
        """The first step that still has not ended well: later failures may be only its consequence."""
        return next((part for part in self._judged if part.told.outcome in BAD), None)

    @property
    def unfinished(self) -> History | None:
        """The first run that was cut short and not made up for by a later one with at least as many tests, or None."""
        for place, run in enumerate(self.runs):
            later = self.runs[place + 1 :]
            if run.cut_short and not any(not one.cut_short and one.tests >= run.tests for one in later):
                return run
        return None

    @cached_property
    def state(self) -> State:
        """The state of the change."""
        if self.last.running:
            return State.RUNNING
        if self.unfinished is not None and not (self.rolled_back and not self.last.cut_short):
            return State.INTERRUPTED
        wrong = [outcome for outcome in BAD if self.counts[outcome]]
        if wrong:
            return _STATE_OF[wrong[0]]
        if self.last.blocked:
            return State.BLOCKED
        if self.rolled_back:
            return State.PARTLY_BACK if any(one.in_use or one.pending for one in self.stores) else State.ROLLED_BACK
        return State.DONE if self.verifies or self.counts[Outcome.DONE] else State.NOTHING

    @property
    def began(self) -> datetime:
        """The beginning of the first run."""
        return self.runs[0].run.started

    @property
    def ended(self) -> datetime:
        """The moment of the last entry in the journals."""
        return from_milliseconds(self.last.stopped) or self.last.run.started


def from_milliseconds(milliseconds: int | None) -> datetime | None:
    """Convert a journal's time (milliseconds since 1970) to a moment; None stays None."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC) if milliseconds is not None else None
