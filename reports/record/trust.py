"""The trust table of a change: each edge before it and after it, and its pictures: importers by exporters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any

from fixtures.evidence import EdgeRecord, Verdict, When
from reports.journal.parts import Part, records
from reports.terminal.matrix import MANY, WORST_FIRST, common_domain

COLUMNS = 22  # of a picture at most; a wider table is split into pictures of about equal width
_LOUD = (Verdict.FAILS, Verdict.UNKNOWN)


@dataclass(frozen=True)
class Trust:
    """One edge: its verdict before the change and after it; None if it was not judged then."""

    importer: str
    exporter: str
    kind: str
    step: str
    alias: str
    store: str
    purpose: str
    before: Verdict | None
    after: Verdict | None
    messages: tuple[str, ...]

    @property
    def right(self) -> bool:
        """True if it requires no attention."""
        return self.after is not None and self.after not in _LOUD


@dataclass(frozen=True)
class Cell:
    """All edges between two hosts: the worst verdict before and after, and the kinds of their certificates."""

    before: Verdict | None
    after: Verdict | None
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """Some columns of the table; a cell is None if its two hosts have no edge."""

    exporters: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell | None, ...]], ...]


@dataclass(frozen=True)
class Pictures:
    """The whole table, the domain that all its hosts share, and the numbers of hosts left out (without a finding)."""

    parts: tuple[Picture, ...]
    domain: str
    left_out: int  # importers
    has_before: bool
    columns_left_out: int = 0  # exporters


def trusts(parts: Iterable[Part]) -> list[Trust]:
    """Return every edge judged in these parts (in the order of time): its first verdict before, its last after."""
    found: dict[tuple[str, ...], dict[When, EdgeRecord]] = {}
    for _, record in records(parts):
        if isinstance(record, EdgeRecord):
            judged = found.setdefault((record.importer, record.exporter, record.kind, record.step), {})
            if record.when is When.AFTER or When.BEFORE not in judged:
                judged[record.when] = record
    return [_trust(judged) for _, judged in sorted(found.items())]


def _trust(judged: dict[When, EdgeRecord]) -> Trust:
    before, after = judged.get(When.BEFORE), judged.get(When.AFTER)
    shown = after or before
    assert shown is not None  # one of them was judged
    facts: dict[str, Any] = {
        name: getattr(shown, name) for name in ("importer", "exporter", "kind", "step", "alias", "store", "purpose")
    }
    return Trust(
        **facts,
        before=before.verdict if before else None,
        after=after.verdict if after else None,
        messages=shown.messages,
    )


def pictures(every: list[Trust]) -> Pictures:
    """Return the table to draw; with many importers or exporters, those whose trusts all hold are only counted."""
    cells = _cells(every)
    exporters = sorted({exporter for _, exporter in cells})
    importers = sorted({importer for importer, _ in cells})
    domain = common_domain([*exporters, *importers])
    loud = [pair for pair, cell in cells.items() if cell.after in _LOUD or cell.after is None]
    shown = sorted({importer for importer, _ in loud}) if len(importers) > MANY else importers
    columns = len(exporters)
    exporters = sorted({exporter for _, exporter in loud}) if columns > MANY else exporters
    found = []
    number = ceil(len(exporters) / COLUMNS)
    for part in range(number):
        names = tuple(exporters[part * len(exporters) // number : (part + 1) * len(exporters) // number])
        rows = [(importer, tuple(cells.get((importer, name)) for name in names)) for importer in shown]
        found.append(Picture(names, tuple(row for row in rows if any(row[1]))))
    has_before = any(trust.before is not None for trust in every)
    drawn = tuple(one for one in found if one.rows)
    return Pictures(drawn, domain, len(importers) - len(shown), has_before, columns - len(exporters))


def _cells(every: list[Trust]) -> dict[tuple[str, str], Cell]:
    pairs: dict[tuple[str, str], list[Trust]] = {}
    for trust in every:
        pairs.setdefault((trust.importer, trust.exporter), []).append(trust)
    return {
        pair: Cell(
            _worst(one.before for one in between),
            _worst(one.after for one in between),
            tuple(dict.fromkeys(one.kind for one in between)),
        )
        for pair, between in pairs.items()
    }


def _worst(verdicts: Iterable[Verdict | None]) -> Verdict | None:
    found = set(verdicts)
    return next((verdict for verdict in WORST_FIRST if verdict in found), None)
