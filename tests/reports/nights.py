"""Runs that verified, as their journals lie on disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fixtures.evidence import EdgeRecord, HandshakeRecord
from reports.journal.writer import JournalWriter
from tests.reports import sample

RUN = "20261122T120000Z-verify"
Judged = EdgeRecord | HandshakeRecord


def night(
    site: Path,
    *records: Judged,
    outcome: str = "done",
    said: str = "",
    phase: str = "verify",
    end: int | None = 0,
    run: str = RUN,
    **facts: Any,
) -> None:
    """The journal of a run with one step of verification, which found these records."""
    with_run(site, [(phase, records, outcome, said)], end=end, run=run, **facts)


def with_run(
    site: Path,
    steps: Sequence[tuple[str, Sequence[Judged], str, str]],
    *,
    end: int | None = 0,
    run: str = RUN,
    **facts: Any,
) -> None:
    """The journal of a run of several steps: phase, records, outcome, what was said."""
    folder = site / "runs" / run
    writer = JournalWriter(folder)
    told = {"kind": "verify", "change": "", "folder": folder} | facts
    writer.write("run", run=sample.run(site, **told), worker="")
    for number, (phase, records, outcome, said) in enumerate(steps):
        test = f"test_{number}"
        step = sample.step(f"v1.{number}", sample.AW, phase=phase, title="Verify the trust")
        writer.write("step", step=step, test=test)
        for record in records:
            writer.write("edge" if isinstance(record, EdgeRecord) else "handshake", record=record)
        writer.write("verdict", test=test, outcome=outcome, reason=said.partition("\n")[0], message=said)
    if end is not None:
        writer.write("end", exit_code=end)
    writer.close()
