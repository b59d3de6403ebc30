from __future__ import annotations

import pytest

from fixtures.evidence import CommandRecord, NothingToDoRecord, Verdict, When
from reports.journal.collected import Collected, Outcome, Told, one_line, words_of
from tests.reports import sample


class OwnError(Exception):
    __module__ = "fixtures.errors"


@pytest.mark.parametrize(
    ("exception", "outcome", "reason"),
    [
        (AssertionError("aw1 - absent\nassert not [...]"), Outcome.FAILED, "aw1 - absent"),
        (pytest.fail.Exception("wrong"), Outcome.FAILED, "wrong"),
        (OwnError("cvp1 gave no answer"), Outcome.UNKNOWN, "cvp1 gave no answer"),
        (OwnError(), Outcome.UNKNOWN, "OwnError"),
        (KeyError("alias"), Outcome.UNKNOWN, "KeyError: 'alias'"),
        (pytest.skip.Exception("Blocked: 1.1.i"), Outcome.BLOCKED, "Blocked: 1.1.i"),
        (pytest.skip.Exception("Planned: 3 commands"), Outcome.PLANNED, "Planned: 3 commands"),
        (pytest.skip.Exception("not this release"), Outcome.SKIPPED, "not this release"),
    ],
)
def test_an_exception_says_how_it_went(exception: BaseException, outcome: Outcome, reason: str) -> None:
    collected = Collected("test", ended=True)
    collected.judge(exception)
    assert (collected.outcome, collected.reason) == (outcome, reason)


def test_the_first_failure_stays() -> None:
    collected = Collected("test", ended=True)
    for exception in (AssertionError("first"), KeyError("second")):
        collected.judge(exception)
    assert (collected.outcome, collected.reason) == (Outcome.FAILED, "first")


def test_a_failing_teardown_outweighs_a_skip() -> None:
    collected = Collected("test", ended=True)
    collected.judge(pytest.skip.Exception("Planned"))
    collected.judge(OwnError("the shell could not be closed"))
    assert collected.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("everything", "sent", "outcome"),
    [
        (True, (), Outcome.NOTHING),
        (True, (sample.command(changes=False),), Outcome.NOTHING),
        (True, (sample.command(),), Outcome.DONE),
        (False, (), Outcome.DONE),
    ],
)
def test_nothing_to_do_means_that_nothing_was_changed(
    everything: bool,  # noqa: FBT001 - a case's column
    sent: tuple[CommandRecord, ...],
    outcome: Outcome,
) -> None:
    collected = Collected("test", ended=True, records=list(sent))
    collected.nothing.append(NothingToDoRecord(sample.CVP, ("a",), everything))
    assert collected.outcome is outcome


def test_what_the_report_says_goes_before_what_the_exception_says() -> None:
    collected = Collected("test", ended=True)
    collected.judge(OwnError("password hunter2 refused"), "password *** refused")
    assert (collected.message, collected.trace) == ("password *** refused", "")


def test_only_what_nobody_foresaw_keeps_its_traceback() -> None:
    failed, unforeseen = Collected("test"), Collected("test")
    failed.judge(AssertionError("wrong"), ("a", "traceback"))
    unforeseen.judge(KeyError("alias"), ("a", "traceback"))
    assert (failed.trace, unforeseen.trace) == ("", "('a', 'traceback')")


def test_an_interrupted_test_has_shown_nothing() -> None:
    assert (Collected("test").outcome, Collected("test").reason) == (Outcome.UNKNOWN, "interrupted")
    assert Collected("test", doing="stop Tomcat9").reason == "interrupted while: stop Tomcat9"


def test_told_is_what_the_summary_needs() -> None:
    collected = Collected("a.py::test[x]", sample.step(), ended=True, warnings=[(sample.CVP, "disk")])
    collected.records += [sample.command(), sample.edge(Verdict.FAILS, messages=("absent",), when=When.BEFORE)]
    told = Told.of(collected)
    assert (told.step, told.host, len(told.edges), told.warnings) == ("1.1.iii", sample.CVP, 1, ((sample.CVP, "disk"),))


def test_a_test_without_a_step_is_told_by_its_name() -> None:
    assert Told.of(Collected("a.py::test[x]")).title == "test[x]"


def test_one_line_is_one_line_and_clipped() -> None:
    assert one_line("\n  first \t line\nsecond") == "first line"
    assert one_line("x" * 600) == "x" * 497 + "..."
    assert one_line("") == ""


def test_strangers_are_named() -> None:
    assert words_of(TimeoutError()) == "TimeoutError"
