from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.journal.chains import scan
from reports.journal.writer import START, JournalBrokenError, JournalWriter, read
from tests.disks import nothing_can_be_written
from tests.reports import sample

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, str]:
    writer = JournalWriter(tmp_path_factory.mktemp("journal"))
    writer.write("run", run=sample.run(writer.path.parent))
    writer.write("sending", host=sample.CVP, text="@keytool", purpose="List", changes=False)
    writer.write("command", record=sample.command(stdout="line\nline \udc80 ツ"))
    writer.write("end", exit_code=0)
    writer.close()
    return writer.path.read_bytes(), writer.last


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("altered") / "journal-1.jsonl"


def test_reads_what_was_written(written: tuple[bytes, str], file: Path) -> None:
    text, last = written
    file.write_bytes(text)
    journal = read(file, last)
    assert [entry["event"] for entry in journal.entries] == ["run", "sending", "command", "end"]
    assert journal.entries[0]["previous"] == START
    assert journal.entries[0]["run"]["inventory"] == "sites/vienna.yaml"
    assert journal.entries[2]["record"]["stdout"] == "line\nline \udc80 ツ"
    assert (journal.last, journal.truncated) == (last, False)


def test_a_line_is_in_the_file_before_write_returns(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path)
    writer.write("sending", host=sample.CVP)
    assert json.loads(writer.path.read_bytes())["event"] == "sending"
    writer.close()


@given(data=st.data())
def test_any_altered_byte_is_noticed(written: tuple[bytes, str], file: Path, data: st.DataObject) -> None:
    text, last = written
    place = data.draw(st.integers(0, len(text) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != text[place]))
    file.write_bytes(text[:place] + bytes([byte]) + text[place + 1 :])
    with pytest.raises(JournalBrokenError):
        read(file, last)


@given(data=st.data())
def test_any_line_left_out_or_moved_is_noticed(written: tuple[bytes, str], file: Path, data: st.DataObject) -> None:
    text, last = written
    lines = text.splitlines(keepends=True)
    other = data.draw(st.lists(st.sampled_from(lines), max_size=5).filter(lambda some: some != lines))
    file.write_bytes(b"".join(other))
    with pytest.raises(JournalBrokenError):
        read(file, last)


@given(kept=st.integers(0))
def test_a_truncated_last_line_is_left_out(written: tuple[bytes, str], file: Path, kept: int) -> None:
    text = written[0]
    file.write_bytes(text[: kept % len(text)])
    journal = read(file)
    assert len(journal.entries) == text[: kept % len(text)].count(b"\n")
    assert journal.truncated == (not text[: kept % len(text)].endswith(b"\n") and kept % len(text) > 0)


def test_what_is_no_record_is_refused(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path)
    with pytest.raises(TypeError, match="object cannot stand in a journal"):
        writer.write("run", run=object())
    writer.close()


def test_the_fault_is_named_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "journal-7.jsonl").write_bytes(b"[]\n")
    with pytest.raises(JournalBrokenError, match=r"journal-7\.jsonl:1: does not follow"):
        read(tmp_path / "journal-7.jsonl")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit there")
def test_a_line_that_cannot_be_written_leaves_nothing_and_is_counted(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path)
    writer.write("sending", host=sample.CVP)
    whole = writer.path.read_bytes()
    with nothing_can_be_written():
        for _ in range(2):
            with pytest.raises(OSError, match="too large"):
                writer.write("command", record=sample.command())
    assert writer.path.read_bytes() == whole
    for event in ("sending", "end"):
        writer.write(event)
    writer.close()
    journal = read(writer.path, writer.last)
    assert [(one["event"], one.get("unwritten")) for one in journal.entries] == [
        ("sending", None),
        ("sending", 2),
        ("end", None),
    ]
    assert scan(writer.path).faults == ("2 lines before line 2 could not be written: was the disk full?",)


@pytest.mark.skipif(sys.platform != "linux", reason="a disk that takes half a line")
def test_half_a_line_is_taken_back(tmp_path: Path) -> None:
    import resource

    writer, before = JournalWriter(tmp_path), resource.getrlimit(resource.RLIMIT_FSIZE)
    writer.write("sending", host=sample.CVP)
    whole = writer.path.read_bytes()
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) + 10, before[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            writer.write("command", record=sample.command())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert writer.path.read_bytes() == whole
    writer.close()
