"""Sentences that several documents have in common."""

from __future__ import annotations

from fixtures.evidence import ConfirmationRecord, KeptRecord, OutageRecord
from reports.journal.collected import Spoken
from reports.journal.history import History
from reports.pages.moments import day, moment, span
from reports.pages.wording import Words

_HOW = {None: "killed", 2: "stopped", 3: "broken"}  # pytest's exit codes; None: its journal has no end line


def gate(record: Spoken, say: Words) -> str:
    """Return the sentence on a person's confirmation: of the certificates that others hold, or of side A."""
    if isinstance(record, ConfirmationRecord):
        return _confirmation(record, say)
    key = "passed" if record.passed else "shut"
    return say(
        f"record.gate.{key}",
        holder=record.holder,
        how=record.how,
        done_by=record.done_by,
        by=record.by,
        finding=record.finding,
        means=record.means,
        when=moment(record.when),
    )


def _confirmation(record: ConfirmationRecord, say: Words) -> str:
    key = "passed" if record.passed else "shut" if record.name else "nobody"
    return say(
        f"record.{'confirmation' if record.step else 'console'}.{key}",
        step=record.step,
        asked=record.asked,
        name=record.name,
        result=record.result,
        by=record.by,
        means=record.means,
        when=moment(record.when),
    )


def kept(record: KeptRecord, say: Words) -> str:
    """Say what stays on a host, why, and until when."""
    until = say("record.kept.until", day=day(record.until)) if record.until else say("record.kept.by_hand")
    what = say("mark.comma").join(record.what)
    return say(f"record.kept.{record.why}", path=record.path, what=what) + say("mark.semicolon") + until


def outage(record: OutageRecord, say: Words) -> str:
    """Say how long a port presented nothing."""
    key = "ended" if record.came_back else "open"
    seconds = span(say, record.seconds)
    return say(f"record.outage.{key}", port=record.port, kind=record.kind, began=moment(record.began), seconds=seconds)


def ended(run: History, say: Words) -> str:
    """Say how a run ended."""
    if run.running:
        return say("record.ended.running")
    how = say(f"record.ended.{_HOW.get(run.exit_code, 'whole')}")
    missing = run.tests - len(run.pages)
    return (
        how
        if missing <= 0
        else f"{how}{say('mark.semicolon')}{say('record.ended.missing', missing=missing, tests=run.tests)}"
    )
