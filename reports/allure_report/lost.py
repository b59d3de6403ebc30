"""Allure's results for steps whose process ended before it could write one, made from the run's journals."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from allure_commons.logger import AllureFileLogger
from allure_commons.model2 import Attachment, Label, Link, Parameter, Status, StatusDetails, TestResult

from fixtures.evidence import RunRecord
from fixtures.system.plain_files import open_plain
from fixtures.system.visible import visible
from reports.allure_report.combine import FROM_JOURNAL, Result, read
from reports.allure_report.evidence import fill, full_name, make_visible
from reports.allure_report.run import RESULTS, describe
from reports.journal import history
from reports.journal.chains import lives, parsed
from reports.journal.decoded import decode
from reports.journal.history import History, Page
from reports.pages import wording
from reports.pages.wording import OPTION, words_of


def write(told: History, only: str = "") -> int:
    """Write the missing results of a run, or only that of one test; return the number written. Raises OSError."""
    results = told.folder / RESULTS
    pages = [page for page in told.pages if not only or page.collected.nodeid == only]
    if not pages:
        return 0
    there = {read(file).get("fullName") for file in results.glob("*-result.json")}
    lost = [page for page in pages if (page.lost or page.collected.step) and _name(page) not in there]
    if lost and not (results / "executor.json").exists():
        describe(told.run)
    for page in lost:
        _write(page, told.run, results, note=True)
    return len(lost)


def run_of(results: Path) -> RunRecord | None:
    """Return the record of the run that wrote these results; None if no journal has it.

    Only the first line of each journal is read: those of a large site are long.
    """
    for path in sorted(results.parent.glob("journal-*.jsonl")):
        try:
            with open_plain(path) as file:
                entry = parsed(file.readline().rstrip(b"\n")) or {}
        except OSError:
            continue
        run = decode(RunRecord, entry.get("run"))
        if run is not None:
            return run
    return None


def in_language(results: Path, language: str, temporary: Path) -> Path:
    """Return these results, or a temporary copy in this language: a run's own results never change."""
    written_by = run_of(results)
    if written_by is None or wording.language_of(written_by) == language:
        return results
    run = results.parent
    return anew(history.of(run, running=lives(run)), temporary / "runs" / run.name / RESULTS, language)


def anew(told: History, results: Path, language: str) -> Path:
    """Write all results of a run again in another language, into a new folder; return it. Raises OSError.

    Links, times and tracebacks, which the journals do not have, come from the run's own results.
    """
    run = replace(told.run, options=told.run.options | {OPTION: language})
    describe(replace(run, folder=results.parent))
    own = {result.get("fullName"): result for result in map(read, (told.folder / RESULTS).glob("*-result.json"))}
    for page in told.pages:
        if page.lost or page.collected.step:
            _write(page, run, results, note=page.lost, own=own.get(_name(page)))
    return results


def _name(page: Page) -> str:
    step = page.collected.step
    return full_name(step) if step else visible(page.collected.nodeid)


def _write(page: Page, run: RunRecord, results: Path, *, note: bool, own: Result | None = None) -> None:
    logger: Any = AllureFileLogger(results)  # type: ignore[no-untyped-call]

    def attach(name: str, text: str) -> Any:
        file_name = f"{uuid4()}-attachment.txt"
        logger.report_attached_data(body=visible(text, block=True).encode(), file_name=file_name)
        return Attachment(name=name, source=file_name, type="text/plain")

    result = TestResult(uuid=str(uuid4()), start=page.started, stop=page.stopped)
    text = f"*{words_of(run)('allure.lost')}*" if note else ""
    if page.collected.step is not None:
        fill(result, page.collected, page.collected.step, run, attached=attach)
        result.description = "\n\n".join(filter(None, (text, result.description)))
    else:
        _nameless(result, page, run, text)
    if note:
        result.labels.append(Label(name="tag", value=FROM_JOURNAL))
    if own:
        _like(result, own)
    make_visible(result)
    logger.report_result(result)


def _like(result: Any, own: Result) -> None:
    """Give a result the times, links and traceback that its journal does not have."""
    result.start, result.stop = own.get("start", result.start), own.get("stop", result.stop)
    result.links = [Link(**link) for link in own.get("links", ())]
    trace = (own.get("statusDetails") or {}).get("trace")
    if result.statusDetails is not None and trace:
        result.statusDetails.trace = trace


def _nameless(result: Any, page: Page, run: RunRecord, note: str) -> None:
    """Fill the result of a test that had not yet declared its step."""
    collected = page.collected
    result.fullName = visible(collected.nodeid)
    result.name = result.fullName.rpartition("::")[2]
    result.testCaseId = result.historyId = sha256(result.fullName.encode()).hexdigest()[:32]
    result.description = note
    result.parameters = [Parameter(name="test", value=result.fullName)]
    result.labels = [Label(name="outcome", value=collected.outcome.value), Label(name="run", value=run.folder.name)]
    result.status = Status.BROKEN
    result.statusDetails = StatusDetails(message=collected.reason)
