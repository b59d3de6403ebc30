"""The state after a change, as answers to a board's questions: what is changed, what is not done, what is in service.

The last question is answered by side, because one side carries the calls while the other is being changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from fixtures.evidence import CommandRecord, Verdict
from fixtures.run.restart_times import Restart
from reports.journal.collected import Outcome
from reports.journal.parts import Part
from reports.pages.wording import Words
from reports.record.stores import At, Stand
from reports.record.story import Story

# The statements about a store by their catalogue keys, in the order of the page; True: somebody must look at it.
_STANDS = {
    "live": False,
    "again": True,
    "unread": True,
    "stopped": True,
    "unsure": True,
    "half": True,
    "staged": False,
    "back": False,
    "discarded": False,
}
_NAMED = 6  # hosts; any more are counted
_ENDED = (Verdict.FAILS, Verdict.UNKNOWN)


@dataclass(frozen=True)
class Line:
    """One answer; `bad`: it requires somebody to act."""

    text: str
    bad: bool = False


@dataclass(frozen=True)
class Question:
    """A question, by its key in the catalogue, and its answers."""

    name: str
    answers: tuple[Line, ...]


def standing(story: Story, say: Words) -> list[Question]:
    """Return the questions that have an answer for this change, with their answers; none for a verification."""
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
    """Yield what is live and what is only staged, store by store, and the changes that the failed step has sent."""
    yield from _stores(story, say)
    first = story.first_wrong
    own, unanswered = (_changes(first), _changes(first, answered=False)) if first else ([], [])
    for key, sent in (("own", own), ("unanswered", unanswered)):
        if sent and first:
            what = say("mark.semicolon").join(one.purpose for one in sent)
            yield Line(say(f"record.standing.{key}", host=first.told.host, what=what))
    if first and not any(map(_changes, story.parts)) and not unanswered:
        yield Line(say("record.standing.unchanged"))


def _stores(story: Story, say: Words) -> Iterator[Line]:
    """Yield the statements about the stores that this change has touched, one line for all hosts with the same."""
    several: dict[tuple[str, str], list[str]] = {}
    for stand in story.stores:
        for key, services in _told_of(stand, story):
            text = say("mark.comma").join(services)
            several.setdefault((key, say(f"record.store.{key}", store=stand.store, services=text)), []).append(
                stand.host
            )
    order = list(_STANDS)
    for (key, text), hosts in sorted(several.items(), key=lambda one: order.index(one[0][0])):
        yield Line(f"{text}{say('mark.colon')}{say('mark.comma').join(hosts)}", bad=_STANDS[key])


def _told_of(stand: Stand, story: Story) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the catalogue key of each text about a store, and the services that the text names."""
    if stand.at is At.LIVE and not stand.settled:
        stopped = tuple(one.service for one in story.stopped if one.host == stand.host)
        again = tuple(
            one.service
            for one in story.outages.ended
            if one.host == stand.host and stand.since and one.began >= stand.since
        )
        yield ("stopped", stopped) if stopped else ("again", again) if again else ("unread", ())
    elif stand.at is not None:
        yield stand.at.value, ()
    if stand.pending:
        yield "staged", ()
    elif stand.discarded and stand.at is None:
        yield "discarded", ()


def _not_done(story: Story, say: Words) -> Iterator[Line]:
    blocked = (part for part in story.final if part.told.outcome is Outcome.BLOCKED)
    for step, hosts in _by_step((one for one in blocked if not story.rollback.settles(one)), say).items():
        yield Line(say("record.standing.blocked", step=step, hosts=_named(hosts, say)))
    run = story.unfinished
    if run is not None and not story.rollback.whole and (number := run.tests - len(run.pages)) > 0:
        yield Line(say("record.standing.not_begun", number=number, tests=run.tests))


def _serving(story: Story, say: Words) -> Iterator[Line]:
    """Yield for each side the services that are stopped, those that run again, or that nothing was touched."""
    sides = story.last.run.sides
    stopped, again = _services(story.stopped), _services(story.outages.ended)
    changed = [stand.host for stand in story.stores if stand.in_use]
    touched = {*stopped, *again, *changed}
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
        silent = [host for host in here if host not in stopped and host not in again]
        if silent:
            yield Line(say("record.standing.no_restart", side=name, hosts=_named(silent, say)))
        if not here and (side or not sides):  # no line to say that nothing else was touched
            yield Line(say("record.standing.untouched", side=name))
    yield from _trusts(story, say)


def _trusts(story: Story, say: Words) -> Iterator[Line]:
    """Yield the trusts that worked before the change and no longer do, and how many of the others still work."""
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
    """Return the commands that have changed the host; or, with `answered=False`, those sent that got no answer."""
    sent = (one for one in part.records if isinstance(one, CommandRecord) and one.changes)
    return [one for one in sent if (one.worked if answered else one.exit_code is None)]


def _by_step(parts: Iterable[Part], say: Words) -> dict[str, list[str]]:
    """Return the hosts of each step, by the step's name."""
    found: dict[str, list[str]] = {}
    for part in parts:
        told = part.told
        hosts = found.setdefault(f"{told.step} {say.or_else(f'step.{told.step}', told.title)}".strip(), [])
        if told.host not in hosts:
            hosts.append(told.host)
    return found


def _named(hosts: list[str], say: Words) -> str:
    """Return the hosts in words; of many only the first, and the number of the others."""
    shown = say("mark.comma").join(hosts[:_NAMED])
    return shown if len(hosts) <= _NAMED else say("record.standing.more", hosts=shown, number=len(hosts) - _NAMED)
