"""What a board asks first of a change that failed, and whether the record's words answer it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fixtures.actions.rollback.traces import discard
from fixtures.evidence import CommandRecord
from reports.journal import history
from reports.journal.chains import run_folders
from reports.pages.wording import words
from reports.record.standing import standing
from reports.record.stores import TRUST_LIST
from reports.record.story import Story
from tests.reports import changes
from tests.reports.changes import CVP_A, CVP_B, Book, store_of
from tests.reports.outline import outline
from tests.reports.test_record import record

ACTIVATE = "1.4.iii Activate the keystore and restart the CVP services"
QUESTIONS = {  # of the change that failed on side A: what is asked, and where the page says so
    "what failed": f"First to go wrong: step {ACTIVATE}, on cvpa",
    "why": "wait until callserver has started: unexpected answer: STATE : 2 START_PENDING",
    "on which host": f"on {CVP_A}: failed",
    "what is in use": "> What is in use, and what is only prepared?\nLive; stopped, and not seen to run again: calls",
    "what is only prepared": f"a staged copy lies beside {changes.STORE}: {CVP_B}",
    "what did the failing step change": f"By the step that went wrong, on {CVP_A}: note which entries this change",
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


VVB = "vvb1.example.com"
_UPLOAD = "cmplatform upload tomcat-trust <- x.pem"
_RESTART, _STARTED = "utils system restart", "utils service list"
LOST = {"worked": False, "exit_code": None}
Work = list[tuple[str, dict[str, Any]]]  # what was sent, and what is to be another than usual of its record
Steps = Sequence[tuple[str, str, str, str, Work]]
A, B, V = ("1.4.iii", "activate", CVP_A), ("1.4.iii", "activate", CVP_B), ("x2.4", "activate", VVB)
_COPY: Work = [("staged", {})]
STAGED_A, STAGED_B = (("1.1.iii", "stage", host, "done", _COPY) for host in (CVP_A, CVP_B))
BACK_A: Steps = [
    ("r.1", "stage", CVP_A, "done", [("discard", {})]),
    ("r.3", "activate", CVP_A, "done", [("returned", {})]),
    ("r.5", "verify", CVP_A, "done", []),
]
# what was done, and what is told of it: the words that name it in the catalogue, the services, the hosts
STORES: dict[str, tuple[Steps, list[tuple[str, str, str]]]] = {
    "some were activated, and one failed before it moved anything": (
        [STAGED_A, STAGED_B, (*A, "done", [("activated", {})]),
         (*B, "failed", [("activated", {"worked": False, "exit_code": 1})])],
        [("live", "", CVP_A), ("staged", "", CVP_B)],
    ),
    "all were activated, and a later stage failed": (
        [STAGED_A, STAGED_B, (*A, "done", [("activated", {})]), (*B, "done", [("activated", {})]),
         ("x5.1", "tidy", CVP_A, "failed", [("staged", {})])],
        [("live", "", f"{CVP_A}, {CVP_B}"), ("staged", "", CVP_A)],
    ),
    "its trusted certificates went live before its keys": (
        [STAGED_A, ("x1.5.activate", "activate", CVP_A, "done", [("first", {})])],
        [("live", "", CVP_A), ("staged", "", CVP_A)],
    ),
    "the answer to the move was lost": (
        [STAGED_A, (*A, "could not find out", [("activated", LOST)])], [("unsure", "", CVP_A)],
    ),
    "it was lost, and its effect was there": (
        [STAGED_A, (*A, "done", [("activated", LOST), ("restart", {})])], [("live", "", CVP_A)],
    ),
    "it was lost, its effect was there, and the step failed after that": (
        [STAGED_A, (*A, "failed", [("activated", LOST), ("stop", {})])], [("stopped", "callserver", CVP_A)],
    ),
    "it was lost, and a later run found it done": (
        [STAGED_A, (*A, "could not find out", [("activated", LOST)]), (*A, "nothing to do", [])],
        [("live", "", CVP_A)],
    ),
    "it answered without the word that says so": (
        [STAGED_A, (*A, "failed", [("activated", {"worked": False, "exit_code": 0})])], [("unsure", "", CVP_A)],
    ),
    "moved, and no service restarted": (
        [STAGED_A, (*A, "failed", [("activated", {})])], [("unread", "", CVP_A)],
    ),
    "moved, and a service did not come back": (
        [STAGED_A, (*A, "failed", [("activated", {}), ("stop", {})])], [("stopped", "callserver", CVP_A)],
    ),
    "moved and restarted, and the step failed after that": (
        [STAGED_A, (*A, "failed", [("activated", {}), ("restart", {})])], [("again", "callserver", CVP_A)],
    ),
    "taken back": (
        [STAGED_A, STAGED_B, (*A, "done", [("activated", {})]), *BACK_A,
         ("r.1", "stage", CVP_B, "done", [("discard", {})])],
        [("back", "", CVP_A), ("discarded", "", CVP_B)],
    ),
    "the way back failed in the middle": (
        [STAGED_A, (*A, "done", [("activated", {})]), ("r.3", "activate", CVP_A, "failed", [("returned", LOST)])],
        [("half", "", CVP_A)],
    ),
    "only the entries of this change went back": (
        [STAGED_A, (*A, "done", [("activated", {})]), ("r.3", "activate", CVP_A, "done", [("activated", {})])],
        [("back", "", CVP_A)],
    ),
    "a VVB was given certificates and restarted": (
        [(*V, "done", [(_UPLOAD, {}), (_RESTART, {}), (_STARTED, {"changes": False})])], [("live", "", VVB)],
    ),
    "a VVB was given certificates and has not restarted": (
        [(*V, "blocked", [(_UPLOAD, {})])], [("unread", "", VVB)],
    ),
    "a VVB goes down": ([(*V, "could not find out", [(_UPLOAD, {}), (_RESTART, {})])],
                        [("stopped", "system restart", VVB)]),
    "a VVB has not answered an upload": ([(*V, "could not find out", [(_UPLOAD, LOST)])], [("unsure", "", VVB)]),
    "a VVB has refused an upload": ([(*V, "failed", [(_UPLOAD, {"worked": False, "exit_code": 1})])], []),
    "a VVB has gone back": (
        [(*V, "done", [(_UPLOAD, {})]), ("r.3.vvb", "activate", VVB, "done", [(_UPLOAD, {})])], [("back", "", VVB)],
    ),
    "a VVB has not quite gone back": (
        [(*V, "done", [(_UPLOAD, {})]), ("r.3.vvb", "activate", VVB, "failed", [(_UPLOAD, {})])], [("half", "", VVB)],
    ),
}  # fmt: skip


def sent(book: Book, host: str, what: str, other: dict[str, Any]) -> Iterable[CommandRecord]:
    """Commands by what they do; any other word is the text of one."""
    known: dict[str, Callable[[], Iterable[CommandRecord]]] = {
        "staged": lambda: book.staged(host),
        "activated": lambda: book.activated(host, **other),
        "first": lambda: [
            replace(one, text=one.text.replace(r"\staged", r"\first")) for one in book.activated(host, **other)
        ],
        "returned": lambda: [
            replace(one, **other) if "echo returned" in one.text else one for one in book.returned(host)
        ],
        "discard": lambda: [book.sent(discard(store_of(host)))],
        "restart": lambda: book.restart(host, "callserver"),
        "stop": lambda: [*book.restart(host, "callserver")][:1],
    }
    return known.get(what, lambda: [book.command(host, what, **other)])()


@pytest.mark.parametrize("steps, told", STORES.values(), ids=list(STORES))
def test_each_store_is_told_of_by_its_activation(
    tmp_path: Path, steps: Steps, told: list[tuple[str, str, str]]
) -> None:
    book = Book(tmp_path)
    for step, phase, host, outcome, work in steps:
        records = [record for what, other in work for record in sent(book, host, what, other)]
        book.step(step, host, *records, phase=phase, outcome=outcome)
    book.end(1)
    say = words()
    expected = [
        f"{say(f'record.store.{key}', store=TRUST_LIST if VVB in hosts else changes.STORE, services=services)}: {hosts}"
        for key, services, hosts in told
    ]
    found = answers(tmp_path).get("changed", [])
    assert [text for text in found if not text.startswith(("By the step", "Nothing."))] == expected


def test_twelve_activated_stores_are_in_use_and_every_host_is_named(tmp_path: Path) -> None:
    hosts = [f"rgr{number:02}.example.com" for number in range(12)]
    book = Book(tmp_path)
    for host in (*hosts, CVP_A):
        book.step("3.3", host, *book.staged(host))
    for host in hosts:
        book.step("x3.4.activate", host, *book.activated(host), phase="activate")
    book.step("1.4.iii", CVP_A, phase="activate", outcome="failed", said="it does not open")
    book.end(1)
    live, staged = answers(tmp_path)["changed"]
    assert live == f"In use: {store_of(hosts[0]).live}: {', '.join(hosts)}"
    assert staged.endswith(f"beside {changes.STORE}: {CVP_A}")


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
