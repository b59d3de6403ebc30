"""A test's records as Allure steps: what was sent and answered, before and after, and every judgement.

Only redacted text comes in. Titles are fixed words and fields of the records; no argument and no parameter is kept.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from datetime import UTC
from typing import Any, TypeVar

from allure_commons.model2 import Status, StatusDetails, TestStepResult

from fixtures.evidence import (
    CertificateRecord,
    CommandRecord,
    EdgeRecord,
    GateRecord,
    HandshakeRecord,
    ListingRecord,
    Verdict,
    When,
)
from reports.collected import Collected, gate_line

Attach = Callable[[str, str], Any]  # title, text -> Allure's attachment
Step = Any  # allure_commons.model2.TestStepResult, which has no types
Kind = TypeVar("Kind")

_WORST_FIRST = (Status.FAILED, Status.BROKEN, Status.PASSED, Status.SKIPPED)
_STATUS = {
    Verdict.HOLDS: Status.PASSED,
    Verdict.FAILS: Status.FAILED,
    Verdict.UNKNOWN: Status.BROKEN,
    Verdict.NOT_IN_USE: Status.SKIPPED,
}


def printable(text: str) -> str:
    """The text with what is no valid Unicode written as escapes: Allure's files are strict UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def steps_of(collected: Collected, attach: Attach) -> list[Step]:
    """All steps of a test: notes first, then commands and certificates, stores, handshakes, the trust table."""
    return [
        *_notes(collected),
        *_gates(_only(GateRecord, collected)),
        *_work(collected, attach),
        *_listings(_only(ListingRecord, collected), attach),
        *_handshakes(_only(HandshakeRecord, collected), attach),
        *_edges(_only(EdgeRecord, collected), attach),
    ]


def timed(steps: Iterable[Step], moment: int | None) -> None:
    """Give steps that took no time of their own a moment, lest their time is shown as unknown."""
    for step in steps:
        if step.start is None:
            step.start = step.stop = moment
        timed(step.steps, moment)


def _only(kind: type[Kind], collected: Collected) -> list[Kind]:
    return [record for record in collected.records if isinstance(record, kind)]


def _step(name: str, status: str = Status.PASSED, message: str = "", steps: Iterable[Step] = ()) -> Step:
    details = StatusDetails(message=printable(message)) if message else None
    return TestStepResult(name=printable(name), status=status, statusDetails=details, steps=list(steps))


def _settle(group: Step) -> Step:
    """The group with the worst status and the whole time of its steps."""
    statuses = [step.status for step in group.steps]
    group.status = next((status for status in _WORST_FIRST if status in statuses), Status.PASSED)
    group.start = min((step.start for step in group.steps if step.start), default=None)
    group.stop = max((step.stop for step in group.steps if step.stop), default=None)
    return group


def _notes(collected: Collected) -> list[Step]:
    notes = [_step(f"Warning: {host}: {text}" if host else f"Warning: {text}") for host, text in collected.warnings]
    for record in collected.nothing:
        subjects = ", ".join(record.subjects) or record.host
        reason = f" ({record.reason})" if record.reason else ""
        notes.append(_step(f"Nothing to do: {subjects}{reason}"))
    return notes


def _gates(records: list[GateRecord]) -> list[Step]:
    return [
        _step(
            f"Gate: {gate_line(record)}",
            Status.PASSED if record.passed else Status.FAILED,
            steps=[_step(certificate) for certificate in record.certificates],
        )
        for record in records
    ]


def _work(collected: Collected, attach: Attach) -> list[Step]:
    """Commands and certificates; those about one subject, a certificate mostly, stand together under its name."""
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
            place.append(_command(record, attach))
        elif isinstance(record, CertificateRecord):
            kinds.setdefault(record.subject, []).append(record)
            body = f"{record.text.rstrip()}\n\n{record.pem.rstrip()}\n"
            group(record.subject).attachments.append(attach(f"Certificate {record.when}: {record.subject}", body))
    for subject, step in groups.items():
        step.name += _comparison(kinds.get(subject, []))
        _settle(step)
    return steps


def _comparison(records: list[CertificateRecord]) -> str:
    pems = {record.when: record.pem.strip() for record in records}
    if len(pems) < 2:
        return "".join(f" ({when})" for when in pems)
    return ": unchanged" if len(set(pems.values())) == 1 else ": replaced"


def _command(record: CommandRecord, attach: Attach) -> Step:
    failed = Status.BROKEN if record.exit_code is None else Status.FAILED
    parts = [_step(subject) for subject in record.subjects] if len(record.subjects) > 1 else []
    step = _step(record.purpose, Status.PASSED if record.worked else failed, record.finding, parts)
    step.start = round(record.started.timestamp() * 1000)
    step.stop = step.start + round(record.seconds * 1000)
    step.attachments.append(attach("Command and answer", command_text(record)))
    return step


def command_text(record: CommandRecord) -> str:
    """A command and its answer as a page that can be read without knowing this project."""
    worked = "yes" if record.worked else f"no: {record.finding}"
    facts = {
        "Host": record.host,
        "Purpose": record.purpose,
        "Changes something": "yes" if record.changes else "no, it only reads",
        "About": ", ".join(record.subjects),
        "Sent": record.started.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
        "Duration": f"{record.seconds:.2f} s",
        "Exit code": "no answer came" if record.exit_code is None else str(record.exit_code),
        "Worked": worked,
    }
    head = "\n".join(f"{name + ':':<19}{value}" for name, value in facts.items() if value)
    texts = {"Command": record.text, "Standard output": record.stdout, "Standard error": record.stderr}
    body = (f"--- {name} ---\n{text.rstrip() or '(empty)'}" for name, text in texts.items())
    return "\n\n".join([head, *body]) + "\n"


def _listings(records: list[ListingRecord], attach: Attach) -> list[Step]:
    stores: dict[tuple[str, str], dict[When, tuple[str, ...]]] = {}
    for record in records:
        sides = stores.setdefault((record.host, record.store), {})
        if record.when is When.AFTER or record.when not in sides:  # the first before, the last after
            sides[record.when] = record.lines
    return [_store(store, sides, attach) for (_, store), sides in stores.items()]


def _store(store: str, sides: dict[When, tuple[str, ...]], attach: Attach) -> Step:
    if len(sides) == 1:
        ((when, lines),) = sides.items()
        step = _step(f"Store {store} {when}: {_entries(len(lines))}")
        step.attachments.append(attach(f"Entries {when}", "\n".join(lines) + "\n"))
        return step
    before, after = sides[When.BEFORE], sides[When.AFTER]
    difference = list(difflib.unified_diff(before, after, "before", "after", lineterm=""))
    added, removed = len(set(after) - set(before)), len(set(before) - set(after))
    change = f"{_entries(added)} added, {removed} removed" if difference else "unchanged"
    step = _step(f"Store {store}: {change}")
    if difference:
        step.attachments.append(attach("Difference", "\n".join(difference) + "\n"))
    step.attachments.append(attach("Entries after", "\n".join(after) + "\n"))
    return step


def _entries(number: int) -> str:
    return "1 entry" if number == 1 else f"{number} entries"


def _handshakes(records: list[HandshakeRecord], attach: Attach) -> list[Step]:
    if not records:
        return []
    names = [f"{record.host}:{record.port} {record.subject}" for record in records]
    bodies = (
        "\n".join([name, *(f"  {line}" for line in record.lines)]) for name, record in zip(names, records, strict=True)
    )
    group = _step("TLS handshakes", steps=[_step(name) for name in names])
    group.attachments.append(attach("TLS handshakes", "\n\n".join(bodies) + "\n"))
    return [group]


def _edges(records: list[EdgeRecord], attach: Attach) -> list[Step]:
    """One step an edge, and one attachment for all of a moment: an attachment an edge would weigh more than it says."""
    titles = {When.BEFORE: "Trust before the change (as found, not judged)", When.AFTER: "Trust"}
    groups = []
    for when, title in titles.items():
        edges = [record for record in records if record.when is when]
        if edges:
            group = _settle(_step(title, steps=map(_edge, edges)))
            group.attachments.append(attach(title, edges_text(edges)))
            groups.append(group)
    return groups


def _edge(record: EdgeRecord) -> Step:
    status = _STATUS[record.verdict]
    if record.when is When.BEFORE and status != Status.PASSED:
        status = Status.SKIPPED  # what the change is there to put right is no failure of the change
    name = f"{record.importer} trusts {record.kind} of {record.exporter} as {record.alias}: {record.verdict}"
    return _step(name, status, "\n".join(record.messages))


def edges_text(records: Iterable[EdgeRecord]) -> str:
    """Edges of the trust table, one a line with their messages below, grouped by nothing, in their order."""
    lines = []
    for record in records:
        edge = f"{record.importer} <- {record.exporter} {record.kind} as {record.alias} (step {record.step})"
        lines += [f"{record.verdict.upper():<19}{edge}", *(f"{'':<19}{message}" for message in record.messages)]
    return "\n".join(lines) + "\n"
