"""How things stand after a change: what was changed before it went wrong, what was not done, what serves now.

A board asks this first, in these words. By sides, because one side carries the calls while the other is worked on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from fixtures.evidence import CommandRecord, Verdict
from fixtures.measured import Restart
from reports.collected import Outcome
from reports.parts import Part
from reports.record.story import Story
from reports.wording import Words

_LIVE = ("activate", "tidy")  # the phases that change what is in use; what is staged lies beside it
_NAMED = 6  # hosts; of more the rest is counted
_ENDED = (Verdict.FAILS, Verdict.UNKNOWN)


@dataclass(frozen=True)
class Line:
    """One answer; `bad`: somebody must do something about it."""

    text: str
    bad: bool = False


@dataclass(frozen=True)
class Question:
    """What is asked, by its name in the catalogue, and what is known about it."""

    name: str
    answers: tuple[Line, ...]


def standing(story: Story, say: Words) -> list[Question]:
    """The questions that this change raises, with their answers; none for a verification."""
    if story.verifies:
        return []
    told: dict[str, Callable[[Story, Words], Iterator[Line]]] = {
        "changed": _changed,
        "not_done": _not_done,
        "serving": _serving,
    }
    found = [Question(name, tuple(answers(story, say))) for name, answers in told.items()]
    return [question for question in found if question.answers]


def _changed(story: Story, say: Words) -> Iterator[Line]:
    """What had been changed when the first step went wrong, and by that step itself."""
    first = story.first_wrong
    if first is None:
        return
    before = [part for part in story.parts if part.page is not first.page and _began(part) <= _began(first)]
    for key, live in (("live", True), ("prepared", False)):
        several = _by_step((part for part in before if _changes(part) and (part.phase in _LIVE) is live), say)
        for step, hosts in several.items():
            yield Line(say(f"record.standing.{key}", step=step, hosts=_named(hosts, say)))
    own, unanswered = _changes(first), _changes(first, answered=False)
    for key, sent in (("own", own), ("unanswered", unanswered)):
        if sent:
            what = say("mark.semicolon").join(one.purpose for one in sent)
            yield Line(say(f"record.standing.{key}", host=first.told.host, what=what))
    if not own and not unanswered and not any(map(_changes, before)):
        yield Line(say("record.standing.unchanged"))


def _not_done(story: Story, say: Words) -> Iterator[Line]:
    for step, hosts in _by_step((part for part in story.final if part.told.outcome is Outcome.BLOCKED), say).items():
        yield Line(say("record.standing.blocked", step=step, hosts=_named(hosts, say)))
    run = story.unfinished
    if run is not None and (number := run.tests - len(run.pages)) > 0:
        yield Line(say("record.standing.not_begun", number=number, tests=run.tests))


def _serving(story: Story, say: Words) -> Iterator[Line]:
    """Each side: what was stopped and does not run, what runs again, or that nothing of it was touched."""
    sides = story.last.run.sides
    stopped, again = _services(story.outages.never_ended), _services(story.outages.ended)
    touched = {*stopped, *again, *(part.told.host for part in story.parts if part.phase in _LIVE and _changes(part))}
    for side in [*sorted(set(sides.values())), ""]:
        here = sorted(host for host in touched if sides.get(host, "") == side)
        name = (
            say("record.standing.side", side=side) if side else say(f"record.standing.{'others' if sides else 'site'}")
        )
        for host in (host for host in here if host in stopped):
            text = say("record.standing.stopped", side=name, host=host, services=say("mark.comma").join(stopped[host]))
            yield Line(text, bad=True)
        together: dict[str, list[str]] = {}
        for host in (host for host in here if host in again and host not in stopped):
            together.setdefault(say("mark.comma").join(again[host]), []).append(host)
        for services, hosts in together.items():
            yield Line(say("record.standing.again", side=name, services=services, hosts=_named(hosts, say)))
        if not here and (side or not sides):  # that nothing else was touched is not worth a line
            yield Line(say("record.standing.untouched", side=name))
    if not story.went_back:  # the verdicts are older than the way back
        yield from _trusts(story, say)


def _trusts(story: Story, say: Words) -> Iterator[Line]:
    """Whether a trust that worked before the change has ended."""
    worked = [one for one in story.trusts if one.before is Verdict.HOLDS]
    ended: dict[tuple[str, str], list[str]] = {}
    for one in (one for one in worked if one.after in _ENDED):
        ended.setdefault((one.exporter, one.kind), []).append(one.importer)
    for (exporter, kind), hosts in ended.items():
        text = say("record.standing.trust_ended", importers=_named(hosts, say), exporter=exporter, kind=kind)
        yield Line(text, bad=True)
    kept = sum(one.after is Verdict.HOLDS for one in worked)
    unknown = sum(one.after is None for one in worked)
    if kept:
        yield Line(say("record.standing.trusts_kept", number=kept, worked=len(worked)))
    if unknown:
        yield Line(say("record.standing.trusts_not_judged", number=unknown))


def _services(restarts: Iterable[Restart]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in restarts:
        if one.service not in found.setdefault(one.host, []):
            found[one.host].append(one.service)
    return found


def _changes(part: Part, *, answered: bool = True) -> list[CommandRecord]:
    """What the share has changed on its host; or what it has sent without getting an answer."""
    sent = (one for one in part.records if isinstance(one, CommandRecord) and one.changes)
    return [one for one in sent if (one.worked if answered else one.exit_code is None)]


def _by_step(parts: Iterable[Part], say: Words) -> dict[str, list[str]]:
    """The hosts of each step, by the step's name."""
    found: dict[str, list[str]] = {}
    for part in parts:
        told = part.told
        hosts = found.setdefault(f"{told.step} {say.or_else(f'step.{told.step}', told.title)}".strip(), [])
        if told.host not in hosts:
            hosts.append(told.host)
    return found


def _named(hosts: list[str], say: Words) -> str:
    """The hosts; of many the first, and how many more."""
    shown = say("mark.comma").join(hosts[:_NAMED])
    return shown if len(hosts) <= _NAMED else say("record.standing.more", hosts=shown, number=len(hosts) - _NAMED)


def _began(part: Part) -> int:
    return part.page.started or 0
