"""The commands of a change, run by run and step by step; changing ones with all their output."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from fixtures.evidence import CommandRecord, NothingToDoRecord
from reports.journal.collected import Outcome
from reports.journal.history import History
from reports.journal.parts import Part

READS = 4000  # reading commands that a page shows at most; if there are more, those that worked are only counted
LONGEST = 20_000  # characters of an output; the rest is cut off


@dataclass(frozen=True)
class Sent:
    """One command that was sent."""

    host: str
    when: datetime
    purpose: str
    text: str
    changes: bool
    exit_code: int | None
    seconds: float
    finding: str
    output: str  # only if it changes something or did not work: the output of other commands is in the journal


@dataclass(frozen=True)
class Share:
    """A step on a host in a run."""

    host: str
    outcome: Outcome
    reason: str
    commands: tuple[Sent, ...]
    reads_left_out: int
    already: tuple[str, ...]  # subjects that needed no work

    @property
    def bad(self) -> bool:
        """True if it did not end well."""
        return self.outcome not in (Outcome.DONE, Outcome.NOTHING, Outcome.PLANNED)


@dataclass(frozen=True)
class Stretch:
    """Consecutive shares of one step in one run."""

    run: str
    step: str
    title: str
    section: str
    shares: tuple[Share, ...]

    @property
    def changes(self) -> int:
        """The number of changing commands in it."""
        return sum(one.changes for share in self.shares for one in share.commands)

    @property
    def bad(self) -> bool:
        """True if one of its shares did not end well."""
        return any(share.bad for share in self.shares)


def between(runs: Iterable[History]) -> dict[str, tuple[Sent, ...]]:
    """Return the commands sent outside of all steps (the release of locks at the end), by the name of the run."""
    return {run.folder.name: tuple(map(_sent, run.between)) for run in runs if run.between}


def stretches(parts: list[Part]) -> list[Stretch]:
    """Return all commands, run by run, in the order of time."""
    reads = sum(isinstance(one, CommandRecord) and not one.changes for part in parts for one in part.records)
    in_order = sorted(parts, key=lambda part: part.run.folder.name)  # stable: by time within a run
    return list(_stretches(in_order, reads=reads <= READS))


def _stretches(parts: Iterable[Part], *, reads: bool) -> Iterator[Stretch]:
    for (run, step), group in groupby(parts, lambda part: (part.run.folder.name, part.told.step or part.told.title)):
        same = list(group)
        found = same[0].page.collected.step
        shares = tuple(_share(part, reads=reads) for part in same)
        yield Stretch(run, step, same[0].told.title, found.section if found else "", shares)


def _share(part: Part, *, reads: bool) -> Share:
    commands = [one for one in part.records if isinstance(one, CommandRecord)]
    shown = [one for one in commands if reads or one.changes or not one.worked]
    told = part.told
    return Share(
        told.host,
        told.outcome,
        part.reason,
        tuple(map(_sent, shown)),
        len(commands) - len(shown),
        tuple(_already(part.page.collected.nothing)),
    )


def _already(nothing: Iterable[NothingToDoRecord]) -> Iterator[str]:
    for record in nothing:
        yield ", ".join(record.subjects) + (f" ({record.reason})" if record.reason else "")


def _sent(record: CommandRecord) -> Sent:
    told = record.changes or not record.worked
    output = "\n".join(filter(None, (record.stdout.strip(), record.stderr.strip()))) if told else ""
    return Sent(
        record.host,
        record.started,
        record.purpose,
        record.text,
        record.changes,
        record.exit_code,
        record.seconds,
        record.finding,
        output if len(output) <= LONGEST else f"{output[:LONGEST]}\n...",
    )
