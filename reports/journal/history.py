"""A run as its journals tell it: the work done, its outcomes, and the work in progress when the run was killed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from fixtures.evidence import (
    CertificateRecord,
    CommandRecord,
    ConfirmationRecord,
    EdgeRecord,
    GateRecord,
    HandshakeRecord,
    KeptRecord,
    ListingRecord,
    NothingToDoRecord,
    OutageRecord,
    RunRecord,
    SpogRecord,
    StepRecord,
)
from reports.journal.chains import Chain, Entry, chains_of, milliseconds, text
from reports.journal.collected import INTERRUPTED, Collected, Outcome, Record, Told, interrupted
from reports.journal.decoded import decode

_CUT_SHORT = (None, 2, 3)  # pytest's exit codes: none at all, Ctrl-C, an internal error
CRASHED = "the worker process ended"
_KINDS: dict[str, type[Record]] = {
    "command": CommandRecord,
    "certificate": CertificateRecord,
    "listing": ListingRecord,
    "handshake": HandshakeRecord,
    "edge": EdgeRecord,
    "gate": GateRecord,
    "kept": KeptRecord,
    "outage": OutageRecord,
    "spog": SpogRecord,
    "confirmation": ConfirmationRecord,
}


@dataclass
class Page:
    """One test of a run: its evidence, and the times of its first and last entry (milliseconds since 1970)."""

    collected: Collected
    started: int | None = None
    stopped: int | None = None
    sending: Entry | None = None  # a command that was sent, and not answered yet
    lost: bool = False  # the process that ran it ended before it could judge it

    def judge(self, outcome: Outcome, reason: str) -> None:
        """Close the page with an outcome and its reason."""
        self.collected.raised, self.collected.message, self.collected.ended = outcome, reason, True

    def leave(self, why: str) -> None:
        """Close a page that has no verdict, with the outcome unknown."""
        self.lost = True
        purpose = text(self.sending, "purpose") if self.sending else ""
        if self.sending is not None and self.started is not None:
            self.collected.records.append(_unanswered(self.sending, milliseconds(self.sending) or self.started, why))
        self.judge(Outcome.UNKNOWN, interrupted(why, purpose))


@dataclass
class History:
    """One run. `tests`: the number of steps that were to be run, 0 if it was not recorded."""

    folder: Path
    run: RunRecord
    chains: list[Chain]
    pages: list[Page] = field(default_factory=list)
    loose: list[tuple[str, str]] = field(default_factory=list)  # warnings that belong to no test
    between: list[CommandRecord] = field(default_factory=list)  # commands outside of all tests: the release of locks
    tests: int = 0
    running: bool = False

    @property
    def exit_code(self) -> int | None:
        """The exit code of the controlling process; None if it was killed, or is running."""
        return next(
            (chain.exit_code for chain in self.chains if not chain.worker and chain.exit_code is not None), None
        )

    @property
    def stopped(self) -> int | None:
        """The moment of the last entry, in milliseconds since 1970."""
        last = [milliseconds(chain.entries[-1]) for chain in self.chains if chain.entries]
        return max((moment for moment in last if moment is not None), default=None)

    @property
    def told(self) -> list[Told]:
        """The end of each test, in short form."""
        return [Told.of(page.collected) for page in self.pages]

    @property
    def blocked(self) -> int:
        """The number of tests that were not started, or not completed, because of something before them."""
        return sum(page.collected.outcome is Outcome.BLOCKED for page in self.pages)

    @property
    def cut_short(self) -> bool:
        """True if the run is incomplete: it is running, was killed or interrupted, or did not begin all its tests."""
        return self.running or self.exit_code in _CUT_SHORT or self.tests > len(self.pages)


def of(folder: Path, *, running: bool = False) -> History:
    """Read the history of a run from the journals in its folder. Never raises, whatever they hold.

    `running`: its processes are alive, so tests without a verdict are left out: their outcome is not known yet.
    """
    chains = chains_of(folder)
    readers = [_Reader(chain) for chain in chains]
    runs = [reader.run for reader in readers if reader.run is not None]
    history = History(folder, runs[0] if runs else _unknown_run(folder), chains)
    # The folder may have been moved since, to another machine even.
    history.run = RunRecord(**vars(history.run) | {"folder": folder, "site_folder": folder.parent.parent})
    for reader in readers:
        reader.read()
        history.pages += reader.pages
        history.loose += reader.loose
        history.between += reader.between
        history.tests = max(history.tests, reader.tests)
    unjudged: dict[str, list[Page]] = {page.collected.nodeid: [] for page in history.pages}
    for page in history.pages:
        unjudged[page.collected.nodeid] += [] if page.collected.ended else [page]
    for entry in (entry for reader in readers for entry in reader.told_elsewhere):
        _close(history, unjudged, entry)
    if running and history.exit_code is None:
        history.running = True
        history.pages = [page for page in history.pages if page.collected.ended]
        return history
    for reader in readers:
        lost = CRASHED if reader.chain.worker and history.exit_code is not None else INTERRUPTED
        for page in reader.pages:
            if not page.collected.ended:
                page.leave(lost)
    return history


def _close(history: History, unjudged: dict[str, list[Page]], entry: Entry) -> None:
    """Apply a verdict by another process than the one that ran the test, or on a test that is no step.

    `unjudged`: the pages without a verdict, by test; every test that has a page has a key.
    """
    test = text(entry, "test")
    crashed = entry.get("crashed") is True
    if unjudged.get(test):
        unjudged[test].pop().leave(CRASHED)
    elif not (
        test in unjudged and crashed
    ):  # at Ctrl-C a worker judges its test, and the controller reports it as crashed all the same
        unjudged.setdefault(test, [])
        history.pages.append(Page(Collected(test), milliseconds(entry), milliseconds(entry)))
        history.pages[-1].judge(*_verdict(entry))
        history.pages[-1].lost = crashed


def _verdict(entry: Entry) -> tuple[Outcome, str]:
    said = text(entry, "message") or text(entry, "reason")
    try:
        return Outcome(text(entry, "outcome")), said
    except ValueError:
        return Outcome.UNKNOWN, said


class _Reader:
    """A reader of one journal, from its first line to its last."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.pages: list[Page] = []
        self.loose: list[tuple[str, str]] = []
        self.between: list[CommandRecord] = []
        self.told_elsewhere: list[Entry] = []
        self.tests = 0
        self._page: Page | None = None
        first = next((entry for entry in chain.entries if entry["event"] == "run"), {})
        self.run = decode(RunRecord, first.get("run"))

    def read(self) -> None:
        for entry in self.chain.entries:
            event = entry["event"]
            if self._page is not None:
                self._page.stopped = milliseconds(entry) or self._page.stopped
            if event in _KINDS:
                self._record(event, entry)
            elif event in self._TAKEN:
                self._TAKEN[event](self, entry)

    def _record(self, event: str, entry: Entry) -> None:
        record = decode(_KINDS[event], entry.get("record"))
        if self._page is not None:
            if event == "command":
                self._page.sending = None
            if record is not None:
                self._page.collected.records.append(record)
        elif isinstance(record, CommandRecord):
            self.between.append(record)

    def _collected(self, entry: Entry) -> None:
        tests = entry.get("tests")
        self.tests = tests if isinstance(tests, int) else 0

    def _step(self, entry: Entry) -> None:
        moment = milliseconds(entry)
        self._page = Page(Collected(text(entry, "test"), decode(StepRecord, entry.get("step"))), moment, moment)
        self.pages.append(self._page)

    def _sending(self, entry: Entry) -> None:
        if self._page is not None:
            self._page.sending = entry

    def _nothing(self, entry: Entry) -> None:
        record = decode(NothingToDoRecord, entry.get("record"))
        if self._page is not None and record is not None:
            self._page.collected.nothing.append(record)

    def _blocked(self, entry: Entry) -> None:
        if self._page is not None:
            self._page.collected.blocked = text(entry, "reason")

    def _warning(self, entry: Entry) -> None:
        warnings = self._page.collected.warnings if self._page is not None else self.loose
        warnings.append((text(entry, "host"), text(entry, "text")))

    def _judged(self, entry: Entry) -> None:
        if self._page is None:
            self.told_elsewhere.append(entry)
        else:
            self._page.judge(*_verdict(entry))
        self._page = None

    _TAKEN: dict[str, Callable[[_Reader, Entry], None]] = {  # noqa: RUF012 - a table, never changed
        "collected": _collected,
        "step": _step,
        "sending": _sending,
        "nothing to do": _nothing,
        "blocked": _blocked,
        "warning": _warning,
        "verdict": _judged,
    }


def _unanswered(entry: Entry, moment: int, why: str) -> CommandRecord:
    """Return the record of a command without an answer: people need its text to find out what it has done."""
    return CommandRecord(
        host=text(entry, "host"),
        purpose=f"{text(entry, 'purpose')}: sent, and no answer was written down",
        text=text(entry, "text"),
        changes=entry.get("changes") is not False,
        started=datetime.fromtimestamp(moment / 1000, UTC),
        seconds=0,
        exit_code=None,
        stdout="",
        stderr="",
        worked=False,
        finding=f"{why} before an answer came: it may or may not have had its effect",
    )


def _unknown_run(folder: Path) -> RunRecord:
    """Make a run's record from the names of its folders, for journals that do not begin with a readable line."""
    site, kind = folder.parent.parent, folder.name.rpartition("-")[2]
    return RunRecord(kind, site.name, "", "", folder, site, "", started=datetime.fromtimestamp(0, UTC))
