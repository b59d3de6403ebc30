"""The rollback of a change, and the hosts on which it was completed: earlier failures there no longer count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.journal.collected import Outcome
from reports.journal.history import History
from reports.journal.parts import Part, parts

ITS_STEPS = "r."  # the ids of its steps begin with this
RETURNS = ("r.3", "r.4")  # steps that roll back a store; r.5 checks the trusts afterwards
VVB_RETURNS = "r.3.vvb"  # rolls back a VVB's trust list, and checks it itself
_LOOKS = "r.5"
_PLAN = "plan"
_WELL = (Outcome.DONE, Outcome.NOTHING)


@dataclass(frozen=True)
class Rollback:
    """The rollback, if the latest run was one; `hosts`: those found to be as they were before the change."""

    run: History | None = None
    hosts: frozenset[str] = frozenset()
    whole: bool = False  # the run was complete, and every step of it ended well

    def settles(self, part: Part) -> bool:
        """True if the part of an earlier run no longer counts, because its host was rolled back since.

        Nothing is lost by that: each step of the rollback first checks its host as section 0 does, and the last step
        found every trust as it was before the change. Failures on hosts that were not rolled back still count.
        """
        return self.settles_run(part.run.folder.name, part.told.host)

    def settles_run(self, run: str, host: str) -> bool:
        """Like `settles`, for all parts of a run (the name of its folder) on one host.

        An empty host stands for parts that belong to no host: settled if every step of the rollback ended well.
        """
        if self.run is None or run == self.run.folder.name:
            return False
        return host in self.hosts if host else self.whole


def rollback_of(histories: Sequence[History]) -> Rollback:
    """Return the rollback if the latest of these runs (oldest first, plans ignored) was one, else an empty one."""
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
