"""What several documents tell in the same words."""

from __future__ import annotations

from fixtures.evidence import GateRecord
from reports.history import History
from reports.moments import moment
from reports.wording import Words

_HOW = {None: "killed", 2: "stopped", 3: "broken"}  # pytest's exit codes; None: its journal has no end


def gate(record: GateRecord, say: Words) -> str:
    """A gate: who else holds which certificates, and who has said so."""
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


def ended(run: History, say: Words) -> str:
    """How a run ended."""
    if run.running:
        return say("record.ended.running")
    how = say(f"record.ended.{_HOW.get(run.exit_code, 'whole')}")
    missing = run.tests - len(run.pages)
    return (
        how
        if missing <= 0
        else f"{how}{say('mark.semicolon')}{say('record.ended.missing', missing=missing, tests=run.tests)}"
    )
