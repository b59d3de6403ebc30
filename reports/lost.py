"""Allure's results for steps whose process ended before it could write one, made from the run's journals."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from allure_commons.logger import AllureFileLogger
from allure_commons.model2 import Attachment, Label, Parameter, Status, StatusDetails, TestResult

from fixtures.evidence import RunRecord
from reports.allure_evidence import fill, full_name
from reports.allure_run import RESULTS, describe
from reports.allure_steps import printable
from reports.combine import FROM_JOURNAL, read
from reports.history import History, Page

_NOTE = "*The process that ran this step ended before it could write a result. This one was made from its journal.*"


def write(history: History, only: str = "") -> int:
    """Write the results that a run lacks, or that of one test alone; how many were written. Raises OSError."""
    results = history.folder / RESULTS
    pages = [page for page in history.pages if not only or page.collected.nodeid == only]
    if not pages:
        return 0
    there = {read(file).get("fullName") for file in results.glob("*-result.json")}
    lost = [page for page in pages if (page.lost or page.collected.step) and _name(page) not in there]
    if lost and not (results / "executor.json").exists():
        describe(history.run)
    for page in lost:
        _write(page, history.run, results)
    return len(lost)


def _name(page: Page) -> str:
    step = page.collected.step
    return full_name(step) if step else printable(page.collected.nodeid)


def _write(page: Page, run: RunRecord, results: Path) -> None:
    logger: Any = AllureFileLogger(results)  # type: ignore[no-untyped-call]

    def attach(name: str, text: str) -> Any:
        file_name = f"{uuid4()}-attachment.txt"
        logger.report_attached_data(body=printable(text).encode(), file_name=file_name)
        return Attachment(name=printable(name), source=file_name, type="text/plain")

    result = TestResult(uuid=str(uuid4()), start=page.started, stop=page.stopped)
    if page.collected.step is not None:
        fill(result, page.collected, page.collected.step, run, attached=attach)
        result.description = f"{_NOTE}\n\n{result.description}"
    else:
        _nameless(result, page, run)
    result.labels.append(Label(name="tag", value=FROM_JOURNAL))
    logger.report_result(result)


def _nameless(result: Any, page: Page, run: RunRecord) -> None:
    """A test that had not yet said which step it is."""
    collected = page.collected
    result.fullName = printable(collected.nodeid)
    result.name = result.fullName.rpartition("::")[2]
    result.testCaseId = result.historyId = sha256(result.fullName.encode()).hexdigest()[:32]
    result.description = _NOTE
    result.parameters = [Parameter(name="test", value=result.fullName)]
    result.labels = [Label(name="outcome", value=collected.outcome.value), Label(name="run", value=run.folder.name)]
    result.status = Status.BROKEN
    result.statusDetails = StatusDetails(message=printable(collected.reason))
