"""What a board asks first of a change that failed, and whether the record's words answer it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports import history
from reports.chains import run_folders
from reports.record.standing import standing
from reports.record.story import Story
from reports.wording import words
from tests.reports import changes
from tests.reports.changes import CVP_A, CVP_B
from tests.reports.outline import outline
from tests.reports.test_record import record

ACTIVATE = "1.4.iii Activate the keystore and restart the CVP services"
QUESTIONS = {  # of the change that failed on side A: what is asked, and where the page says so
    "what failed": f"First to go wrong: step {ACTIVATE}, on cvpa",
    "why": "wait until callserver has started: unexpected answer: STATE : 2 START_PENDING",
    "on which host": f"on {CVP_A}: failed",
    "what was changed before that": "> What was changed before that?\nOnly prepared, not in use: 1.1.pre.2 Copy",
    "what did the failing step change": f'By the step that went wrong, on {CVP_A}: sc stop "callserver"; sc start',
    "what was not done": f"> What was not done?\nNot started: {ACTIVATE}: {CVP_B}",
    "is the contact centre serving": f"> Is the contact centre serving?\nSide A: {CVP_A}: callserver: stopped, and not",
    "does the other side serve": "Side B: as before the change: no service of it was stopped",
    "which trusts are gone": f"awa.example.com trusted {CVP_A} (WSM) before; that this works now is not shown",
    "how is it undone": "> How is it undone?\nBy one command, as gently as it was changed: pytest runbook/rollback",
    "until when can it be undone": "Until these folders are removed, this command takes every host back",
}


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> str:
    site = tmp_path_factory.mktemp("out") / "CHG0012345"
    changes.failed_on_side_a(site)
    return outline(record(site))


@pytest.mark.parametrize("answer", QUESTIONS.values(), ids=list(QUESTIONS))
def test_the_record_of_a_failure_answers(failed: str, answer: str) -> None:
    assert answer in failed


def test_the_answers_come_before_the_details(failed: str) -> None:
    order = ["# Change record", "First to go wrong", "## How things stand", "## Deviations", "## Commands"]
    assert [failed.index(each) for each in order] == sorted(failed.index(each) for each in order)


def answers(site: Path) -> dict[str, list[str]]:
    story = Story.of([history.of(run) for run in run_folders(site)])
    assert story is not None
    return {question.name: [one.text for one in question.answers] for question in standing(story, words())}


def test_a_verification_raises_no_such_question(tmp_path: Path) -> None:
    changes.verification(tmp_path)
    assert answers(tmp_path) == {}


def test_what_was_sent_without_an_answer_may_have_had_its_effect(tmp_path: Path) -> None:
    changes.interrupted(tmp_path)
    told = answers(tmp_path)
    assert "sent without an answer, so that it may have had its effect" in told["changed"][-1]
    assert told["not_done"] == ["4 of 9 steps did not begin."]
    assert told["serving"][-1] == "Trusts that worked before and were not looked at since: 1"


def test_a_failure_before_anything_was_changed_says_so(tmp_path: Path) -> None:
    book = changes.Book(tmp_path)
    book.step("0.5", CVP_A, phase="look", outcome="failed", said="no answer")
    book.end(1)
    told = answers(tmp_path)
    assert told["changed"] == ["Nothing."]
    assert [text.split(":")[0] for text in told["serving"]] == ["Side A", "Side B"]


def test_what_is_in_use_is_told_apart_from_what_is_only_prepared(tmp_path: Path) -> None:
    book = changes.Book(tmp_path)
    book.step("1.1.pre.2", CVP_A, book.command(CVP_A, "@mkdir x"))
    book.step("1.4.iii", CVP_A, *book.restart(CVP_A, "callserver"), phase="activate")
    book.step("1.4.iii", CVP_B, phase="activate", outcome="could not find out", said="no answer")
    book.end(1)
    told = answers(tmp_path)
    assert told["changed"] == [
        f"In use: 1.4.iii Activate the keystore and restart the CVP services: {CVP_A}",
        f"Only prepared, not in use: 1.1.pre.2 Copy the folder conf\\security: {CVP_A}",
    ]
    assert told["serving"][0] == f"Side A: restarted, and seen to run again: callserver on {CVP_A}"


def test_without_sides_the_site_is_told_as_one(tmp_path: Path) -> None:
    book = changes.Book(tmp_path, sides={})
    book.step("1.1.pre.2", CVP_A, book.command(CVP_A, "@mkdir x"), outcome="failed", said="it is full")
    book.end(1)
    assert answers(tmp_path)["serving"] == [
        "The site: as before the change: no service of it was stopped, and nothing that is in use was changed."
    ]


def test_many_hosts_are_named_by_the_first_of_them(tmp_path: Path) -> None:
    book = changes.Book(tmp_path)
    hosts = [f"cvp{number}.example.com" for number in range(1, 10)]
    for host in hosts:
        book.step("1.4.iii", host, phase="activate", outcome="blocked", said="Blocked: x")
    book.end(1)
    (text,) = answers(tmp_path)["not_done"]
    assert text.endswith(f": {', '.join(hosts[:6])} and 3 more")
