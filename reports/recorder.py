"""Recording of the evidence hooks, test by test, into the journal and into Allure's results."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import allure_commons
import pytest

from reports.allure_report import run as allure_run
from reports.allure_report.evidence import EvidenceIntoAllure
from reports.allure_report.kept import AllureAsFarAsItGoes
from reports.journal import upcoming
from reports.journal.collected import Collected, Outcome, outcome_of
from reports.journal.writer import JournalWriter
from reports.pages import certificates
from reports.verification import junit

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

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
    from reports.journal.collected import Record

F = TypeVar("F", bound="Callable[..., object]")


def _hears(hook: str) -> Callable[[F], F]:
    """Mark an implementation of an evidence hook; pytest ignores methods whose own names do not begin with `pytest_`.

    Optional, because the hook specifications come with fixtures.plugin.
    """
    return pytest.hookimpl(optionalhook=True, specname=hook)


class Recorder:
    """The evidence of one process: its journal, and Allure's results of the tests that it runs."""

    NAME = "runbook_reports"

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._worker = getattr(config, "workerinput", {}).get("workerid", "")
        self._run: RunRecord | None = None
        self._journal: JournalWriter | None = None
        self._allure: tuple[object, ...] = ()
        self._current: Collected | None = None  # the test that is running
        self._page: Collected | None = None  # the test that ran last: Allure may write its result after its end

    # the run

    @_hears("runbook_run_started")
    def pytest_runbook_run_started(self, run: RunRecord) -> None:
        """Begin the journal and take over Allure's results; a second call in the same process changes nothing."""
        if self._run is not None:
            return
        self._run = run
        # Captured output and logs are not redacted, so Allure must not attach them.
        self._config.option.attach_capture = False
        link = self._config.getoption("change_link", None) or ""
        self._allure = (EvidenceIntoAllure(run, lambda: self._page, link), AllureAsFarAsItGoes(self.lost))
        for plugin in self._allure:
            allure_commons.plugin_manager.register(plugin)
        self.write("run", run=run, worker=self._worker)
        if not self._worker:
            with self.as_far_as_it_goes():
                allure_run.describe(run)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Record number and names of the tests: if the process is killed, the journal shows how many did not begin."""
        names = upcoming.names(session.items)
        if names:
            self.write("collected", tests=sum(upcoming.is_step(item) for item in session.items), names=names)

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, Any, Any]:
        """End the journal after all other plugins have finished, or failed (pytest's JUnit file may be unwritable)."""
        try:
            result = yield
        except OSError as error:
            result = None
            self.lost("", error)
        self.write("end", exit_code=int(session.exitstatus))
        return result

    def pytest_unconfigure(self) -> None:
        """Close the journal and unregister from Allure."""
        self.close()

    def close(self) -> None:
        """Stop writing: the evidence is sealed next."""
        self._run = None
        for plugin in self._allure:
            allure_commons.plugin_manager.unregister(plugin)
        self._allure = ()
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    # the tests

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Collect the evidence of a test; write its verdict even if the test is interrupted."""
        self._current = self._page = Collected(item.nodeid)
        try:
            return (yield)
        finally:
            if self._run is not None and self._current.step and not self._current.ended:
                self._close(self._current)  # Ctrl-C: the last phase has no report
            self._current = None

    @pytest.hookimpl(wrapper=True, tryfirst=True)  # outermost: fixtures.plugin has redacted the report already
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Judge a phase of a test; after the last, write the verdict and add the properties for the JUnit file."""
        report = yield
        collected = self._current
        if self._run is not None and collected is not None:
            if call.excinfo is not None:
                collected.judge(call.excinfo.value, report.longrepr)
                if report.failed and outcome_of(call.excinfo.value) is Outcome.UNKNOWN:
                    report.could_not_find_out = True  # type: ignore[attr-defined]
            if report.when == "teardown":
                collected.ended = True
                if collected.step or collected.raised:
                    self._close(collected)
                    report.user_properties += junit.properties(collected)
        return report

    def _close(self, collected: Collected) -> None:
        step = collected.step
        facts = {"step": step.id, "host": step.host} if step else {}
        outcome, reason = collected.outcome.value, collected.reason
        more = {"message": collected.message} if collected.message not in ("", reason) else {}
        self.write("verdict", test=collected.nodeid, outcome=outcome, reason=reason, **more, **facts)

    # the evidence

    @_hears("runbook_step_started")
    def pytest_runbook_step_started(self, step: StepRecord) -> None:
        """Record which step on which host this test is."""
        self.write("step", step=step, test=self._current.nodeid if self._current is not None else "")
        if self._current is not None:
            self._current.step = step

    @_hears("runbook_sending")
    def pytest_runbook_sending(self, host: str, text: str, purpose: str, changes: bool) -> None:  # noqa: FBT001 - hook signature
        """Record a command before it is sent."""
        self.write("sending", host=host, text=text, purpose=purpose, changes=changes)
        if self._current is not None:
            self._current.doing = purpose

    @_hears("runbook_waiting")
    def pytest_runbook_waiting(self, host: str, text: str) -> None:
        """Record what is being waited for, for the live view."""
        self.write("waiting", host=host, text=text)

    @_hears("runbook_command")
    def pytest_runbook_command(self, record: CommandRecord) -> None:
        """Keep a command with its answer."""
        if self._current is not None:
            self._current.doing = ""
        self._keep("command", record)

    @_hears("runbook_certificate")
    def pytest_runbook_certificate(self, record: CertificateRecord) -> None:
        """Keep a certificate; write it to a file too if the documents name one."""
        self._keep("certificate", record)
        if self._run is not None:
            with self.as_far_as_it_goes():
                certificates.save(record, self._run.site_folder)

    @_hears("runbook_listing")
    def pytest_runbook_listing(self, record: ListingRecord) -> None:
        """Keep a store's entries."""
        self._keep("listing", record)

    @_hears("runbook_handshake")
    def pytest_runbook_handshake(self, record: HandshakeRecord) -> None:
        """Keep the handshake of a port and the certificate that it presented."""
        self._keep("handshake", record)

    @_hears("runbook_edge")
    def pytest_runbook_edge(self, record: EdgeRecord) -> None:
        """Keep the verdict on an edge of the trust table."""
        self._keep("edge", record)

    @_hears("runbook_gate")
    def pytest_runbook_gate(self, record: GateRecord) -> None:
        """Keep a person's answer whether a holder outside the trust table has the new certificates (step 0.7)."""
        self._keep("gate", record)

    @_hears("runbook_confirmation")
    def pytest_runbook_confirmation(self, record: ConfirmationRecord) -> None:
        """Keep a person's confirmation of side A."""
        self._keep("confirmation", record)

    @_hears("runbook_outage")
    def pytest_runbook_outage(self, record: OutageRecord) -> None:
        """Keep the time for which a port presented nothing."""
        self._keep("outage", record)

    @_hears("runbook_spog")
    def pytest_runbook_spog(self, record: SpogRecord) -> None:
        """Keep SPOG's own word on a machine."""
        self._keep("spog", record)

    @_hears("runbook_kept")
    def pytest_runbook_kept(self, record: KeptRecord) -> None:
        """Keep a record of what the change leaves on a host for now (step c.1)."""
        self._keep("kept", record)

    @_hears("runbook_nothing_to_do")
    def pytest_runbook_nothing_to_do(self, record: NothingToDoRecord) -> None:
        """Record that there was nothing to do, and for which subjects."""
        self.write("nothing to do", record=record)
        if self._current is not None:
            self._current.nothing.append(record)

    @_hears("runbook_blocked")
    def pytest_runbook_blocked(self, host: str, reason: str) -> None:
        """Record why a step was not started."""
        self.write("blocked", host=host, reason=reason)
        if self._current is not None:
            self._current.blocked = reason

    @_hears("runbook_warning")
    def pytest_runbook_warning(self, host: str, text: str) -> None:
        """Keep a warning, with its test if one is running, else for the end of the run."""
        self.write("warning", host=host, text=text)
        if self._current is not None:
            self._current.warnings.append((host, text))

    def _keep(self, event: str, record: Record) -> None:
        self.write(event, record=record)
        if self._current is not None:
            self._current.records.append(record)

    def write(self, event: str, **what: object) -> None:
        """Add a line to this process's journal; do nothing before the run is known."""
        if self._run is None:
            return
        with self.as_far_as_it_goes(event, what.get("record")):
            if self._journal is None:
                self._journal = JournalWriter(self._run.folder)
            self._journal.write(event, **what)

    @contextmanager
    def as_far_as_it_goes(self, event: str = "", record: object = None) -> Iterator[None]:
        """Report an OSError of the body and go on: unwritable evidence must not keep a service stopped."""
        try:
            yield
        except OSError as error:
            self.lost(_change(record) if event == "command" else "", error)

    def lost(self, what: str, error: OSError) -> None:
        """Report that something could not be written; `what`: the change it was about, empty for anything else."""
        say = getattr(self._config.hook, "runbook_unwritten", None)
        if say is not None:
            say(what=what, error=error.strerror or str(error))


def _change(record: Any) -> str:
    """Describe a changing command and its result; empty for a reading one."""
    if not record.changes:
        return ""
    return f"{record.host}: {record.purpose}: {record.finding or f'exit code {record.exit_code}'}"
