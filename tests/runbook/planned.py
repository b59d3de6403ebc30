"""A plan against the lab's audit log: every line that has changed something stands in it, or is a form of its rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fixtures.connections.reading_lines import changes_nothing
from reports.plan.content import Plan
from tests.runbook.runs import runbook
from tests.runbook.site_lab import SiteLab

# What a node writes down of an upload, a deletion and an answer, and what the plan has in its place.
_NODES = (
    (re.compile(r"POST \S+: (?P<unit>[\w-]+): CN=(?P<name>[^:]+): .*"), "cmplatform upload {unit} <- {name}.pem"),
    (re.compile(r"POST \S+: (?P<unit>[\w-]+)/(?P<name>[^:]+): deleted"), "cmplatform delete {unit} {name}"),
    (re.compile(r"(?P<text>utils .+); answer 'yes'"), "{text}"),
)
_PLACEHOLDER = re.compile(r"\\\{\w+\\\}")


def unplanned(plan: Mapping[str, Any], audit: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The lines that have changed something and of which the plan says nothing: host and text."""
    patterns: dict[str, list[str]] = {}
    for host, text in _planned(plan):
        patterns.setdefault(host, []).append(_PLACEHOLDER.sub(".+", re.escape(text)))
    changed = [line for line in audit if line["changed"] or line.get("changed_services")]
    # With workers, a reading may go on beside another's change: the lab cannot tell which of them changed something.
    changed = [line for line in changed if line.get("alone", True) or not changes_nothing(line["text"])]
    sent = [(line["host"], _as_planned(line["text"])) for line in changed]
    return [(host, text) for host, text in sent if not any(re.fullmatch(one, text) for one in patterns.get(host, ()))]


def plan_of(evidence: Path) -> dict[str, Any]:
    """The newest plan below an evidence folder."""
    newest = max(evidence.rglob("plan.json"), key=lambda path: path.stat().st_mtime_ns)
    content: dict[str, Any] = json.loads(newest.read_text(encoding="utf-8"))
    return content


def planned(lab: SiteLab, folder: Path, *arguments: str) -> dict[str, Any]:
    """The plan of a selection, made without a connection."""
    made = runbook(lab, folder, "--plan", *arguments)
    assert made.exit_code == 0, made.output
    return plan_of(folder)


def _planned(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every changing command of a plan, every form of its rules, and what they put back: host and text."""
    for share in (*plan["steps"], *plan["locks"]):
        for one in _within(share["work"]):
            if one.get("changes"):
                yield one["host"], one["text"]


def _within(every: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for one in every:
        yield one
        yield from _within([*one.get("forms", ()), *one.get("put_back", ())])


def _as_planned(text: str) -> str:
    for pattern, planned in _NODES:
        if found := pattern.fullmatch(text):
            return planned.format(**found.groupdict())
    return text


def numbers_of(plan: Plan) -> dict[str, int]:
    """What a plan counts and a record counts too."""
    return {name: number for name, number in asdict(plan.numbers).items() if name != "certificates"}


def commands_of(plan: dict[str, Any]) -> dict[str, list[str]]:
    """The changing commands of a plan, in order, by host."""
    found: dict[str, list[str]] = {}
    for step in plan["steps"]:
        for work in step["work"]:
            if work.get("changes"):
                found.setdefault(step["host"], []).append(work["text"])
    return found
