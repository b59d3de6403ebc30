"""SPOG's own word on every machine, before the change and after it, as rows of the change record."""

from __future__ import annotations

from dataclasses import dataclass, field

from fixtures.evidence import SpogRecord, When
from reports.record.story import Story

_OK = "OK"


@dataclass
class Reached:
    """One machine: the level of each rule, before and after; empty where SPOG was not asked, or said nothing."""

    machine: str
    machine_type: str
    before: dict[str, str] = field(default_factory=dict)  # rule -> level
    after: dict[str, str] = field(default_factory=dict)

    @property
    def wrong(self) -> bool:
        """True if a rule is not OK now."""
        return any(level != _OK for level in (self.after or self.before).values())


@dataclass(frozen=True)
class SpogTable:
    """Every machine, and the rules in the order in which SPOG has them."""

    rules: tuple[str, ...]
    rows: tuple[Reached, ...]


def spog_table(story: Story) -> SpogTable:
    """Return the table: before is the first word in all runs, after the last one. No rows if SPOG was never asked."""
    rows: dict[tuple[str, str], Reached] = {}
    rules: dict[str, None] = {}
    for part in story.parts:
        for record in part.records:
            if isinstance(record, SpogRecord):
                row = rows.setdefault(
                    (record.machine, record.machine_type), Reached(record.machine, record.machine_type)
                )
                rules[record.rule] = None
                if record.when is When.BEFORE:
                    row.before.setdefault(record.rule, record.level)
                else:
                    row.after[record.rule] = record.level
    return SpogTable(tuple(rules), tuple(rows[key] for key in sorted(rows)))
