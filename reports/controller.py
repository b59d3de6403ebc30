"""The part of the plugin in the controlling process: live view, crashed workers, documents at the end."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reports.allure_report import lost
from reports.ending import Ending
from reports.journal import chains, history
from reports.journal.collected import Outcome, interrupted
from reports.journal.history import CRASHED
from reports.terminal.live import Live
from reports.verification import junit

if TYPE_CHECKING:
    from fixtures.evidence import RunRecord
    from fixtures.secrets.leak_hooks import Searched
    from reports.recorder import Recorder
    from reports.seal.signature import Signer

_WELL = (0, 5, 10)  # exit codes: success, no step selected, a verification that left something unknown


class Controller:
    """Hooks of the process that sees every test end: xdist's controller, or without workers the only process."""

    NAME = "runbook_controller"

    def __init__(
        self,
        config: pytest.Config,
        recorder: Recorder,
        *,
        prometheus: Path | None = None,
        signer: Signer | None = None,
    ) -> None:
        self._config = config
        self._recorder = recorder
        self._prometheus = prometheus
        self._signer = signer
        self._ending: Ending | None = None
        self._live: Live | None = None
        self._begun = False

    @pytest.hookimpl(optionalhook=True, specname="runbook_run_started")
    def pytest_runbook_run_started(self, run: RunRecord) -> None:
        """Prepare the end of the run and start the live view; not for --collect-only, which makes no documents.

        Raises pytest.UsageError if the key of --sign-key lies in the evidence.
        """
        if self._ending is None and not self._config.option.collectonly:
            render = not self._config.getoption("no_report", False)
            self._refuse_key_in(run.site_folder)
            self._ending = Ending(run, render, self._prometheus, self._look, self._signer)
            self._live = Live.on(self._config, run.folder, self._ending.say)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Keep the order of the tests, to show which is next."""
        if self._live is not None and session.items:
            self._live.watch.order = [item.nodeid for item in session.items]

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Keep the order of the tests as a worker reports it: with workers, the controller collects nothing."""
        if self._live is not None:
            self._live.watch.order = list(ids)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self) -> None:
        """Note that a test has begun. A run that is refused before that makes no documents."""
        self._begun = True

    @pytest.hookimpl(optionalhook=True, tryfirst=True)
    def pytest_handlecrashitem(self, crashitem: str, report: pytest.TestReport) -> None:
        """Record that a worker ended in the middle of a test: as a verdict and as Allure's result."""
        self._begun = True
        if self._ending is None:
            return
        told = crashed(self._ending.run.folder, crashitem)
        self._recorder.write("verdict", test=crashitem, crashed=True, **told)
        lost.write(history.of(self._ending.run.folder), only=crashitem)
        report.longrepr = told["reason"]
        report.could_not_find_out = True  # type: ignore[attr-defined]

    @pytest.hookimpl(optionalhook=True, specname="runbook_question")
    def pytest_runbook_question(self, asking: bool) -> None:  # noqa: FBT001 - hook signature
        """Pause the live view while a person is asked something on the terminal."""
        if self._live is not None:
            (self._live.pause if asking else self._live.resume)()

    def pytest_keyboard_interrupt(self) -> None:
        """Stop the live view, so that pytest can write."""
        self._quiet()

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, Any, Any]:
        """Make the documents after all other plugins have finished, and before the terminal summary.

        A run that went well fails if its evidence held a secret or could not be searched completely.
        """
        result = yield
        if self._ending is not None and self._begun:
            if self._live is not None:
                self._live.watch.closing = self._ending.say("live.closing")
            try:
                path = self._config.option.xmlpath
                if path and Path(path).is_file():
                    with self._recorder.as_far_as_it_goes():
                        junit.correct(Path(path))
                self._recorder.close()
                self._ending.finish()
                if self._ending.failed and session.exitstatus in _WELL:
                    session.exitstatus = pytest.ExitCode.TESTS_FAILED
            finally:
                self._quiet()
        return result

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Write the summary of the run to the terminal."""
        if self._ending is not None and self._begun:
            self._ending.tell(terminalreporter)

    def pytest_unconfigure(self) -> None:
        """Stop the live view, so that the terminal is left as it was found."""
        self._quiet()

    def _look(self, folder: Path, files: Sequence[str]) -> Searched | None:
        """Search files for secrets of this run; None if no plugin handles secrets."""
        search = getattr(self._config.hook, "runbook_search", None)
        found: Searched | None = search(folder=folder, files=files) if search else None
        return found

    def _refuse_key_in(self, folder: Path) -> None:
        """Raise pytest.UsageError if the signing key lies in the evidence, which is passed on to others."""
        if self._signer is not None and self._signer.path.resolve().is_relative_to(folder.resolve()):
            raise pytest.UsageError(f"--sign-key: {self._signer.path} lies in the evidence: keep it elsewhere")

    def _quiet(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None


def crashed(run_folder: Path, test: str) -> dict[str, str]:
    """Read from the journals the outcome and reason of a test whose worker has ended; its step and host if known."""
    page = next((page for page in reversed(history.of(run_folder).pages) if page.collected.nodeid == test), None)
    sending = page.sending if page is not None else None
    reason = interrupted(CRASHED, chains.text(sending, "purpose") if sending else "")
    if page is not None and not page.lost:  # the worker had judged the test itself before it ended
        reason = page.collected.reason
    step = page.collected.step if page is not None else None
    facts = {"step": step.id, "host": step.host} if step is not None else {}
    return {"outcome": Outcome.UNKNOWN.value, "reason": reason, **facts}
