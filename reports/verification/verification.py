"""`verification.json`: the findings of the latest verification of a change or of a night, for other programs.

Its schema is explained in docs/verification.md and written down in docs/verification.schema.json.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version

from fixtures.evidence import EdgeRecord, HandshakeRecord, LeafRecord, RunRecord, Verdict, When
from fixtures.system.visible import visible_in_json
from reports.journal.collected import Collected, Outcome
from reports.journal.decoded import utc
from reports.journal.history import History, Page
from reports.journal.parts import BAD

NAME, PROMETHEUS, CALENDAR = "verification.json", "verification.prom", "expiry.ics"
SCHEMA = 1  # increased when an existing field changes its meaning or is removed
_VERIFY = "verify"  # the kind of a run, and the phase of a step
_PACKAGE = "pcce-certificate-runbook"
_WELL = (Outcome.DONE, Outcome.NOTHING)
_CHANGING = ("stage", "activate", "tidy")  # phases of steps


class Result(StrEnum):
    """The result of a verification as a whole; a nightly run exits with 0, 1 or 10 for them."""

    ALL_RIGHT = "ALL_RIGHT"
    WRONG = "WRONG"
    UNKNOWN = "UNKNOWN"  # nothing wrong was found, but something could not be found out


@dataclass(frozen=True)
class Edge:
    """An edge of the trust table. The fields about the exporter's leaf are None if it was not presented."""

    exporter: str
    kind: str
    importer: str
    store: str
    alias: str
    step: str
    purpose: str
    verdict: str  # the names of fixtures.evidence.Verdict: HOLDS, FAILS, UNKNOWN, NOT_IN_USE
    messages: tuple[str, ...]
    fingerprint: str | None
    not_after: datetime | None
    days_left: int | None


@dataclass(frozen=True)
class Certificate:
    """A certificate that a port presents. `days_left`: whole days, negative when it has expired."""

    host: str
    port: int
    kind: str
    subject: str
    issuer: str
    fingerprint: str
    not_before: datetime
    not_after: datetime
    days_left: int


@dataclass(frozen=True)
class Finding:
    """A step of the verification that did not end well, on one host."""

    step: str
    title: str
    host: str
    outcome: str
    message: str


@dataclass(frozen=True)
class Verification:
    """The findings of a verification, as of the moment at which its run began."""

    schema: int
    site: str
    release: str
    change: str
    kind: str
    run: str
    when: datetime
    version: str
    outcome: Result
    edges: tuple[Edge, ...]
    certificates: tuple[Certificate, ...]
    findings: tuple[Finding, ...]

    @property
    def json(self) -> str:
        """The text of the document."""
        text = json.dumps(asdict(self), indent=2, ensure_ascii=False, default=_utc_text)
        return visible_in_json(text) + "\n"


def of(histories: Iterable[History]) -> Verification | None:
    """Return the findings of the latest of these runs (oldest first) that verified anything; None if none did."""
    history = next((run for run in reversed([*histories]) if _verifies(run)), None)
    if history is None:
        return None
    pages = sorted((page for page in history.pages if _counts(page, history.run)), key=lambda page: page.stopped or 0)
    amiss = [page for page in pages if page.collected.outcome not in _WELL] + _not_done(history)
    when = utc(history.run.started).replace(microsecond=0)
    edges = _edges(pages, when)
    return Verification(
        schema=SCHEMA,
        site=history.run.site,
        release=history.run.release,
        change=history.run.change,
        kind=history.run.kind,
        run=history.folder.name,
        when=when,
        version=_version(),
        outcome=_result(history, pages, amiss, edges),
        edges=edges,
        certificates=_certificates(pages, when),
        findings=tuple(_finding(page.collected) for page in sorted(amiss, key=lambda page: page.stopped or 0)),
    )


def _verifies(history: History) -> bool:
    records = (each for page in history.pages if _counts(page, history.run) for each in page.collected.records)
    judged = (each for each in records if isinstance(each, EdgeRecord))
    return history.run.kind == _VERIFY or any(each.when is When.AFTER for each in judged) or history.blocked > 0


def _counts(page: Page, run: RunRecord) -> bool:
    """True if a test belongs to the verification: of a run that changes something, only its verify phase does."""
    return run.kind == _VERIFY or _phase(page) == _VERIFY


def _not_done(history: History) -> list[Page]:
    """Return the steps of a changing run, outside its verify phase, that failed, were blocked or are unknown.

    None of them are returned unless one was blocked or was to change something.
    """
    if history.run.kind == _VERIFY:
        return []
    others = [page for page in history.pages if not _counts(page, history.run) and page.collected.outcome in BAD]
    left = (page.collected.outcome is Outcome.BLOCKED or _phase(page) in _CHANGING for page in others)
    return others if any(left) else []


def _phase(page: Page) -> str:
    return page.collected.step.phase if page.collected.step else ""


def _edges(pages: list[Page], when: datetime) -> tuple[Edge, ...]:
    """Return each edge once, by its latest verdict, sorted by importer."""
    found: dict[tuple[str, ...], Edge] = {}
    for record in (record for page in pages for record in page.collected.records):
        if isinstance(record, EdgeRecord) and record.when is When.AFTER:
            key = record.importer, record.exporter, record.kind, record.store, record.alias
            found[key] = _edge(record, when)
    return tuple(found[key] for key in sorted(found))


def _edge(record: EdgeRecord, when: datetime) -> Edge:
    leaf = record.leaf
    return Edge(
        exporter=record.exporter,
        kind=record.kind,
        importer=record.importer,
        store=record.store,
        alias=record.alias,
        step=record.step,
        purpose=record.purpose,
        verdict=record.verdict.name,
        messages=record.messages,
        fingerprint=leaf.sha256 if leaf else None,
        not_after=utc(leaf.not_after) if leaf else None,
        days_left=_days_left(leaf, when) if leaf else None,
    )


def _certificates(pages: list[Page], when: datetime) -> tuple[Certificate, ...]:
    """Return the latest leaves of each port, sorted by host; a port may have two, of different kinds."""
    last: dict[tuple[str, int, str], HandshakeRecord] = {}
    for record in (record for page in pages for record in page.collected.records):
        if isinstance(record, HandshakeRecord):
            last[record.host, record.port, record.kind] = record
    return tuple(
        Certificate(
            host=shaken.host,
            port=shaken.port,
            kind=shaken.kind or shaken.subject,
            subject=leaf.subject,
            issuer=leaf.issuer,
            fingerprint=leaf.sha256,
            not_before=utc(leaf.not_before),
            not_after=utc(leaf.not_after),
            days_left=_days_left(leaf, when),
        )
        for _, shaken in sorted(last.items())
        if (leaf := shaken.leaf) is not None
    )


def _finding(collected: Collected) -> Finding:
    """Return a finding: a wrong state with its whole message, anything else (maybe a traceback) with one line."""
    step = collected.step
    said = collected.message if collected.outcome is Outcome.FAILED else collected.reason
    return Finding(
        step=step.id if step else "",
        title=step.title if step else collected.nodeid.rpartition("::")[2],
        host=step.host if step else "",
        outcome=collected.outcome.value,
        message=said or collected.reason,
    )


def _result(history: History, pages: list[Page], amiss: list[Page], edges: tuple[Edge, ...]) -> Result:
    verdicts = {edge.verdict for edge in edges}
    if Verdict.FAILS.name in verdicts or any(page.collected.outcome is Outcome.FAILED for page in amiss):
        return Result.WRONG
    whole = bool(pages) and not history.cut_short
    return Result.ALL_RIGHT if whole and not amiss and Verdict.UNKNOWN.name not in verdicts else Result.UNKNOWN


def _days_left(leaf: LeafRecord, when: datetime) -> int:
    return (utc(leaf.not_after) - when).days


def _version() -> str:
    """Return the version of the package that makes the document."""
    try:
        return version(_PACKAGE)
    except PackageNotFoundError:
        return "unknown"


def _utc_text(moment: object) -> str:
    if isinstance(moment, datetime):
        return f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}Z"
    raise TypeError(f"{type(moment).__name__} cannot stand in {NAME}")
