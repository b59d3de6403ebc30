"""Allure results for people: the documents' numbering, the host, the change, and no word of pytest's.

allure-pytest writes a result when a test has ended. `EvidenceIntoAllure` is called just before that, and fills in what
was collected. Everything is set in one place, from redacted records, and nothing of the test's arguments is kept.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import allure_commons
from allure_commons.model2 import Attachment, Label, Link, Parameter, Status, StatusDetails

from fixtures.system.visible import visible
from reports.allure_report.steps import Attach, steps_of, timed
from reports.journal.collected import Collected, Outcome
from reports.pages.wording import words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from fixtures.evidence import RunRecord, StepRecord

Result = Any  # allure_commons.model2.TestResult, which has no types

_STATUS = {
    Outcome.DONE: Status.PASSED,
    Outcome.NOTHING: Status.PASSED,
    Outcome.FAILED: Status.FAILED,
    Outcome.UNKNOWN: Status.BROKEN,
    Outcome.BLOCKED: Status.SKIPPED,
    Outcome.PLANNED: Status.SKIPPED,
    Outcome.SKIPPED: Status.SKIPPED,
}


class EvidenceIntoAllure:
    """A plugin for allure_commons that completes each result of a run before it is written."""

    def __init__(self, run: RunRecord, current: Callable[[], Collected | None], link: str = "") -> None:
        self._run = run
        self._current = current
        self._link = link

    @allure_commons.hookimpl(tryfirst=True)  # type: ignore[untyped-decorator, unused-ignore]
    def report_result(self, result: Result) -> None:
        """Fill in the evidence of the test that has just ended."""
        collected = self._current()
        if collected is not None and collected.step is not None:
            fill(result, collected, collected.step, self._run, self._link)
        make_visible(result)

    @allure_commons.hookimpl(tryfirst=True)  # type: ignore[untyped-decorator, unused-ignore]
    def report_container(self, container: Any) -> None:
        """Empty a container: pytest's fixtures mean nothing to a board; their work is in the test's result."""
        container.befores.clear()
        container.afters.clear()


def attach(name: str, text: str) -> Any:
    """Write a text to the results as a plain-text attachment, which Allure's page can show; return it."""
    file_name = f"{uuid4()}-attachment.txt"
    allure_commons.plugin_manager.hook.report_attached_data(
        body=visible(text, block=True).encode(), file_name=file_name
    )
    return Attachment(name=name, source=file_name, type="text/plain")


def fill(
    result: Result,
    collected: Collected,
    step: StepRecord,
    run: RunRecord,
    link: str = "",
    attached: Attach = attach,
) -> None:
    """Fill Allure's result of a test with the evidence of a step on a host."""
    say = words_of(run)
    title = say.title(step.id, step.title)
    result.name = f"{step.id} · {title} · {step.host}"
    result.fullName = full_name(step)
    # Equal in every run, language and folder: by these Allure recognizes a step.
    result.testCaseId = result.historyId = sha256(result.fullName.encode("utf-8", "replace")).hexdigest()[:32]
    result.description = say.or_else(f"check.{step.id}", step.description)
    result.titlePath = [say.section(step.id, step.section), f"{step.id} {title}"]
    result.parameters = [Parameter(name="host", value=step.host)]
    result.labels = [Label(name=name, value=value) for name, value in labels(step, collected, run)]
    if link and run.change:
        result.links = [Link(type="issue", url=link.replace("{change}", run.change), name=run.change)]
    result.status = _STATUS[collected.outcome]
    result.statusDetails = _details(collected)
    result.steps = steps_of(collected, attached, say)
    timed(result.steps, result.start)
    # Attachments of allure-pytest's own (captured output, the log) do not pass the redaction: they stay out.
    result.attachments = []


def make_visible(item: Any) -> None:
    """Escape invisible characters in every text of a result and of its steps."""
    for name, value in vars(item).items():
        if isinstance(value, str):
            setattr(item, name, visible(value, block=True))
        elif isinstance(value, list):
            for number, one in enumerate(value):
                if isinstance(one, str):
                    value[number] = visible(one, block=True)
                else:
                    make_visible(one)
        elif hasattr(value, "__dict__") and not isinstance(value, type):
            make_visible(value)


def full_name(step: StepRecord) -> str:
    """Return the name that distinguishes a step on a host from all others."""
    return visible(f"{step.section} / {step.id} / {step.host}")


def labels(step: StepRecord, collected: Collected, run: RunRecord) -> list[tuple[str, str]]:
    """Return the names and values that Allure groups and filters by."""
    say = words_of(run)
    section, name = say.section(step.id, step.section), f"{step.id} {say.title(step.id, step.title)}"
    return [
        ("epic", f"{run.site} · {run.change or say.or_else(f'kind.{run.kind}', run.kind)}"),
        ("feature", section),
        ("story", name),
        ("parentSuite", section),
        ("suite", name),
        ("subSuite", step.host),
        ("host", step.host),
        ("thread", say.or_else(f"phase.{step.phase}", step.phase)),  # the rows of the timeline: the phases of each host
        (
            "outcome",
            collected.outcome,
        ),  # in English: reports.allure_report.combine reads it, and translates it for the report
        ("run", run.folder.name),
    ]


def _details(collected: Collected) -> Any:
    if collected.outcome in (Outcome.DONE, Outcome.NOTHING):
        return None
    message = collected.message or collected.reason
    return StatusDetails(message=message, trace=collected.trace or None)
