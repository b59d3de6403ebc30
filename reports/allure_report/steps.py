"""A test's records as Allure steps: commands and answers, states before and after, every verdict.

Only redacted text comes in. Titles are words of the catalogue and fields of the records; no argument and no parameter
is kept.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from allure_commons.model2 import Status, StatusDetails, TestStepResult

from fixtures.evidence import (
    CertificateRecord,
    CommandRecord,
    ConfirmationRecord,
    EdgeRecord,
    GateRecord,
    HandshakeRecord,
    KeptRecord,
    ListingRecord,
    OutageRecord,
    Verdict,
    When,
)
from reports.journal.collected import Collected, Spoken
from reports.journal.told import gate, kept, outage
from reports.pages.cells import left, width
from reports.pages.moments import moment
from reports.pages.wording import Words, words

Attach = Callable[[str, str], Any]  # title, text -> Allure's attachment
Step = Any  # allure_commons.model2.TestStepResult, which has no types
Kind = TypeVar("Kind")

_FACT = 19  # width of the left one of two columns
_WORST_FIRST = (Status.FAILED, Status.BROKEN, Status.PASSED, Status.SKIPPED)
_STATUS = {
    Verdict.HOLDS: Status.PASSED,
    Verdict.FAILS: Status.FAILED,
    Verdict.UNKNOWN: Status.BROKEN,
    Verdict.NOT_IN_USE: Status.SKIPPED,
}


def steps_of(collected: Collected, attach: Attach, say: Words | None = None) -> list[Step]:
    """Return all steps of a test: notes, commands and certificates, stores, handshakes, and the trust table."""
    say = say or words()
    return [
        *_notes(collected, say),
        *_gates([*_only(GateRecord, collected), *_only(ConfirmationRecord, collected)], say),
        *(_step(kept(record, say)) for record in _only(KeptRecord, collected)),
        *(_step(outage(record, say)) for record in _only(OutageRecord, collected)),
        *_work(collected, attach, say),
        *_listings(_only(ListingRecord, collected), attach, say),
        *_handshakes(_only(HandshakeRecord, collected), attach, say),
        *_edges(_only(EdgeRecord, collected), attach, say),
    ]


def timed(steps: Iterable[Step], moment: int | None) -> None:
    """Set a moment for steps that have no time of their own, so that it is not shown as unknown."""
    for step in steps:
        if step.start is None:
            step.start = step.stop = moment
        timed(step.steps, moment)


def _only(kind: type[Kind], collected: Collected) -> list[Kind]:
    return [record for record in collected.records if isinstance(record, kind)]


def _step(name: str, status: str = Status.PASSED, message: str = "", steps: Iterable[Step] = ()) -> Step:
    details = StatusDetails(message=message) if message else None
    return TestStepResult(name=name, status=status, statusDetails=details, steps=list(steps))


def _settle(group: Step) -> Step:
    """Give a group the worst status and the whole time of its steps; return it."""
    statuses = [step.status for step in group.steps]
    group.status = next((status for status in _WORST_FIRST if status in statuses), Status.PASSED)
    group.start = min((step.start for step in group.steps if step.start), default=None)
    group.stop = max((step.stop for step in group.steps if step.stop), default=None)
    return group


def _notes(collected: Collected, say: Words) -> list[Step]:
    colon = say("mark.colon")
    notes = [
        _step(say("allure.warning", text=f"{host}{colon}{text}" if host else text)) for host, text in collected.warnings
    ]
    for record in collected.nothing:
        subjects = say("mark.comma").join(record.subjects) or record.host
        reason = f" ({record.reason})" if record.reason else ""
        notes.append(_step(say("allure.nothing", subjects=f"{subjects}{reason}")))
    return notes


def _gates(records: Iterable[Spoken], say: Words) -> list[Step]:
    return [
        _step(
            say("allure.gate", text=gate(record, say)),
            Status.PASSED if record.passed else Status.FAILED,
            steps=[_step(one) for one in record.certificates] if isinstance(record, GateRecord) else [],
        )
        for record in records
    ]


def _work(collected: Collected, attach: Attach, say: Words) -> list[Step]:
    """Return commands and certificates; those about one subject, mostly a certificate, are grouped under its name."""
    steps: list[Step] = []
    groups: dict[str, Step] = {}
    kinds: dict[str, list[CertificateRecord]] = {}

    def group(subject: str) -> Step:
        if subject not in groups:
            groups[subject] = _step(subject)
            steps.append(groups[subject])
        return groups[subject]

    for record in collected.records:
        if isinstance(record, CommandRecord):
            place = group(record.subjects[0]).steps if len(record.subjects) == 1 else steps
            place.append(_command(record, attach, say))
        elif isinstance(record, CertificateRecord):
            kinds.setdefault(record.subject, []).append(record)
            body = f"{record.text.rstrip()}\n\n{record.pem.rstrip()}\n"
            title = say(f"allure.certificate.{record.when}", subject=record.subject)
            group(record.subject).attachments.append(attach(title, body))
    for subject, step in groups.items():
        step.name = _compared(subject, kinds.get(subject, []), say)
        _settle(step)
    return steps


def _compared(subject: str, records: list[CertificateRecord], say: Words) -> str:
    """Return a subject's name with what became of its certificate."""
    pems = {record.when: record.pem.strip() for record in records}
    if not pems:
        return subject
    if len(pems) == 1:
        return say(f"allure.subject.{next(iter(pems))}", subject=subject)
    same = len(set(pems.values())) == 1
    return say("allure.subject.unchanged" if same else "allure.subject.replaced", subject=subject)


def _command(record: CommandRecord, attach: Attach, say: Words) -> Step:
    failed = Status.BROKEN if record.exit_code is None else Status.FAILED
    parts = [_step(subject) for subject in record.subjects] if len(record.subjects) > 1 else []
    step = _step(record.purpose, Status.PASSED if record.worked else failed, record.finding, parts)
    step.start = round(record.started.timestamp() * 1000)
    step.stop = step.start + round(record.seconds * 1000)
    step.attachments.append(attach(say("allure.answer"), command_text(record, say)))
    return step


def command_text(record: CommandRecord, say: Words) -> str:
    """Return a command and its answer as a text that needs no knowledge of this project."""
    facts = {
        "host": record.host,
        "purpose": record.purpose,
        "changes": say("allure.yes" if record.changes else "allure.reads"),
        "about": say("mark.comma").join(record.subjects),
        "sent": moment(record.started),
        "duration": f"{record.seconds:.2f} s",
        "code": say("allure.no_answer") if record.exit_code is None else str(record.exit_code),
        "worked": say("allure.yes") if record.worked else say("allure.no", finding=record.finding),
    }
    named = [(say(f"allure.fact.{name}") + say("mark.colon").rstrip(), value) for name, value in facts.items() if value]
    room = max(_FACT, *(width(name) + 1 for name, _ in named))
    head = "\n".join(f"{left(name, room)}{value}" for name, value in named)
    texts = {"command": record.text, "stdout": record.stdout, "stderr": record.stderr}
    empty = say("allure.empty")
    body = (f"--- {say(f'allure.part.{name}')} ---\n{text.rstrip() or empty}" for name, text in texts.items())
    return "\n\n".join([head, *body]) + "\n"


def _listings(records: list[ListingRecord], attach: Attach, say: Words) -> list[Step]:
    stores: dict[tuple[str, str], dict[When, tuple[str, ...]]] = {}
    for record in records:
        sides = stores.setdefault((record.host, record.store), {})
        if record.when is When.AFTER or record.when not in sides:  # keep the first one before and the last one after
            sides[record.when] = record.lines
    return [_store(store, sides, attach, say) for (_, store), sides in stores.items()]


def _store(store: str, sides: dict[When, tuple[str, ...]], attach: Attach, say: Words) -> Step:
    if len(sides) == 1:
        ((when, lines),) = sides.items()
        step = _step(say(f"allure.store.{when}", store=store, entries=say.counted("allure.entries", len(lines))))
        step.attachments.append(attach(say(f"allure.listing.{when}"), "\n".join(lines) + "\n"))
        return step
    before, after = sides[When.BEFORE], sides[When.AFTER]
    difference = list(difflib.unified_diff(before, after, "before", "after", lineterm=""))
    added, removed = len(set(after) - set(before)), len(set(before) - set(after))
    key = "allure.store.changed" if difference else "allure.store.unchanged"
    step = _step(say(key, store=store, added=say.counted("allure.entries", added), removed=removed))
    if difference:
        step.attachments.append(attach(say("allure.difference"), "\n".join(difference) + "\n"))
    step.attachments.append(attach(say("allure.listing.after"), "\n".join(after) + "\n"))
    return step


def _handshakes(records: list[HandshakeRecord], attach: Attach, say: Words) -> list[Step]:
    if not records:
        return []
    names = [f"{record.host}:{record.port} {record.subject}" for record in records]
    bodies = (
        "\n".join([name, *(f"  {line}" for line in record.lines)]) for name, record in zip(names, records, strict=True)
    )
    title = say("allure.handshakes")
    group = _step(title, steps=[_step(name) for name in names])
    group.attachments.append(attach(title, "\n\n".join(bodies) + "\n"))
    return [group]


def _edges(records: list[EdgeRecord], attach: Attach, say: Words) -> list[Step]:
    """Return one step for each edge, and one attachment for each moment: one for each edge would be too large."""
    groups = []
    for when in When:
        edges = [record for record in records if record.when is when]
        if edges:
            title = say(f"allure.trust.{when}")
            group = _settle(_step(title, steps=[_edge(edge, say) for edge in edges]))
            group.attachments.append(attach(title, edges_text(edges, say)))
            groups.append(group)
    return groups


def _edge(record: EdgeRecord, say: Words) -> Step:
    status = _STATUS[record.verdict]
    if record.when is When.BEFORE and status != Status.PASSED:
        status = Status.SKIPPED  # a state that the change is to correct is no failure of it
    ends = {name: getattr(record, name) for name in ("importer", "exporter", "kind", "alias")}
    name = say("allure.edge", **ends, verdict=say(f"verdict.{record.verdict.name.lower()}"))
    return _step(name, status, "\n".join(record.messages))


def edges_text(records: Iterable[EdgeRecord], say: Words) -> str:
    """Return the edges of the trust table in their order, one a line, with messages and proof below."""
    lines = []
    for record in records:
        edge = f"{record.importer} <- {record.exporter} {record.kind} = {record.alias} ({record.step})"
        verdict = say(f"verdict.{record.verdict.name.lower()}").upper()
        lines += [
            f"{left(verdict, _FACT)}{edge}",
            *(f"{'':<{_FACT}}{message}" for message in (*record.messages, *record.proof)),
        ]
    return "\n".join(lines) + "\n"
