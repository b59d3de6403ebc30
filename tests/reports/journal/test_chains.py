"""Documents are made of journals in whatever state: nothing that a file holds may stop that."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.evidence import CommandRecord
from reports import render
from reports.journal import chains, history, merged, parts
from reports.journal.chains import Chain, scan
from reports.journal.decoded import decode
from reports.journal.told import ended
from reports.journal.writer import START, JournalWriter
from reports.pages.wording import words
from reports.terminal import summary
from reports.verification import verification
from tests.fixtures.beats import beat_of
from tests.reports import sample

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
EVENTS = ["run", "collected", "step", "sending", "command", "certificate", "edge", "nothing to do", "blocked"]
FIELDS = ["time", "run", "step", "record", "test", "outcome", "reason", "host", "text", "tests", "worker", "exit_code"]
LINES = st.one_of(
    st.binary(max_size=30),
    st.builds(
        lambda event, facts: json.dumps(facts | {"event": event}).encode(),
        st.sampled_from([*EVENTS, "warning", "verdict", "end"]) | st.text(max_size=4),
        st.dictionaries(st.sampled_from(FIELDS), JSON | st.just("9999-12-31T23:59:59.9999-14:00"), max_size=5),
    ),
    st.sampled_from([b"[" * 5000, b'{"event":' * 5000, b'{"event": "end", "n": ' + b"9" * 5000 + b"}", b"\xff\xfe{\0"]),
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("CHG1") / "runs" / "20261122T120000Z-change"
    folder.mkdir(parents=True)
    return folder


def written(folder: Path, *verdicts: str, end: bool = True) -> Path:
    """The journal of a run in which steps were done."""
    writer = JournalWriter(folder)
    writer.write("run", run=sample.run(folder.parent.parent), worker="")
    for host in verdicts:
        writer.write("step", step=sample.step(host=host), test=host)
        writer.write("verdict", test=host, outcome="done", reason="", step="1.1.iii", host=host)
    if end:
        writer.write("end", exit_code=0)
    writer.close()
    return writer.path


@settings(deadline=None)  # it reads and writes files
@given(lines=st.lists(LINES, max_size=8), rest=st.binary(max_size=10))
def test_whatever_a_journal_holds_documents_are_made(run: Path, lines: list[bytes], rest: bytes) -> None:
    (run / "journal-1.jsonl").write_bytes(b"".join(line + b"\n" for line in lines) + rest)
    told = history.of(run)
    about = list(render.notes([told], list(merged.write(run.parent.parent, told.chains).faults), words()))
    assert summary.lines(told.run, [part.told for part in parts.over_runs([told])], told.loose, 80, about)
    found = verification.of([told])
    assert found is None or json.loads(found.json)
    made = (run.parent.parent / merged.NAME).read_bytes().splitlines()
    assert len(made) == 1 + len(told.chains[0].entries)
    assert all(isinstance(json.loads(line), dict) for line in made)


@given(text=st.binary(max_size=200))
def test_whatever_stands_in_an_earlier_merged_journal(run: Path, text: bytes) -> None:
    (run.parent.parent / merged.NAME).write_bytes(text)
    assert merged.write(run.parent.parent, []).path.exists()


def test_faults_are_named(tmp_path: Path) -> None:
    path = written(tmp_path, "a", "b")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], b"{}\n", *lines[2:4], b'{"time": "2026']))
    assert scan(path).faults == (
        "line 2 is not a line of a journal",
        "line 3 does not follow the line before it: one of the two was changed",
        "line 5, the last, is cut off: the process ended while it wrote",
    )
    path.write_bytes(b"x\n" * 50)
    assert scan(path).faults[-1] == "47 more lines are not as they were written"


def test_a_journal_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "journal-1.jsonl").mkdir()
    assert "cannot be read" in scan(tmp_path / "journal-1.jsonl").faults[0]


def test_merged_lines_are_in_order_of_time_and_still_prove_the_chain(tmp_path: Path) -> None:
    runs = [tmp_path / "runs" / name for name in ("1-change", "2-change")]
    found = [scan(written(folder, "a", "b")) for folder in runs]
    head, *lines = merged.write(tmp_path, found).path.read_bytes().splitlines()
    assert [json.loads(line)["time"] for line in lines] == sorted(json.loads(line)["time"] for line in lines)
    for chain in json.loads(head)["chains"]:
        end = f', "run_name": "{chain["run"]}", "source": "{chain["file"]}"}}'.encode()
        previous = START
        mine = [line.removesuffix(end) + b"}" for line in lines if line.endswith(end)]
        for line in mine:
            assert json.loads(line)["previous"] == previous
            previous = sha256(line).hexdigest()
        assert (chain["lines"], chain["last"]) == (len(mine), previous)


def test_a_line_that_is_missing_at_the_end_is_noticed_again_and_again(tmp_path: Path) -> None:
    path = written(tmp_path / "runs" / "1-change", "a")
    assert merged.write(tmp_path, [scan(path)]).faults == ()
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    for _ in range(2):
        (fault,) = merged.write(tmp_path, [scan(path)]).faults
        assert fault.endswith("it is not what it was when journal.jsonl was made: 4 lines then, 3 now")
    for _ in range(2):
        (fault,) = merged.write(tmp_path, []).faults
        assert fault.endswith("it was here once and is gone")


def test_a_journal_that_grew_is_as_it_was_written(tmp_path: Path) -> None:
    path = written(tmp_path / "runs" / "1-change", "a")
    whole = path.read_bytes()
    path.write_bytes(b"".join(whole.splitlines(keepends=True)[:2]))
    merged.write(tmp_path, [scan(path)])
    path.write_bytes(whole)
    assert merged.write(tmp_path, [scan(path)]).faults == ()


def test_a_clock_that_is_set_back_changes_no_order(tmp_path: Path) -> None:
    entries = [{"event": "a", "time": "2"}, {"event": "b", "time": "1"}]
    lines = tuple(json.dumps(entry).encode() for entry in entries)
    chain = Chain("r", "f", tuple(entries), lines, ("", ""), ())
    path = merged.write(tmp_path, [chain]).path
    assert [json.loads(line)["event"] for line in path.read_bytes().splitlines()] == ["head", "a", "b"]


def test_a_record_is_what_it_was(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path)
    sent = sample.command(stdout="ok ツ")
    writer.write("command", record=sent)
    writer.write("command", record=sample.command(stdout="\udc80"))
    writer.close()
    first, second = scan(writer.path).entries
    assert decode(CommandRecord, first["record"]) == sent
    assert getattr(decode(CommandRecord, second["record"]), "stdout", "") == "\\udc80"
    assert decode(CommandRecord, {"host": 1}) is None


@pytest.mark.parametrize(
    ("age", "process", "alive"),
    [(0, os.getpid(), True), (60, os.getpid(), False), (0, 99_999_999, False), (0, 1, True)],
    ids=["fresh", "late", "nobody", "another"],
)
@pytest.mark.skipif("sys.platform == 'win32'", reason="Windows has no process 1 to ask for")
def test_a_run_lives_if_it_beats_and_its_process_is_there(tmp_path: Path, age: int, process: int, alive: bool) -> None:  # noqa: FBT001
    (tmp_path / f"journal-{process}.jsonl").touch()
    beat_of(tmp_path, age)
    assert chains.lives(tmp_path) is alive


def test_a_worker_that_could_say_how_far_it_came_is_told_once(tmp_path: Path) -> None:
    path = written(tmp_path, "a")
    entry = {"event": "verdict", "test": "a", "crashed": True, "outcome": "could not find out", "reason": "it ended"}
    (tmp_path / "journal-0.jsonl").write_text(json.dumps(entry) + "\n", encoding="ascii")
    assert [told.outcome for told in history.of(path.parent).told] == ["done"]


def test_a_run_that_could_not_write_its_end_down_has_ended_all_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "1-change"
    folder.mkdir(parents=True)
    written(folder, "a", end=False)
    beat_of(folder, 0)
    assert [render.documents(tmp_path, own=own, report=False).histories[0].running for own in ("", "1-change")] == [
        True,
        False,
    ]


def test_a_run_that_is_still_going_on_is_told_as_far_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "1-change"
    path = written(folder, "a", end=False)
    with path.open("ab") as file:
        file.write(b'{"event": "step", "test": "b", "step": {}}\n')
    going = history.of(folder, running=True)
    assert (len(going.pages), ended(going, words())) == (1, "still running")
    killed = history.of(folder)
    assert [told.reason for told in killed.told] == ["", "interrupted"]
    assert ended(killed, words()) == "interrupted: its journal has no end line"
