"""What Allure shows about a run as a whole: its environment and who executed it.

Allure 3 reads both from the results folder. Its categories it takes from its configuration alone (`reports.allure`).
"""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from fixtures.evidence import RunRecord

RESULTS = "allure-results"
_KINDS = {"change": "Change", "verify": "Verification", "rehearsal": "Rehearsal on the lab"}


def report_name(run: RunRecord) -> str:
    """What the report is called: the site and the change, or what else the run was."""
    return f"{run.site} {run.change or _KINDS.get(run.kind, run.kind).lower()}"


def describe(run: RunRecord) -> Path:
    """Write `environment.properties` and `executor.json` into the run's results; the results folder."""
    results = run.folder / RESULTS
    results.mkdir(parents=True, exist_ok=True)
    lines = [f"{_escaped(name, ' :=')}={_escaped(value)}\n" for name, value in facts(run).items() if value]
    (results / "environment.properties").write_text("".join(lines), encoding="utf-8", newline="\n")
    executor = {
        "name": "PCCE certificate runbook",
        "type": "runbook",
        "buildName": run.folder.name,
        "reportName": report_name(run),
        "site": run.site,  # these three for the history over runs (`reports.allure_history`)
        "kind": run.kind,
        "started": round(run.started.timestamp() * 1000),
    }
    (results / "executor.json").write_text(json.dumps(executor, indent=2), encoding="utf-8", newline="\n")
    return results


def facts(run: RunRecord) -> dict[str, str]:
    """What a reader wants to know first about a run."""
    return {
        "Site": run.site,
        "Change": run.change,
        "Kind of run": _KINDS.get(run.kind, run.kind),
        "PCCE release": run.release,
        "Inventory": run.inventory,
        "Started": run.started.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
        "Run": run.folder.name,
        **run.versions,
    }


def _escaped(text: str, more: str = "") -> str:
    """The text as Java properties spell it."""
    text = text.replace("\\", "\\\\").replace("\r", " ").replace("\n", " ")
    return "".join(f"\\{character}" if character in more else character for character in text)
