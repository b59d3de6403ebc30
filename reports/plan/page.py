"""The content of `plan.html`: the board's first page, the restarts, the steps with checks and rollback, commands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from reports.journal.collected import Outcome
from reports.journal.history import History
from reports.pages.html import render
from reports.pages.moments import moment
from reports.pages.wording import Words, words
from reports.plan.board import Board
from reports.plan.content import Plan, Procedure, Share, Work, read
from reports.record.runs import option, who

_PLAN = "plan"
_OBSERVE = "--observe"
_NOT_PLANNED = (Outcome.FAILED, Outcome.UNKNOWN)


@dataclass(frozen=True)
class Stretch:
    """A step (or one of its waves) on all its hosts, in the order of the plan."""

    step: str
    title: str
    wave: int | None  # its number among all waves of restarts
    shares: tuple[Share, ...]
    changes: int  # the number of changing commands
    idle: bool  # it can change something, and was observed to have nothing to do


@dataclass(frozen=True)
class StepRow:
    """A step of the procedure in words, with its rollback."""

    id: str
    about: Procedure
    undone: str
    changes: int


def made(folder: Path, histories: list[History], language: str = "en") -> bytes | None:
    """Return the page for the plan in a change's folder; None if there is none. Raises ValueError."""
    plan = read(folder)
    if plan is None:
        return None
    say = words(language)
    run = next((one for one in reversed(histories) if one.run.kind == _PLAN), None)
    board = Board(plan, folder.parent, say)
    return render(
        "plan.html",
        say,
        plan=plan,
        board=board,
        title=say("plan.title_back" if plan.is_rollback else "plan.title", name=_change(run) or plan.site),
        facts=list(_facts(plan, run, say)),
        missing=list(_missing(run, say)),
        steps=list(_steps(plan, say)),
        stretches=list(_stretches(plan, board)),
        locks=list(_locks(plan)),
        command=_command(plan, run),
        back=f"pytest runbook/rollback {_inventory(run)} --change={_change(run) or 'ID'}" if run else "",
    )


def _facts(plan: Plan, run: History | None, say: Words) -> Iterator[tuple[str, str]]:
    given = {f"--{name.replace('_', '-')}": str(value) for name, value in plan.options.items() if value}
    options = [option(name, value, say) for name, value in given.items()]
    told = {"site": plan.site, "release": str(plan.inventory.get("release", "")), "hash": plan.hash}
    if run is not None:
        asked = [option(name, value, say) for name, value in run.run.options.items()]
        told |= {"made": moment(run.run.started), "who": who(run.run, say), "inventory": run.run.inventory}
        told |= {"selected": ", ".join(asked)}
    told |= {"options": ", ".join(options), "version": plan.version}
    return ((say(f"plan.fact.{name}"), text) for name, text in told.items() if text)


def _missing(run: History | None, say: Words) -> Iterator[tuple[str, str]]:
    """Yield the steps whose commands (or results) could not be planned, with their hosts, and the reason."""
    found: dict[str, dict[str, list[str]]] = {}
    colon, comma = say("mark.colon"), say("mark.comma")
    for told in run.told if run is not None else ():
        if told.outcome in _NOT_PLANNED:
            step = f"{told.step} {say.title(told.step, told.title)}"
            found.setdefault(told.reason, {}).setdefault(step, []).append(told.host)
    for reason, steps in found.items():
        yield say("mark.semicolon").join(f"{step}{colon}{comma.join(hosts)}" for step, hosts in steps.items()), reason


def _steps(plan: Plan, say: Words) -> Iterator[StepRow]:
    changes: dict[str, int] = {}
    for share in plan.steps:
        changes[share.step] = changes.get(share.step, 0) + plan.changes(share)
    for step, about in (plan.procedure or {}).items():
        undone = say.or_else(f"plan.undo.{step}", say.or_else(f"plan.undo.{about.phase}", about.phase))
        yield StepRow(step, about, undone, changes.get(step, 0))


def _stretches(plan: Plan, board: Board) -> Iterator[Stretch]:
    numbers = {(wave.step, wave.hosts[0].host): wave.number for wave in board.waves}
    for (step, _), group in groupby(plan.steps, lambda share: (share.step, share.wave)):
        shares = tuple(group)
        known = (numbers[step, share.host] for share in shares if (step, share.host) in numbers)
        idle = any(map(plan.is_idle, shares)) and not any(share in plan.due for share in shares)
        yield Stretch(step, shares[0].title, next(known, None), shares, sum(map(plan.changes, shares)), idle)


def _locks(plan: Plan) -> Iterator[tuple[Work, tuple[str, ...]]]:
    """Yield each command for locks once, with the hosts that get it."""
    found: dict[Work, list[str]] = {}
    order: dict[str, int] = {}
    for lock in plan.locks:
        for one in lock.work:
            found.setdefault(replace(one, host=""), []).append(lock.host)
            order.setdefault(one.rule, len(order))
    yield from ((one, tuple(found[one])) for one in sorted(found, key=lambda one: order[one.rule]))


def _command(plan: Plan, run: History | None) -> str:
    """Return the command that performs exactly this plan; empty if the run that made the plan is not known."""
    if run is None:
        return ""
    given = run.run.options
    paths = given.get("paths", "runbook").replace(", ", " ")
    parts = [f"pytest {paths}", _inventory(run), f"--change={_change(run) or 'ID'}", f"--approved-plan={plan.hash}"]
    return " ".join([*parts, *_given(given)])


def _inventory(run: History) -> str:
    given = f"--inventory={run.run.inventory}"
    return f'"{given}"' if " " in given else given


def _given(options: Mapping[str, str]) -> Iterator[str]:
    """Yield the options as typed, one for each value, without --observe, which is only for plans."""
    for name, value in options.items():
        if name == _OBSERVE:
            continue
        if value == "True":
            yield name
        elif name.startswith("-"):
            yield from (f'{name}="{one}"' if " " in one else f"{name}={one}" for one in value.split(", "))


def _change(run: History | None) -> str:
    """Return the id of the change that the plan was made for (its folder's name); empty if made without --change."""
    folder = run.run.site_folder.name if run is not None else ""
    return "" if folder.startswith(f"{_PLAN}-") else folder
