"""The trust table as a small matrix: importers by exporters, for a terminal of any width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fixtures.evidence import EdgeRecord, Verdict, When
from reports.pages.cells import right
from reports.pages.cells import width as cells_of
from reports.pages.wording import Words, words

if TYPE_CHECKING:
    from collections.abc import Iterable

WORST_FIRST = (Verdict.FAILS, Verdict.UNKNOWN, Verdict.HOLDS, Verdict.NOT_IN_USE)
_EXPLAINED = (Verdict.UNKNOWN, Verdict.NOT_IN_USE)
_LOUD = (Verdict.FAILS, Verdict.UNKNOWN)
MANY = 40  # importers; with more, those without a finding are counted instead of shown
_NAME = 28
_CELL = 5


def lines(edges: Iterable[EdgeRecord], width: int = 80, say: Words | None = None) -> list[str]:
    """Return the matrix; columns are numbered and named below, a cell is the worst verdict between two hosts."""
    judged, say = list(edges), say or words()
    after = [edge for edge in judged if edge.when is When.AFTER]
    cells = _cells(after or judged)
    if not cells:
        return []
    exporters = sorted({exporter for _, exporter in cells})
    importers, quiet = _worth_showing(cells)
    domain = common_domain([*exporters, *(importer for importer, _ in cells)])
    shown = {verdict: say(f"cell.{verdict.name.lower()}") for verdict in WORST_FIRST}
    room = max(_CELL, *(cells_of(text) + 1 for text in shown.values()))
    columns = max(1, (width - _NAME - 4) // room)
    text = [say("matrix.after" if after else "matrix.before")]
    for start in range(0, len(exporters), columns):
        numbered = list(enumerate(exporters, start=1))[start : start + columns]
        text.append(f"  {'':<{_NAME}}" + "".join(f"{number:>{room}}" for number, _ in numbered))
        text += [
            _row(importer, [shown.get(cells.get((importer, name)), "") for _, name in numbered], domain, room)  # type: ignore[arg-type]
            for importer in importers
        ]
    if quiet:
        text.append(f"  {say('matrix.quiet', number=quiet)}")
    seen = set(cells.values())
    signs = [f"{shown[one]} {say(f'verdict.{one.name.lower()}')}" for one in _EXPLAINED if one in seen]
    legend = [f"  ({say('mark.comma').join(signs)})"] if signs else []
    return [*text, *_legend(exporters, domain, width, say), *legend]


def _cells(edges: list[EdgeRecord]) -> dict[tuple[str, str], Verdict]:
    found: dict[tuple[str, str], set[Verdict]] = {}
    for edge in edges:
        found.setdefault((edge.importer, edge.exporter), set()).add(edge.verdict)
    return {pair: next(one for one in WORST_FIRST if one in verdicts) for pair, verdicts in found.items()}


def _worth_showing(cells: dict[tuple[str, str], Verdict]) -> tuple[list[str], int]:
    importers = sorted({importer for importer, _ in cells})
    if len(importers) <= MANY:
        return importers, 0
    loud = {importer for (importer, _), cell in cells.items() if cell in _LOUD}
    return sorted(loud), len(importers) - len(loud)


def common_domain(hosts: list[str]) -> str:
    """Return the domain that all hosts share, with its dot, to be left out of each line; empty if none."""
    domains = [host.split(".")[1:] for host in hosts]
    common: list[str] = []
    for labels in zip(*(reversed(domain) for domain in domains), strict=False):
        if len(set(labels)) > 1:
            break
        common.insert(0, labels[0])
    return f".{'.'.join(common)}" if common else ""


def _row(importer: str, row: list[str], domain: str, room: int) -> str:
    name = importer.removesuffix(domain)
    if len(name) > _NAME:
        name = f"{name[: _NAME // 2 - 1]}..{name[-(_NAME // 2 - 1) :]}"  # names differ at the start or at the end
    return (f"  {name:<{_NAME}}" + "".join(right(cell, room) for cell in row)).rstrip()


def _legend(exporters: list[str], domain: str, width: int, say: Words) -> list[str]:
    names = [f"{number} {host.removesuffix(domain)}" for number, host in enumerate(exporters, start=1)]
    text, line = [], " "
    for name in names:
        if len(line) + len(name) + 3 > width and line.strip():
            text.append(line)
            line = " "
        line += f" {name} "
    text.append(line)
    return [line.rstrip() for line in text] + ([f"  {say('matrix.domain', domain=domain[1:])}"] if domain else [])
