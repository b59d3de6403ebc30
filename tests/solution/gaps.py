"""Which trusts do not work, and when, against what a plan has named: each trust for itself, a VVB's too."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.runbook.monitor import Monitor
from tests.runbook.probes import Trust

_PORTS = {"VXML": "vxml", "CallServer": "callserver_sip", "WSM": "wsm"}


@dataclass
class GapMonitor(Monitor):
    """Notes each moment at which a trust that had been seen to work did not, although both ends ran."""

    failed: dict[Trust, list[datetime]] = field(default_factory=dict)

    def _sweep(self) -> None:
        for edge in self.edges:
            if self._fails([[edge]], works=(True, None)):
                self.failed.setdefault(edge, []).append(datetime.now(UTC))


@dataclass(frozen=True)
class Span:
    """From the begin of a step on a host until the end of another."""

    begin: datetime
    end: datetime


def named(gaps: Iterable[Mapping[str, Any]], edges: Iterable[Trust]) -> dict[Trust, Mapping[str, Any]]:
    """The gaps of a plan by the trusts that they are about."""
    known = {(edge.importer, edge.exporter, edge.port): edge for edge in edges}
    return {known[gap["importer"], gap["exporter"], _PORTS[gap["kind"]]]: gap for gap in gaps}


def spans(gaps: Mapping[Trust, Mapping[str, Any]], change: Path) -> dict[Trust, Span]:
    """When each gap was to begin and to end: its first step's first begin in a change, and its last step's last end."""
    begun: dict[tuple[str, str], datetime] = {}
    ended: dict[tuple[str, str], datetime] = {}
    for entry in journal(change):
        moment = datetime.fromisoformat(entry["time"])
        if entry["event"] == "step":
            begun.setdefault((entry["step"]["id"], entry["step"]["host"]), moment)
        elif entry["event"] == "verdict" and "step" in entry:
            ended[entry["step"], entry["host"]] = moment
    return {
        edge: Span(begun[gap["since"]["step"], gap["since"]["host"]], ended[gap["until"]["step"], gap["until"]["host"]])
        for edge, gap in gaps.items()
    }


def journal(change: Path) -> Iterator[dict[str, Any]]:
    """Every line that the runs of a change have written down, in the order of time."""
    lines = [
        json.loads(line)
        for file in change.glob("runs/*-change/journal-*.jsonl")
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    yield from sorted(lines, key=lambda entry: str(entry["time"]))
