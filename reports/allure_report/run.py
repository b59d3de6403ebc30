"""Allure's view of a run as a whole: its environment and executor.

Allure 3 reads both from the results folder, but its categories only from its configuration (`reports.allure`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fixtures.system.visible import visible
from reports.pages.moments import moment
from reports.pages.wording import Words, words_of

if TYPE_CHECKING:
    from pathlib import Path

    from fixtures.evidence import RunRecord

RESULTS = "allure-results"


def report_name(run: RunRecord, say: Words | None = None) -> str:
    """Return the name of the report: the site with the change, or else with the kind of the run."""
    return f"{run.site} {run.change or _kind(run, say or words_of(run))}"


def _kind(run: RunRecord, say: Words) -> str:
    return say.or_else(f"kind.{run.kind}", run.kind)


def describe(run: RunRecord) -> Path:
    """Write `environment.properties` and `executor.json` into the results folder of a run, and return it."""
    results = run.folder / RESULTS
    results.mkdir(parents=True, exist_ok=True)
    lines = [f"{_escaped(name, ' :=')}={_escaped(value)}\n" for name, value in facts(run).items() if value]
    (results / "environment.properties").write_text("".join(lines), encoding="utf-8", newline="\n")
    executor = {
        "name": words_of(run)("allure.run.by"),
        "type": "runbook",
        "buildName": run.folder.name,
        "reportName": report_name(run),
        "site": run.site,  # this and the next two: for the history (`reports.allure_report.history`)
        "kind": run.kind,
        "started": round(run.started.timestamp() * 1000),
    }
    (results / "executor.json").write_text(json.dumps(executor, indent=2), encoding="utf-8", newline="\n")
    return results


def facts(run: RunRecord) -> dict[str, str]:
    """Return the main facts about a run, by name, in its language."""
    say = words_of(run)
    kind = _kind(run, say)
    told = {
        "record.fact.site": run.site,
        "record.fact.change": run.change,
        "allure.run.kind": kind[:1].upper() + kind[1:],
        "record.fact.release": run.release,
        "record.fact.inventory": run.inventory,
        "allure.run.started": moment(run.started),
        "allure.run.run": run.folder.name,
    }
    return {**{say(name): value for name, value in told.items()}, **run.versions}


def _escaped(text: str, more: str = "") -> str:
    """Return the text as Java properties spell it; `more`: other characters to escape."""
    text = visible(text).replace("\\", "\\\\")
    return "".join(f"\\{character}" if character in more else character for character in text)
