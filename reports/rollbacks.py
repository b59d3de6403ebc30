"""The hosts that a rollback has settled: it came to its end there, so that what went wrong there is history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.journal.collected import Outcome
from reports.journal.history import History
from reports.journal.parts import Part, parts

ITS_STEPS = "r."  # how the ids of its steps begin
RETURNS = ("r.3", "r.4")  # the steps that return a store; each is followed by the look at the trusts
VVB_RETURNS = "r.3.vvb"  # returns a VVB's trust list, and looks at it itself
_LOOKS = "r.5"
_PLAN = "plan"
_WELL = (Outcome.DONE, Outcome.NOTHING)


@dataclass(frozen=True)
class Rollback:
    """The rollback, where the latest run was one; `hosts`: those that are as they were before the change."""

    run: History | None = None
    hosts: frozenset[str] = frozenset()
    whole: bool = False  # every step of it ended well

    def settles(self, part: Part) -> bool:
        """True if a share of an earlier run is history by now, because its host was rolled back.

        Each step of the rollback looks at its host as section 0 does before it does anything, and the last one has
        found every trust as it was. What went wrong on a host that was not rolled back stands.
        """
        return self.settles_run(part.run.folder.name, part.told.host)

    def settles_run(self, run: str, host: str) -> bool:
        """True if `settles` is, by the run's folder name and the host; `host` is empty for what belongs to no host."""
        if self.run is None or run == self.run.folder.name:
            return False
        return host in self.hosts if host else self.whole


def rollback_of(histories: Sequence[History]) -> Rollback:
    """Return the rollback among these runs, oldest first; none where a later run has done something else."""
    last = next((run for run in reversed(histories) if run.run.kind != _PLAN), None)
    its = [part for part in parts([last]) if part.told.step.startswith(ITS_STEPS)] if last is not None else []
    if not its:
        return Rollback()
    well: dict[str, set[str]] = {}
    for part in its:
        if part.told.outcome in _WELL:
            well.setdefault(part.told.host, set()).add(part.told.step)
    open_ = {part.told.host for part in its if part.told.outcome not in _WELL}
    gone = {host for host, steps in well.items() if (_LOOKS in steps and steps & {*RETURNS}) or VVB_RETURNS in steps}
    return Rollback(last, frozenset(gone - open_), not open_ and last is not None and not last.cut_short)
