"""The content of `change-record.html`, in the order in which a board asks for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from fixtures.evidence import Verdict
from fixtures.system.plain_files import read_plain
from reports.journal.collected import Outcome
from reports.journal.history import History
from reports.journal.told import gate, kept, outage
from reports.pages.html import render
from reports.pages.moments import moment, span
from reports.pages.wording import Words, words
from reports.record.deviations import closed, deviations, gates, kept_now, warnings
from reports.record.leaves import Certificate, certificates, time_line
from reports.record.left import left
from reports.record.runs import row, who
from reports.record.spog import spog_table
from reports.record.standing import standing
from reports.record.story import GOOD, State, Story
from reports.record.trust import pictures
from reports.record.work import between, stretches

PLAN = "plan.json"
_CHANGE, _REHEARSAL, _VERIFY = "change", "rehearsal", "verify"


def made(histories: list[History], folder: Path, faults: list[str], language: str = "en") -> bytes | None:
    """Return the page for the runs of a folder, oldest first; None if all of them were plans. Raises ValueError."""
    story = Story.of(histories)
    if story is None:
        return None
    say = words(language)
    every = certificates(story.parts)
    hosts = left(story.parts, story.runs)
    now = story.ended
    return render(
        "change-record.html",
        say,
        story=story,
        title=say(f"record.title.{_kind(story)}", name=story.last.run.change or story.last.run.site),
        status=_status(story),
        sentence=_sentence(story, say),
        facts=list(_facts(story, say)),
        counts=[(outcome, story.counts[outcome]) for outcome in Outcome if story.counts[outcome]],
        numbers={} if story.verifies else story.totals,
        standing=standing(story, say),
        verdicts=[(verdict, story.verdicts[verdict]) for verdict in Verdict if story.verdicts[verdict]],
        replaced=sum(one.fate == "replaced" for one in every),
        soonest=min((one.after for one in every if one.after), key=lambda leaf: leaf.not_after, default=None),
        deviations=deviations(story, say, faults, [(one.host, path) for one in hosts for path in one.locks]),
        warnings=warnings(story),
        runs=[row(run, story.number(run), say) for run in histories],
        approval=list(_approval(story, folder, say)),
        pictures=pictures(story.trusts),
        certificates=every,
        time_line=time_line(every, now),
        gates=[(one.host, one.passed, gate(one, say)) for one in gates(story)],
        left=hosts,
        closed=[(one.host, outage(one, say), one.came_back) for one in closed(story)],
        spog=spog_table(story),
        kept=[(one.host, kept(one, say)) for one in kept_now(story)],
        back=_back(story, say),
        oldest=_old_until(every),
        stretches=stretches(story.parts),
        between=between(story.runs),
        chains=[chain for run in histories for chain in run.chains],
    )


def _kind(story: Story) -> str:
    kinds = {run.run.kind for run in story.runs}
    return next((kind for kind in (_CHANGE, _REHEARSAL) if kind in kinds), _VERIFY)


def _status(story: Story) -> str:
    """Return the status that colours the page: good, bad or open."""
    if story.state in GOOD:
        return "good"
    return "bad" if story.state in (State.FAILED, State.UNKNOWN, State.BLOCKED) else "open"


def _sentence(story: Story, say: Words) -> str:
    judged = sum(count for verdict, count in story.verdicts.items() if verdict is not Verdict.NOT_IN_USE)
    return say(
        f"record.sentence.{'verify' if story.verifies else 'change'}.{story.state}",
        done=story.counts[Outcome.DONE],
        nothing=story.counts[Outcome.NOTHING],
        failed=story.counts[Outcome.FAILED],
        unknown=story.counts[Outcome.UNKNOWN],
        blocked=story.blocked,
        holds=story.verdicts[Verdict.HOLDS],
        judged=judged,
        runs=len(story.runs),
    )


def _facts(story: Story, say: Words) -> Iterator[tuple[str, str]]:
    """Yield the facts about the latest run (user, inventory, versions), with the times of all runs."""
    run = story.last.run
    versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    told = {
        "site": run.site,
        "change": run.change,
        "kind": say.or_else(f"kind.{run.kind}", run.kind),
        "release": run.release,
        "when": say("record.from_to", begin=moment(story.began), end=moment(story.ended), took=_took(story, say)),
        "window": say("record.from_until", begin=moment(run.window[0]), end=moment(run.window[1]))
        if run.window
        else "",
        "who": who(run, say),
        "inventory": run.inventory,
        "versions": versions,
    }
    return ((say(f"record.fact.{name}"), text) for name, text in told.items() if text)


def _took(story: Story, say: Words) -> str:
    return span(say, (story.ended - story.began).total_seconds())


def _approval(story: Story, folder: Path, say: Words) -> Iterator[tuple[str, str]]:
    """Yield name and text: the approved plan of each run, and its comparison with the plan in the folder."""
    if _kind(story) != _CHANGE:
        return
    for run in story.runs:
        approved = run.run.approved_plan
        key = "record.plan.approved" if approved else "record.plan.none"
        yield run.folder.name, say(key, hash=approved)
    try:
        latest = str(json.loads(read_plain(folder / PLAN))["hash"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return
    same = any(run.run.approved_plan == latest for run in story.runs)
    yield PLAN, say("record.plan.same" if same else "record.plan.other", hash=latest)


def _back(story: Story, say: Words) -> dict[str, str]:
    """Return the command of the rollback (empty after rehearsals and verifications), and a text about it."""
    run = story.last.run
    if _kind(story) != _CHANGE:
        return {"command": "", "text": say(f"record.back.{_kind(story)}")}
    command = f"pytest runbook/rollback --inventory={run.inventory} --change={run.change}"
    return {"command": command, "text": say("record.back.again" if story.rolled_back else "record.back.command")}


def _old_until(every: list[Certificate]) -> datetime | None:
    """Return the first expiry date among the certificates that a rollback would bring back."""
    return min((one.before.not_after for one in every if one.before and one.fate == "replaced"), default=None)
