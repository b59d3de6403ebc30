"""Restarts as the journal tells them: from the request to stop until the service runs again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from fixtures.evidence import CommandRecord
from reports.journal import history, outages
from reports.journal.chains import run_folders
from reports.journal.outages import Outages, restarted
from tests.reports import changes, sample

HOST = sample.CVP
STOP, START, QUERY = '@sc stop "callserver"', '@sc start "callserver"', '@sc query "callserver"'
RESTART, LIST = "utils system restart", "utils service list"


def sent(text: str, at: float, seconds: float = 1, **other: object) -> CommandRecord:
    return sample.command(host=HOST, text=text, started=sample.NOON + timedelta(seconds=at), seconds=seconds, **other)


FAILED = {"worked": False}
# what was sent, the seconds of what ended, what never did
CASES: dict[str, tuple[list[CommandRecord], list[tuple[str, float]], list[str]]] = {
    "a service": ([sent(STOP, 0), sent(QUERY, 5), sent(START, 10), sent(QUERY, 25)], [("callserver", 26)], []),
    "seen to have stopped is not seen to run": ([sent(STOP, 0), sent(QUERY, 5)], [], ["callserver"]),
    "never started": ([sent(STOP, 0), sent(START, 10), sent(QUERY, 25, **FAILED)], [], ["callserver"]),
    "stopped by an earlier run": (
        [sent(STOP, 0), sent(STOP, 60, exit_code=1062), sent(START, 61), sent(QUERY, 70)],
        [("callserver", 71)],
        [],
    ),
    "ran again in between": (
        [sent(STOP, 0), sent(STOP, 60), sent(START, 61), sent(QUERY, 70)],
        [("callserver", 11)],
        [],
    ),
    "a service that was not stopped": ([sent(START, 0), sent(QUERY, 5)], [], []),
    "an appliance": ([sent(RESTART, 0), sent("show status", 90), sent(LIST, 100)], [("system restart", 101)], []),
    "an appliance that stays away": ([sent(RESTART, 0), sent(LIST, 100, **FAILED)], [], ["system restart"]),
    "services of a node": (
        [sent("utils service restart Cisco Tomcat", 0), sent("utils service restart Engine", 30), sent(LIST, 60)],
        [("service restart Cisco Tomcat", 61), ("service restart Engine", 31)],
        [],
    ),
    "something else": ([sent('@sc queryex "callserver"', 0), sent('@echo @sc stop "x"', 1)], [], []),
}


@pytest.mark.parametrize("records, ended, never", CASES.values(), ids=CASES)
def test_an_outage_ends_when_the_service_is_seen_to_run(
    records: list[CommandRecord], ended: list[tuple[str, float]], never: list[str]
) -> None:
    found = Outages()
    for record in records:
        found.see(record, "1.4.iii")
    assert [(one.service, one.seconds) for one in found.ended] == ended
    assert [one.service for one in found.never_ended] == never


def test_a_plan_s_restarts_are_those_of_its_commands() -> None:
    assert restarted([QUERY, STOP, QUERY, START, STOP, '@sc stop "Tomcat9"', RESTART]) == [
        "callserver",
        "Tomcat9",
        "system restart",
    ]


def test_what_the_runs_of_a_change_took(tmp_path: Path) -> None:
    changes.all_right(tmp_path)
    changes.verification(tmp_path)
    found = outages.measured([history.of(run) for run in run_folders(tmp_path)])
    assert found.site == "Vienna"
    (run,) = found.runs
    assert (run.run, run.seconds, run.whole) == (changes.FIRST, 67, True)
    assert [(one.host, one.service, one.seconds) for one in run.restarts] == [
        (changes.CVP_A, "callserver", 20),
        (changes.CVP_B, "callserver", 20),
    ]


def test_a_rehearsal_says_nothing_of_a_site(tmp_path: Path) -> None:
    book = changes.Book(tmp_path, "20261122T120000Z-rehearsal", kind="rehearsal")
    book.step("1.4.iii", HOST, *book.restart(HOST, "callserver"), phase="activate")
    book.end()
    found = outages.measured([history.of(run) for run in run_folders(tmp_path)])
    assert found.runs == ()
