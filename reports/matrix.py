"""The trust table as a small matrix: importers by exporters, for a terminal of any width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fixtures.evidence import EdgeRecord, Verdict, When

if TYPE_CHECKING:
    from collections.abc import Iterable

CELLS = {Verdict.FAILS: "FAIL", Verdict.UNKNOWN: "?", Verdict.HOLDS: "ok", Verdict.NOT_IN_USE: "-"}  # the worst first
_SIGNS = {"?": "could not find out", "-": "not in use"}
MANY = 40  # importers; with more, those without a finding are counted instead of shown
_NAME = 28
_CELL = 5


def lines(edges: Iterable[EdgeRecord], width: int = 80) -> list[str]:
    """The matrix, columns numbered and named below; a cell is the worst of the edges between two hosts."""
    judged = list(edges)
    after = [edge for edge in judged if edge.when is When.AFTER]
    cells = _cells(after or judged)
    if not cells:
        return []
    exporters = sorted({exporter for _, exporter in cells})
    importers, quiet = _worth_showing(cells)
    domain = common_domain([*exporters, *(importer for importer, _ in cells)])
    columns = max(1, (width - _NAME - 4) // _CELL)
    text = [f"Trust{' before the change' if not after else ''}: importers down, exporters across"]
    for start in range(0, len(exporters), columns):
        numbered = list(enumerate(exporters, start=1))[start : start + columns]
        text.append(f"  {'':<{_NAME}}" + "".join(f"{number:>{_CELL}}" for number, _ in numbered))
        text += [
            _row(importer, [cells.get((importer, name), "") for _, name in numbered], domain) for importer in importers
        ]
    if quiet:
        text.append(f"  {quiet} more importers: nothing amiss")
    seen = set(cells.values())
    signs = [f"{sign} {words}" for sign, words in _SIGNS.items() if sign in seen]
    return [*text, *_legend(exporters, domain, width), *([f"  ({', '.join(signs)})"] if signs else [])]


def _cells(edges: list[EdgeRecord]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], set[str]] = {}
    for edge in edges:
        found.setdefault((edge.importer, edge.exporter), set()).add(CELLS[edge.verdict])
    return {pair: next(cell for cell in CELLS.values() if cell in verdicts) for pair, verdicts in found.items()}


def _worth_showing(cells: dict[tuple[str, str], str]) -> tuple[list[str], int]:
    importers = sorted({importer for importer, _ in cells})
    if len(importers) <= MANY:
        return importers, 0
    loud = {importer for (importer, _), cell in cells.items() if cell in ("FAIL", "?")}
    return sorted(loud), len(importers) - len(loud)


def common_domain(hosts: list[str]) -> str:
    """The domain that all hosts share, with its dot: repeated in each line it would only take room."""
    domains = [host.split(".")[1:] for host in hosts]
    common: list[str] = []
    for labels in zip(*(reversed(domain) for domain in domains), strict=False):
        if len(set(labels)) > 1:
            break
        common.insert(0, labels[0])
    return f".{'.'.join(common)}" if common else ""


def _row(importer: str, row: list[str], domain: str) -> str:
    name = importer.removesuffix(domain)
    if len(name) > _NAME:
        name = f"{name[: _NAME // 2 - 1]}..{name[-(_NAME // 2 - 1) :]}"  # hosts differ at the start or at the end
    return (f"  {name:<{_NAME}}" + "".join(f"{cell:>{_CELL}}" for cell in row)).rstrip()


def _legend(exporters: list[str], domain: str, width: int) -> list[str]:
    names = [f"{number} {host.removesuffix(domain)}" for number, host in enumerate(exporters, start=1)]
    text, line = [], " "
    for name in names:
        if len(line) + len(name) + 3 > width and line.strip():
            text.append(line)
            line = " "
        line += f" {name} "
    text.append(line)
    return [line.rstrip() for line in text] + ([f"  (all under {domain[1:]})"] if domain else [])
