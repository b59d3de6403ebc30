"""The known facts about one test when it ends: its step, its records, and its outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import pytest

from fixtures.evidence import (
    CertificateRecord,
    CommandRecord,
    ConfirmationRecord,
    EdgeRecord,
    GateRecord,
    HandshakeRecord,
    KeptRecord,
    ListingRecord,
    NothingToDoRecord,
    OutageRecord,
    SpogRecord,
    StepRecord,
)

INTERRUPTED = "interrupted"
Spoken = GateRecord | ConfirmationRecord  # a person's confirmation during a run
Record = (
    CommandRecord
    | CertificateRecord
    | ListingRecord
    | HandshakeRecord
    | EdgeRecord
    | Spoken
    | KeptRecord
    | OutageRecord
    | SpogRecord
)

_NOT_DONE = ("blocked", "planned", "skipped")  # these do not replace the result of an earlier run
_OPEN = ("failed", "could not find out", *_NOT_DONE)  # a later run that finds nothing to do settles these


class Outcome(StrEnum):
    """The outcome of a step on a host, in the words shown to people."""

    FAILED = "failed"
    UNKNOWN = "could not find out"
    BLOCKED = "blocked"
    DONE = "done"
    NOTHING = "nothing to do"
    PLANNED = "planned"
    SKIPPED = "skipped"


def outcome_of(exception: BaseException) -> Outcome:
    """Return the outcome that an exception means: a wrong state is a failure, anything unforeseen is unknown."""
    if isinstance(exception, pytest.skip.Exception):
        words = {"Blocked": Outcome.BLOCKED, "Planned": Outcome.PLANNED}
        return next((outcome for word, outcome in words.items() if str(exception).startswith(word)), Outcome.SKIPPED)
    if isinstance(exception, (AssertionError, pytest.fail.Exception)):
        return Outcome.FAILED
    return Outcome.UNKNOWN


def words_of(exception: BaseException) -> str:
    """Return an exception's text for people; one that is unforeseen and not the project's own gets its name too."""
    text = str(exception)
    room = type(exception).__module__.partition(".")[0]
    if outcome_of(exception) is not Outcome.UNKNOWN or (text and room in ("fixtures", "checks")):
        return text
    return f"{type(exception).__name__}: {text}" if text else type(exception).__name__


def shown(outcomes: Sequence[str]) -> int:
    """Return the index of the outcome to show, among the outcomes of a step on a host, oldest run first."""
    place = 0
    for number, outcome in enumerate(outcomes):
        known = outcomes[place]
        settles = known in _OPEN if outcome == "nothing to do" else outcome not in _NOT_DONE or known in _NOT_DONE
        if settles or outcome == known == "nothing to do":
            place = number
    return place


def one_line(text: str, limit: int = 500) -> str:
    """Return the first line of a text that is not blank, clipped."""
    line = next((" ".join(line.split()) for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= limit else line[: limit - 3] + "..."


def interrupted(how: str, doing: str) -> str:
    """Return the reason of a test that did not end: the kind of interruption, and what the test was doing."""
    return one_line(f"{how} while: {doing}" if doing else how)


@dataclass
class Collected:
    """The evidence of one test, filled by the hooks while it runs."""

    nodeid: str
    step: StepRecord | None = None
    records: list[Record] = field(default_factory=list)
    nothing: list[NothingToDoRecord] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    blocked: str = ""
    raised: Outcome | None = None
    message: str = ""
    trace: str = ""  # the traceback of an unforeseen exception
    ended: bool = False  # its last phase is over
    doing: str = ""  # the purpose of a command that was sent and not answered yet

    def judge(self, exception: BaseException, said: object = None) -> None:
        """Note what a phase of the test raised. The first failure or unknown state stays: later ones follow from it.

        `said`: what the test's report says of it: a string if it was put into words, else pytest's traceback.
        """
        if self.raised in (Outcome.FAILED, Outcome.UNKNOWN):
            return
        self.raised = outcome_of(exception)
        self.message = said if isinstance(said, str) else words_of(exception)
        foreseen = isinstance(said, str) or self.raised is not Outcome.UNKNOWN
        self.trace = "" if foreseen or said is None else str(said)

    @property
    def reason(self) -> str:
        """One line on why the test is not done; empty if it is."""
        known = one_line(self.message or self.blocked)
        return known or ("" if self.ended else interrupted(INTERRUPTED, self.doing))

    @property
    def outcome(self) -> Outcome:
        """The outcome of the test; unknown if it was interrupted."""
        if self.raised is not None:
            return self.raised
        if not self.ended:
            return Outcome.UNKNOWN
        everything = any(record.everything for record in self.nothing)
        return Outcome.NOTHING if everything and not self._changed() else Outcome.DONE

    def _changed(self) -> bool:
        return any(isinstance(record, CommandRecord) and record.changes for record in self.records)


@dataclass(frozen=True)
class Told:
    """The end of a test, in the short form that the summary needs."""

    step: str
    title: str
    host: str
    outcome: Outcome
    reason: str = ""
    edges: tuple[EdgeRecord, ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()
    gates: tuple[Spoken, ...] = ()
    kept: tuple[KeptRecord, ...] = ()

    @classmethod
    def of(cls, collected: Collected) -> Told:
        """Return the short form of what was collected."""
        step = collected.step
        name = collected.nodeid.rpartition("::")[2]
        return cls(
            step=step.id if step else "",
            title=step.title if step else name,
            host=step.host if step else "",
            outcome=collected.outcome,
            reason=collected.reason,
            edges=tuple(record for record in collected.records if isinstance(record, EdgeRecord)),
            warnings=tuple(collected.warnings),
            gates=tuple(record for record in collected.records if isinstance(record, Spoken)),
            kept=tuple(record for record in collected.records if isinstance(record, KeptRecord)),
        )
