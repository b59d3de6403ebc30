"""Everything that failed, or was done otherwise than by default: the first thing that a board asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from fixtures.evidence import GateRecord, KeptRecord, OutageRecord, Verdict
from reports.journal.collected import Outcome, Spoken
from reports.journal.parts import BAD, Part
from reports.journal.told import ended, gate
from reports.pages.wording import Words
from reports.record.runs import option
from reports.record.story import Story

_TOLD = (*BAD, Outcome.SKIPPED)
_ACCEPTED = "accepted ("  # how the warning about a finding begins that the inventory accepts
_CLEANING = "c.1"  # the step that removes what a change has left
_TRUSTS = (Verdict.FAILS, Verdict.UNKNOWN)
# Options by which a run leaves the default way, in the order of their weight.
_OPTIONS = (
    "--accept-outage",
    "--order",
    "--keep-going",
    "--only-on",
    "--host",
    "--role",
    "-k",
    "-m",
    "--break-lock",
    "--import-style",
    "--wait-for-services",
)


@dataclass(frozen=True)
class Deviation:
    """One of them: where (a step on hosts, an option), what, and what became of it (empty: it stands)."""

    where: str
    what: str
    settled: str = ""
    run: str = ""  # its number, where it belongs to one
    hosts: tuple[str, ...] = ()  # of a step


@dataclass(frozen=True)
class Group:
    """Deviations of one kind; `standing`: at least one of them was not settled by a later run."""

    name: str  # what the catalogue calls it: "failed"
    deviations: tuple[Deviation, ...]

    @property
    def standing(self) -> bool:
        """True if somebody must still do something about one of them."""
        return any(not one.settled for one in self.deviations)


def deviations(story: Story, words: Words, faults: list[str], locks: Iterable[tuple[str, str]] = ()) -> list[Group]:
    """All of them, the worst first; `faults` are the journals', `locks` (host, path) were not given back."""
    groups = [Group(outcome.name.lower(), tuple(_steps(story, outcome, words))) for outcome in _TOLD]
    groups += [
        Group("trust", tuple(_trusts(story, words))),
        Group("runs", tuple(_runs(story, words))),
        Group("restarts", tuple(_restarts(story, words))),
        Group("locks", tuple(Deviation(host, path) for host, path in locks)),
        Group("gates", tuple(_gates(story, words))),
        Group("accepted", tuple(_warnings(story, accepted=True))),
        Group("options", tuple(_options(story, words))),
        Group("plan", tuple(_plan(story, words))),
        Group("journals", tuple(Deviation(*fault.rpartition(": ")[::2]) for fault in faults)),
    ]
    # What still stands comes before what a later run has settled.
    found = [replace(group, deviations=tuple(sorted(group.deviations, key=_settles))) for group in groups]
    return sorted((group for group in found if group.deviations), key=lambda group: not group.standing)


def _settles(one: Deviation) -> bool:
    return bool(one.settled)


def warnings(story: Story) -> list[Deviation]:
    """Return the warnings for a person that have stopped nothing."""
    return list(_warnings(story, accepted=False))


def _steps(story: Story, outcome: Outcome, words: Words) -> Iterator[Deviation]:
    """The steps of every run that ended so: one line for the hosts of a step with the same reason."""
    several: dict[tuple[int, str, str, str], list[Part]] = {}
    for part in story.parts:
        told = part.told
        if told.outcome is outcome:
            name = f"{told.step} {words.title(told.step, told.title)}".strip()
            settled = _settled(story, part, words)
            several.setdefault((story.number(part.run), name, part.reason, settled), []).append(part)
    for (run, name, reason, settled), alike in several.items():
        hosts = tuple(dict.fromkeys(part.told.host for part in alike if part.told.host))
        yield Deviation(name, reason or words("record.no_reason"), settled, str(run), hosts)


def _settled(story: Story, part: Part, words: Words) -> str:
    """Say how a later run has settled it; empty if it stands."""
    last, back = story.settled[part.identity], story.rollback
    if back.run is not None and back.settles(part):
        return words("record.rolled_back", run=story.number(back.run))
    if last is part or last.told.outcome in _TOLD:
        return ""
    return words(
        "record.settled", outcome=words(f"outcome.{last.told.outcome.name.lower()}"), run=story.number(last.run)
    )


def _trusts(story: Story, words: Words) -> Iterator[Deviation]:
    """Trusts that do not hold. What is again as it was before the change is no deviation of it."""
    for trust in story.trusts:
        if story.rolled_back and trust.after is None:
            where = words("record.trust_of", kind=trust.kind, exporter=trust.exporter, importer=trust.importer)
            yield Deviation(where, words("record.not_judged_since"))
        if story.rolled_back:
            continue
        if trust.after in _TRUSTS:
            where = words("record.trust_of", kind=trust.kind, exporter=trust.exporter, importer=trust.importer)
            said = words("mark.semicolon").join(trust.messages)
            verdict = words(f"verdict.{trust.after.name.lower()}")
            yield Deviation(where, f"{verdict}{words('mark.colon')}{said}" if said else verdict)


def _runs(story: Story, words: Words) -> Iterator[Deviation]:
    for run in story.runs:
        if run.cut_short:
            settled = words("record.made_up") if run is not story.unfinished and run is not story.last else ""
            if story.rollback.run not in (None, run) and story.rollback.whole:
                settled = words("record.rolled_back", run=story.number(story.last))
            yield Deviation(run.folder.name, ended(run, words), settled, str(story.number(run)))


def _restarts(story: Story, words: Words) -> Iterator[Deviation]:
    for one in story.stopped:
        yield Deviation(f"{one.host}: {one.service}", words("record.never_ended"))


def _gates(story: Story, words: Words) -> Iterator[Deviation]:
    every = gates(story)
    passed = {_about(one) for one in every if one.passed}
    for one in every:
        if not one.passed and _about(one) not in passed and one.host not in story.rollback.hosts:
            yield Deviation(one.host, gate(one, words))


def _about(one: Spoken) -> tuple[str, str]:
    """The subject of a question to a person: a holder on a host, or side A in a stage."""
    return (one.host, one.holder) if isinstance(one, GateRecord) else ("", f"{one.step} {one.asked}")


def gates(story: Story) -> list[Spoken]:
    """Every gate, each answer once."""
    found = [record for part in story.parts for record in part.records if isinstance(record, Spoken)]
    return list(dict.fromkeys(found))


def kept_now(story: Story) -> list[KeptRecord]:
    """Return the items that stay on hosts, as the latest run of step c.1 has found them."""
    runs = [part.run for part in story.parts if part.told.step == _CLEANING]
    shares = [part for part in story.parts if part.told.step == _CLEANING and part.run is runs[-1]]
    return [record for part in shares for record in part.records if isinstance(record, KeptRecord)]


def closed(story: Story) -> list[OutageRecord]:
    """Return the outages: the times in which ports presented nothing while their hosts restarted."""
    return [record for part in story.parts for record in part.records if isinstance(record, OutageRecord)]


def _warnings(story: Story, *, accepted: bool) -> Iterator[Deviation]:
    """Warnings, each once: findings that the inventory accepts, or all others."""
    said = [warning for part in story.parts for warning in part.told.warnings]
    said += [warning for run in story.runs for warning in run.loose]
    for host, text in dict.fromkeys(said):
        if text.startswith(_ACCEPTED) is accepted:
            yield Deviation(host, text)


def _options(story: Story, words: Words) -> Iterator[Deviation]:
    for run in story.runs:
        for name in _OPTIONS:
            value = run.run.options.get(name, "")
            if value and not (run.run.kind == "verify" and name == "-m"):  # that is what makes it a verification
                yield Deviation(
                    option(name, value, words), words(f"record.option.{name.strip('-')}"), "", str(story.number(run))
                )


def _plan(story: Story, words: Words) -> Iterator[Deviation]:
    """A change without an approved plan: nobody has compared what was sent with what was approved."""
    bare = [run for run in story.runs if run.run.kind == "change" and not run.run.approved_plan]
    if bare and not story.rolled_back:
        yield Deviation(
            "--approved-plan", words("record.no_plan"), "", ", ".join(str(story.number(run)) for run in bare)
        )
