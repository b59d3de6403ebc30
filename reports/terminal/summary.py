"""The summary at the end of a run, for a terminal or a log of any width: failures first, in plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reports.allure_report.run import report_name
from reports.journal.collected import Outcome, Told
from reports.journal.told import gate, kept
from reports.pages.cells import wrapped
from reports.pages.wording import Words, words_of
from reports.terminal import matrix

if TYPE_CHECKING:
    from fixtures.evidence import KeptRecord, RunRecord
    from reports.journal.collected import Spoken

NARROW = 40  # columns: the least width that text is wrapped to
_COUNTED = (
    Outcome.DONE,
    Outcome.NOTHING,
    Outcome.PLANNED,
    Outcome.SKIPPED,
    Outcome.BLOCKED,
    Outcome.UNKNOWN,
    Outcome.FAILED,
)
WRONG = (Outcome.FAILED, Outcome.UNKNOWN, Outcome.BLOCKED)  # a change with any of these has not succeeded
CHANGES = ("change", "rehearsal")  # kinds of runs
_LISTED = {
    Outcome.FAILED: {"red": True, "bold": True},
    Outcome.UNKNOWN: {"red": True, "bold": True},
    Outcome.BLOCKED: {"yellow": True, "bold": True},
}


@dataclass(frozen=True)
class Line:
    """A line, and the markup that a terminal may give it."""

    text: str
    markup: Mapping[str, bool] = field(default_factory=dict)


def lines(
    run: RunRecord,
    told: Iterable[Told],
    warnings: Iterable[tuple[str, str]] = (),
    width: int = 80,
    about: Iterable[tuple[str, Iterable[str]]] = (),
    say: Words | None = None,
    *,
    unfinished: bool = False,
) -> list[Line]:
    """Return the whole summary.

    `warnings`: those outside of all tests. `about`: remarks on the runs, as headings with lines. `unfinished`: the run
    left something undone, even if an earlier run had done it.
    """
    told = list(told)
    say = say or words_of(run)
    width = max(width, NARROW)
    said = [*(warning for each in told for warning in each.warnings), *warnings]
    edges = [edge for each in told for edge in each.edges]
    unfinished = unfinished or (run.kind in CHANGES and any(each.outcome in WRONG for each in told))
    key = "summary.unfinished" if unfinished else "summary.head"
    head = say(key, name=report_name(run, say), counts=counts(told, say))
    return [
        *(Line(line, {"red": True} if unfinished else _colour(told)) for line in wrapped(head, width)),
        *(line for heading, texts in about for line in _about(heading, texts, width, say)),
        *(line for outcome in _LISTED for line in _list(outcome, told, width, say)),
        *_gates([gate for each in told for gate in each.gates], width, say),
        *_kept([one for each in told for one in each.kept], width, say),
        *_warnings(said, width, say),
        *map(Line, matrix.lines(edges, width, say)),
    ]


def counts(told: Iterable[Told], say: Words) -> str:
    """Count the steps by outcome: "58 steps done, 3 nothing to do, 1 failed"."""
    number = Counter(each.outcome for each in told)
    found = [
        say.counted("summary.done", number[outcome])
        if outcome is Outcome.DONE
        else say("summary.other", number=number[outcome], outcome=say(f"outcome.{outcome.name.lower()}"))
        for outcome in _COUNTED
        if number[outcome]
    ]
    return say("mark.comma").join(found) or say("summary.nothing")


def _colour(told: list[Told]) -> dict[str, bool]:
    outcomes = {each.outcome for each in told}
    if outcomes & {Outcome.FAILED, Outcome.UNKNOWN}:
        return {"red": True}
    return {"yellow": True} if Outcome.BLOCKED in outcomes or not outcomes else {"green": True}


def _heading(text: str, say: Words, **markup: bool) -> Line:
    return Line(f"{text}{say('mark.colon')}".rstrip(), markup)


def _about(heading: str, texts: Iterable[str], width: int, say: Words) -> Iterator[Line]:
    yield _heading(heading, say, yellow=True, bold=True)
    for text in texts:
        yield from map(Line, wrapped(text, width, 2))


def _list(outcome: Outcome, told: list[Told], width: int, say: Words) -> Iterator[Line]:
    """Yield the steps with this outcome: the reason once, and below it each step with its hosts."""
    reasons: dict[str, dict[str, list[str]]] = {}
    for each in told:
        if each.outcome is outcome:
            name = f"{each.step} {say.title(each.step, each.title)}".strip()
            reasons.setdefault(each.reason, {}).setdefault(name, []).append(each.host)
    if not reasons:
        return
    yield _heading(say(f"category.{outcome.name.lower()}"), say, **_LISTED[outcome])
    colon = say("mark.colon")
    for reason, steps in reasons.items():
        for step, hosts in steps.items():
            named = say("mark.comma").join(filter(None, hosts))
            yield from map(Line, wrapped(f"{step}{colon}{named}" if named else step, width, 2))
        yield from map(Line, wrapped(reason or say("summary.no_reason"), width, 6))


def _gates(said: list[Spoken], width: int, say: Words) -> Iterator[Line]:
    """Yield what a person has confirmed, or refused to confirm."""
    if said:
        yield _heading(say("record.heading.gates"), say, bold=True)
    for one in said:
        yield from map(Line, wrapped(f"{one.host}{say('mark.colon')}{gate(one, say)}", width, 2))


def _kept(said: list[KeptRecord], width: int, say: Words) -> Iterator[Line]:
    """Yield what stays on hosts for now."""
    if said:
        yield _heading(say("record.heading.kept"), say, bold=True)
    for one in said:
        yield from map(Line, wrapped(f"{one.host}{say('mark.colon')}{kept(one, say)}", width, 2))


def _warnings(said: list[tuple[str, str]], width: int, say: Words) -> Iterator[Line]:
    if said:
        yield _heading(say("summary.warnings"), say, yellow=True, bold=True)
    for (host, text), times in Counter(said).items():
        often = say("summary.times", times=times) if times > 1 else ""
        where = f"{host}{say('mark.colon')}" if host else ""
        yield from map(Line, wrapped(f"{where}{text}{often}", width, 2))
