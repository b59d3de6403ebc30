"""The summary that ends a run, for a terminal or a log of any width: what went wrong first, in plain words."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reports import matrix
from reports.allure_run import report_name
from reports.collected import Outcome, Told

if TYPE_CHECKING:
    from fixtures.evidence import RunRecord

NARROW = 40  # columns; below that nothing is wrapped any further
_COUNTED = {
    Outcome.DONE: ("step done", "steps done"),
    Outcome.NOTHING: ("nothing to do", "nothing to do"),
    Outcome.PLANNED: ("planned", "planned"),
    Outcome.SKIPPED: ("skipped", "skipped"),
    Outcome.BLOCKED: ("blocked", "blocked"),
    Outcome.UNKNOWN: ("could not find out", "could not find out"),
    Outcome.FAILED: ("failed", "failed"),
}
_LISTED = {
    Outcome.FAILED: ("Wrong state", {"red": True, "bold": True}),
    Outcome.UNKNOWN: ("Could not find out", {"red": True, "bold": True}),
    Outcome.BLOCKED: ("Blocked", {"yellow": True, "bold": True}),
}


@dataclass(frozen=True)
class Line:
    """A line and how a terminal may colour it."""

    text: str
    markup: Mapping[str, bool] = field(default_factory=dict)


def lines(
    run: RunRecord,
    told: Iterable[Told],
    warnings: Iterable[tuple[str, str]] = (),
    width: int = 80,
    about: Iterable[tuple[str, Iterable[str]]] = (),
) -> list[Line]:
    """The whole summary; `warnings` are those that belong to no test, `about` is told of the runs: heading, lines."""
    told = list(told)
    width = max(width, NARROW)
    said = [*(warning for each in told for warning in each.warnings), *warnings]
    edges = [edge for each in told for edge in each.edges]
    return [
        *(Line(line, _colour(told)) for line in _wrapped(f"{report_name(run)}: {counts(told)}", width, 0)),
        *(line for heading, texts in about for line in _about(heading, texts, width)),
        *(line for outcome in _LISTED for line in _list(outcome, told, width)),
        *_gates([gate for each in told for gate in each.gates], width),
        *_warnings(said, width),
        *map(Line, matrix.lines(edges, width)),
    ]


def counts(told: Iterable[Told]) -> str:
    """How many steps went which way: "58 steps done, 3 nothing to do, 1 failed"."""
    number = Counter(each.outcome for each in told)
    words = [
        f"{number[outcome]} {forms[number[outcome] != 1]}" for outcome, forms in _COUNTED.items() if number[outcome]
    ]
    return ", ".join(words) or "no step was run"


def _colour(told: list[Told]) -> dict[str, bool]:
    outcomes = {each.outcome for each in told}
    if outcomes & {Outcome.FAILED, Outcome.UNKNOWN}:
        return {"red": True}
    return {"yellow": True} if Outcome.BLOCKED in outcomes or not outcomes else {"green": True}


def _about(heading: str, texts: Iterable[str], width: int) -> Iterator[Line]:
    yield Line(f"{heading}:", {"yellow": True, "bold": True})
    for text in texts:
        yield from map(Line, _wrapped(text, width, 2))


def _list(outcome: Outcome, told: list[Told], width: int) -> Iterator[Line]:
    """What has this outcome: the reason once, and below it each step with its hosts."""
    reasons: dict[str, dict[str, list[str]]] = {}
    for each in told:
        if each.outcome is outcome:
            name = f"{each.step} {each.title}".strip()
            reasons.setdefault(each.reason, {}).setdefault(name, []).append(each.host)
    if not reasons:
        return
    title, markup = _LISTED[outcome]
    yield Line(f"{title}:", markup)
    for reason, steps in reasons.items():
        for step, hosts in steps.items():
            yield from map(Line, _wrapped(f"{step}: {', '.join(filter(None, hosts))}".removesuffix(": "), width, 2))
        yield from map(Line, _wrapped(reason or "(no reason was given)", width, 6))


def _gates(said: list[tuple[str, str]], width: int) -> Iterator[Line]:
    """What a person has confirmed, or has not."""
    if said:
        yield Line("Gates:", {"bold": True})
    for host, text in said:
        yield from map(Line, _wrapped(f"{host}: {text}", width, 2))


def _warnings(said: list[tuple[str, str]], width: int) -> Iterator[Line]:
    if said:
        yield Line("Warnings:", {"yellow": True, "bold": True})
    for (host, text), times in Counter(said).items():
        often = f" ({times} times)" if times > 1 else ""
        yield from map(Line, _wrapped(f"{host}: {text}{often}" if host else f"{text}{often}", width, 2))


def _wrapped(text: str, width: int, indent: int) -> list[str]:
    margin = " " * indent
    return textwrap.wrap(
        text,
        width,
        initial_indent=margin,
        subsequent_indent=margin + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
