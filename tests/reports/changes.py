"""Changes as their journals lie on disk, at fixed times: all right, failed, interrupted; and a verification."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fixtures.actions.rollback.traces import discard, restoration
from fixtures.connections.command import Command
from fixtures.evidence import (
    CertificateRecord,
    CommandRecord,
    EdgeRecord,
    GateRecord,
    HandshakeRecord,
    LeafRecord,
    ListingRecord,
    Verdict,
    When,
)
from fixtures.stores.store import Store
from reports.journal.writer import JournalWriter
from tests.reports import sample

Told = CommandRecord | CertificateRecord | EdgeRecord | GateRecord | HandshakeRecord | ListingRecord
CVP_A, CVP_B, AW = "cvpa.example.com", "cvpb.example.com", "awa.example.com"
FIRST, SECOND = "20261122T120000Z-change", "20261122T130000Z-change"
STORE = r"%CVP_HOME%\conf\security\.keystore"
PLAN = "ab" * 32
_EVENTS = {
    CommandRecord: "command",
    CertificateRecord: "certificate",
    EdgeRecord: "edge",
    GateRecord: "gate",
    HandshakeRecord: "handshake",
    ListingRecord: "listing",
}
_TITLES = {
    "0.5": "What is presented and which trusts work now",
    "1.1.pre.2": "Copy the folder conf\\security",
    "1.4.iii": "Activate the keystore and restart the CVP services",
    "v1.trust": "Verify the trust that section 1 brings",
    "r.3": "CVP servers go back to their old certificates",
    "r.5": "Every trust is as it was before the change",
}
_FOLDER = {CVP_A: r"%CVP_HOME%\conf\security", CVP_B: r"%CVP_HOME%\conf\security", AW: r"C:\icm\ssl"}


def store_of(host: str) -> Store:
    """The store of a host, whose commands are the product's own."""
    name = "cacerts" if host == AW else ".keystore"
    return Store(host, name, "JKS", "keytool.exe", _FOLDER.get(host, r"C:\Java\lib\security"))


class Book:
    """Writes the journal of one run; its clock goes on a second a line."""

    def __init__(self, site: Path, run: str = FIRST, **facts: Any) -> None:
        folder = site / "runs" / run
        self.now = datetime.strptime(run[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=sample.NOON.tzinfo)
        self._writer = JournalWriter(folder)
        told: dict[str, Any] = {"user": "ada", "machine": "jump1", "started": self.now, "folder": folder}
        told |= {"sides": {AW: "A", CVP_A: "A", CVP_B: "B"}}
        self.say("run", run=sample.run(site, **told | facts), worker="")

    def say(self, event: str, **what: Any) -> None:
        self._writer.write(event, time=self.now.isoformat(timespec="milliseconds"), **what)
        self.now += timedelta(seconds=1)

    def step(
        self,
        number: str,
        host: str,
        *records: Told,
        phase: str = "stage",
        outcome: str | None = "done",
        said: str = "",
        warning: str = "",
        sending: str = "",
    ) -> None:
        """A step with its evidence; without an outcome nobody lived to judge it."""
        test = f"test_{number}[{host}]"
        title = _TITLES.get(number, "A step")
        self.say("step", step=sample.step(number, host, phase=phase, title=title), test=test)
        for record in records:
            self.say(_EVENTS[type(record)], record=record)
        if warning:
            self.say("warning", host=host, text=warning)
        if sending:
            self.say("sending", host=host, text=sending, purpose=sending.strip("@"), changes=True)
        if outcome is not None:
            self.say("verdict", test=test, outcome=outcome, reason=said, step=number, host=host)

    def command(self, host: str, text: str, purpose: str = "", **other: Any) -> CommandRecord:
        """A changing command that worked, now."""
        told = {"purpose": purpose or text.strip("@"), "started": self.now, "stdout": "", "subjects": ()}
        return sample.command(host=host, text=text, **told | other)

    def restart(self, host: str, service: str, seconds: float = 20) -> Iterable[CommandRecord]:
        """The commands of a restart that takes so long."""
        later = self.now + timedelta(seconds=seconds)
        query = f'@sc query "{service}"'
        yield self.command(host, f'@sc stop "{service}"', seconds=0.5)
        yield self.command(host, query, f"wait until {service} has stopped", changes=False, seconds=0.5)
        yield self.command(host, f'@sc start "{service}"', seconds=0.5)
        yield self.command(host, query, f"wait until {service} has started", changes=False, started=later, seconds=0)

    def sent(self, command: Command, **other: Any) -> CommandRecord:
        """A command of the product, which worked unless told."""
        return self.command(command.host, command.text, command.purpose, changes=command.changes, **other)

    def staged(self, host: str) -> Iterable[CommandRecord]:
        """The copy from before, the staged copy, and an edit of it."""
        store = store_of(host)
        for command in (*store.preparation(), store.delete("old", "delete the old one")):
            yield self.sent(command)

    def activated(self, host: str, **other: Any) -> Iterable[CommandRecord]:
        """The note, and the move over the live store, which worked unless told."""
        note, move = store_of(host).activation()
        yield self.sent(note)
        yield self.sent(move, **other)

    def returned(self, host: str) -> Iterable[CommandRecord]:
        """The copy from before, moved over the live store."""
        yield from (self.sent(command) for command in restoration(store_of(host), "x"))

    def end(self, code: int | None = 0) -> None:
        """The run's end; None: it was killed."""
        if code is not None:
            self.say("end", exit_code=code)
        self._writer.close()


def shaken(host: str, leaf: LeafRecord, port: int = 8111) -> HandshakeRecord:
    return sample.handshake(port, host=host, kind="WSM", subject="wsm", leaf=leaf)


def edge(exporter: str, verdict: Verdict, when: When = When.AFTER, *messages: str) -> EdgeRecord:
    return sample.edge(verdict, exporter, AW, when=when, alias=exporter, messages=messages)


def old(host: str) -> LeafRecord:
    return sample.leaf(40, host, "01")


def new(host: str) -> LeafRecord:
    return sample.leaf(1095, host, "02" if host == CVP_A else "03")


def _look(book: Book) -> None:
    judged = [edge(CVP_A, Verdict.HOLDS, When.BEFORE), edge(CVP_B, Verdict.FAILS, When.BEFORE)]
    book.step("0.5", AW, *judged, phase="look")
    for host in (CVP_A, CVP_B):
        book.step("0.5", host, shaken(host, old(host)), phase="look")


def _stage(book: Book, host: str) -> None:
    lock = '@mkdir "%CVP_HOME%\\conf\\runbook-lock" && echo locked'
    book.step("1.1.pre.2", host, book.command(host, lock, "take the lock", stdout="locked"), *book.staged(host))


def _activate(book: Book, host: str) -> None:
    gate = GateRecord(host, "cube1", "SIP TLS trustpoint", "voice team", (), True, "", "ada", book.now, "terminal")
    before = sample.listing(When.BEFORE, "wsm_certificate, key, AA", store=STORE)
    after = sample.listing(When.AFTER, "wsm_certificate, key, BB", "awa, trusted, CC", store=STORE)
    listings = [ListingRecord(host, STORE, one.when, one.lines) for one in (before, after)]
    gates = [gate] if host == CVP_A else []
    moved = [*book.activated(host), *book.restart(host, "callserver")]
    done: list[Told] = [*gates, *moved, shaken(host, new(host)), *listings]
    book.step("1.4.iii", host, *done, phase="activate")


def _unlock(book: Book, host: str) -> None:
    """Between the steps: a command that belongs to none of them."""
    text = '@rmdir /s /q "%CVP_HOME%\\conf\\runbook-lock" && echo released'
    book.say("command", record=book.command(host, text, "release the lock", stdout="released"))


def all_right(site: Path, run: str = FIRST) -> None:
    """A change that did what it was to do, by an approved plan."""
    book = Book(site, run, approved_plan=PLAN, options={"paths": "runbook", "--approved-plan": PLAN})
    book.say("collected", tests=9, names={})
    _look(book)
    for host in (CVP_A, CVP_B):
        _stage(book, host)
    for host in (CVP_A, CVP_B):
        _activate(book, host)
    book.step("v1.trust", AW, edge(CVP_A, Verdict.HOLDS), edge(CVP_B, Verdict.HOLDS), phase="verify")
    book.step("v1.trust", CVP_A, phase="verify", outcome="nothing to do")
    for host in (CVP_A, CVP_B):
        _unlock(book, host)
    book.end()


def failed_on_side_a(site: Path) -> None:
    """The first wave was not healthy: side B was not touched."""
    window = (sample.NOON, sample.NOON + timedelta(hours=4))
    book = Book(site, window=window, options={"paths": "runbook", "--keep-going": "True"})
    book.say("collected", tests=8, names={})
    _look(book)
    for host in (CVP_A, CVP_B):
        _stage(book, host)
    stopped = [*book.activated(CVP_A), *[*book.restart(CVP_A, "callserver")][:3]]
    never = book.command(
        CVP_A, '@sc query "callserver"', "wait until callserver has started", changes=False, worked=False,
        exit_code=0, stdout="STATE : 2 START_PENDING", finding="unexpected answer: STATE : 2 START_PENDING",
    )  # fmt: skip
    said = f"{CVP_A}: wait until callserver has started: unexpected answer: STATE : 2 START_PENDING"
    book.step("1.4.iii", CVP_A, *stopped, never, phase="activate", outcome="failed", said=said)
    why = f"Blocked: step 1.4.iii on {CVP_A} did not succeed"
    book.step("1.4.iii", CVP_B, phase="activate", outcome="blocked", said=why)
    wrong = edge(CVP_A, Verdict.FAILS, When.AFTER, "cvpa presents nothing: the port is closed")
    accepted = "accepted (renewed next week): WSM: found 40 days left"
    book.step(
        "v1.trust", AW, wrong, edge(CVP_B, Verdict.UNKNOWN), phase="verify", outcome="failed",
        said="cvpa presents nothing", warning=accepted,
    )  # fmt: skip
    for host in (CVP_A, CVP_B):
        _unlock(book, host)
    book.end(1)


def interrupted(site: Path) -> None:
    """A change whose process was killed while a service was being stopped."""
    book = Book(site, options={"paths": "runbook"})
    book.say("collected", tests=9, names={})
    _look(book)
    _stage(book, CVP_A)
    book.step("1.4.iii", CVP_A, phase="activate", outcome=None, sending='@sc stop "callserver"')
    book.end(None)


def verification(site: Path, outcome: str = "done") -> None:
    """A verification of a night."""
    run = "20261122T120000Z-verify"
    book = Book(site, run, kind="verify", change="", options={"paths": "runbook", "-m": "verify"})
    book.say("collected", tests=2, names={})
    judged = [edge(CVP_A, Verdict.HOLDS), edge(CVP_B, Verdict.NOT_IN_USE)]
    book.step("v1.trust", AW, *judged, shaken(CVP_A, new(CVP_A)), phase="verify", outcome=outcome)
    book.step("v1.trust", CVP_A, shaken(AW, old(AW), 443), phase="verify")
    book.end()


def rolled_back(site: Path) -> None:
    """The way back of a change that was all right."""
    all_right(site)
    book = Book(site, SECOND, options={"paths": "runbook/rollback"})
    book.say("collected", tests=5, names={})
    rolls_back(book, CVP_A, CVP_B, AW)
    book.end()


def rolls_back(book: Book, *hosts: str) -> None:
    """The way back of these hosts."""
    for host in hosts:
        book.step("r.1", host, book.sent(discard(store_of(host))))
    for host in hosts:
        done: list[Told] = [*book.returned(host), *book.restart(host, "callserver"), shaken(host, old(host))]
        book.step("r.4" if host == AW else "r.3", host, *([] if host == AW else done), phase="activate")
    for host in hosts:
        book.step("r.5", host, phase="verify")


def failed_and_rolled_back(site: Path) -> None:
    """A change that failed, and its way back: what went wrong is history."""
    failed_on_side_a(site)
    book = Book(site, SECOND, options={"paths": "runbook/rollback"})
    book.say("collected", tests=9, names={})
    rolls_back(book, CVP_A, CVP_B, AW)
    book.end()
