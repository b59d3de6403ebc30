"""All failures of a change, and all departures from the defaults, the most important ones first."""

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
_ACCEPTED = "accepted ("  # prefix of the warning about a finding that the inventory accepts
_CLEANING = "c.1"  # the step that removes what a change has left on hosts
_TRUSTS = (Verdict.FAILS, Verdict.UNKNOWN)
# Options by which a run departs from the default, the most important first.
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
    """One deviation: where (a step on hosts, an option), what, and how it was settled (empty: it is still open)."""

    where: str
    what: str
    settled: str = ""
    run: str = ""  # the run's number, if it belongs to one
    hosts: tuple[str, ...] = ()  # those of a step


@dataclass(frozen=True)
class Group:
    """The deviations of one kind."""

    name: str  # its key in the catalogue: "failed"
    deviations: tuple[Deviation, ...]

    @property
    def standing(self) -> bool:
        """True if at least one of them is still open: somebody has to act."""
        return any(not one.settled for one in self.deviations)


def deviations(story: Story, words: Words, faults: list[str], locks: Iterable[tuple[str, str]] = ()) -> list[Group]:
    """Return all groups that hold a deviation: those with an open one first, the worst kind on top.

    `faults`: of the journals. `locks`: those (host, path) that were not released.
    """
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
    # Open deviations come before those that a later run has settled.
    found = [replace(group, deviations=tuple(sorted(group.deviations, key=_settles))) for group in groups]
    return sorted((group for group in found if group.deviations), key=lambda group: not group.standing)


def _settles(one: Deviation) -> bool:
    return bool(one.settled)


def warnings(story: Story) -> list[Deviation]:
    """Return the warnings (they stopped nothing), except those about findings that the inventory accepts."""
    return list(_warnings(story, accepted=False))


def _steps(story: Story, outcome: Outcome, words: Words) -> Iterator[Deviation]:
    """Yield the steps of every run with this outcome: one line for all hosts of a step with the same reason."""
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
    """Return in words how a later run settled a part; empty if it is still open."""
    last, back = story.settled[part.identity], story.rollback
    if back.run is not None and back.settles(part):
        return words("record.rolled_back", run=story.number(back.run))
    if last is part or last.told.outcome in _TOLD:
        return ""
    return words(
        "record.settled", outcome=words(f"outcome.{last.told.outcome.name.lower()}"), run=story.number(last.run)
    )


def _trusts(story: Story, words: Words) -> Iterator[Deviation]:
    """Yield the trusts that do not hold; after a rollback, only those that were not judged since the rollback."""
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
    """Return the subject of a confirmation: a holder on a host, or side A in a step."""
    return (one.host, one.holder) if isinstance(one, GateRecord) else ("", f"{one.step} {one.asked}")


def gates(story: Story) -> list[Spoken]:
    """Return every confirmation by a person, each answer once."""
    found = [record for part in story.parts for record in part.records if isinstance(record, Spoken)]
    return list(dict.fromkeys(found))


def kept_now(story: Story) -> list[KeptRecord]:
    """Return the folders that stay on hosts, as the latest run of step c.1 found them."""
    runs = [part.run for part in story.parts if part.told.step == _CLEANING]
    shares = [part for part in story.parts if part.told.step == _CLEANING and part.run is runs[-1]]
    return [record for part in shares for record in part.records if isinstance(record, KeptRecord)]


def closed(story: Story) -> list[OutageRecord]:
    """Return the outages: how long each port presented nothing while its host restarted."""
    return [record for part in story.parts for record in part.records if isinstance(record, OutageRecord)]


def _warnings(story: Story, *, accepted: bool) -> Iterator[Deviation]:
    """Yield warnings, each once: those on findings that the inventory accepts, or all others."""
    said = [warning for part in story.parts for warning in part.told.warnings]
    said += [warning for run in story.runs for warning in run.loose]
    for host, text in dict.fromkeys(said):
        if text.startswith(_ACCEPTED) is accepted:
            yield Deviation(host, text)


def _options(story: Story, words: Words) -> Iterator[Deviation]:
    for run in story.runs:
        for name in _OPTIONS:
            value = run.run.options.get(name, "")
            if value and not (run.run.kind == "verify" and name == "-m"):  # -m is what makes it a verification
                yield Deviation(
                    option(name, value, words), words(f"record.option.{name.strip('-')}"), "", str(story.number(run))
                )


def _plan(story: Story, words: Words) -> Iterator[Deviation]:
    """Yield one deviation for all changing runs without --approved-plan: their commands were compared with no plan."""
    bare = [run for run in story.runs if run.run.kind == "change" and not run.run.approved_plan]
    if bare and not story.rolled_back:
        yield Deviation(
            "--approved-plan", words("record.no_plan"), "", ", ".join(str(story.number(run)) for run in bare)
        )
