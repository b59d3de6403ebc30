"""Commands that are sent to what is no evidence say so in one line, with their own exit code, without a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reports import allure, compare, render, verify
from reports.allure_report import node
from tests.fixtures.nasty import FORBIDDEN

RUN = "runs/20261122T120000Z-change"


def file(path: Path, content: bytes = b"\0\xffgarbage") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def link(path: Path, to: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(to)


def pipe(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)


# what is made, which path is given, and what is said of it
NOTHING: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "nothing there": (lambda _: None, "gone", "there is no such file or folder"),
    "below a file": (lambda folder: file(folder / "a"), "a/b", "Not a directory"),
    "an empty folder": (lambda folder: (folder / "a").mkdir(), "a", "no evidence of a run here"),
    "a folder of something else": (lambda folder: file(folder / "a" / "b.txt"), "a", "no evidence of a run here"),
    "runs is empty": (lambda folder: (folder / "a" / "runs").mkdir(parents=True), "a", "no evidence of a run here"),
    "runs is a file": (lambda folder: file(folder / "a" / "runs"), "a", "no evidence of a run here"),
    "runs holds no folder": (lambda folder: file(folder / "a" / "runs" / "x"), "a", "no evidence of a run here"),
    "runs is a link": (lambda folder: link(folder / "a" / "runs", "/etc"), "a", "no evidence of a run here"),
    "a run is a link": (lambda folder: link(folder / "a" / RUN, "/etc"), "a", "no evidence of a run here"),
    "a file": (lambda folder: file(folder / "a"), "a", "it is no folder, but a file"),
    "a pipe": (lambda folder: pipe(folder / "a"), "a", "it is no folder, but a named pipe"),
    "a device": (lambda _: None, "/dev/null", "it is no folder, but a device"),
    "a circle of links": (lambda folder: link(folder / "a", "a"), "a", "ymlink loop|levels of symbolic links"),
    "a name that is too long": (lambda _: None, "a" * 300, "File name too long"),
    "a name that steers": (lambda _: None, "a\x1b[2J\u202e\nb", "there is no such file or folder"),
    "a zero": (lambda _: None, "a\0b", "null"),
}
COMMANDS: dict[str, tuple[Callable[[list[str]], int], str, int]] = {
    "verify": (verify.main, "Not verified: ", 2),
    "render": (render.main, "No documents: ", 1),
}
OTHERS: dict[str, tuple[Callable[[list[str]], int], str, int]] = {
    "allure": (allure.main, "No report: ", 1),
    "compare": (lambda given: compare.main([*given, *given]), "Not compared: ", 2),
}
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")


def said(command: Callable[[list[str]], int], given: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit code of a command, and the one line that it says."""
    code = command([str(given)])
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert FORBIDDEN.findall(told.err) == []
    return code, told.err


@pytest.mark.parametrize("name", NOTHING)
@pytest.mark.parametrize("command, head, code", COMMANDS.values(), ids=COMMANDS)
def test_what_is_no_evidence_is_told_in_a_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    command: Callable[[list[str]], int],
    head: str,
    code: int,
) -> None:
    make, given, words = NOTHING[name]
    make(tmp_path)
    found, line = said(command, tmp_path / given, capsys)
    assert found == code
    assert line.startswith(head)
    assert any(one in line for one in words.split("|"))


@pytest.mark.parametrize("name", NOTHING)
@pytest.mark.parametrize("command, head, code", OTHERS.values(), ids=OTHERS)
def test_so_do_the_commands_that_take_more_than_folders(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    command: Callable[[list[str]], int],
    head: str,
    code: int,
) -> None:
    make, given, _ = NOTHING[name]
    make(tmp_path)
    found, line = said(command, tmp_path / given, capsys)
    assert found == code
    assert line.startswith(head)


BRACKETS = b"[" * 100_000
RESULT = f"{RUN}/allure-results/a-result.json"
# files, by their places, and what is in them; None is a folder
GARBAGE: dict[str, dict[str, bytes | None]] = {
    "a run without anything": {RUN: None},
    "a run of an odd name": {"runs/x\x1b[2J": None},
    "a journal of garbage": {f"{RUN}/journal-1.jsonl": b"\0\xffgarbage"},
    "a journal of brackets": {f"{RUN}/journal-1.jsonl": BRACKETS + b"\n"},
    "a manifest of garbage": {"manifest.sha256": b"\0\xff", RUN: None},
    "a verification of garbage": {"verification.json": b"\0\xff", RUN: None},
    "a verification of brackets": {"verification.json": BRACKETS, RUN: None},
    "a plan of garbage": {"plan.json": b"\0\xff", RUN: None},
    "a plan of brackets": {"plan.json": BRACKETS, RUN: None},
    "results of garbage": {RESULT: b"\0\xff"},
    "results of brackets": {RESULT: BRACKETS, f"{RUN}/allure-results/executor.json": BRACKETS},
    "a result that is none": {RESULT: b'{"uuid": "a"}'},
    "folders in the place of documents": dict.fromkeys(
        (RUN, "summary.txt", "journal.jsonl", "change-record.html", "plan.json", "manifest.sha256")
    ),
}


def made(folder: Path, files: dict[str, bytes | None]) -> None:
    for name, content in files.items():
        if content is None:
            (folder / name).mkdir(parents=True)
        else:
            file(folder / name, content)


@pytest.mark.parametrize("files", GARBAGE.values(), ids=GARBAGE)
def test_garbage_ends_no_command_with_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, files: dict[str, bytes | None]
) -> None:
    def no_network(**_: object) -> Path:
        raise node.NodeError("no network")

    monkeypatch.setattr(node, "allure_program", no_network)
    made(tmp_path / "a", files)
    given = [str(tmp_path / "a")]
    assert compare.main([*given, *given]) in (0, 1, 2)
    assert allure.main(given) == 1
    assert verify.main(given) in (1, 2)
    assert render.main(given) == 1  # there is no report at least
    assert verify.main(given) in (0, 1)
    told = capsys.readouterr()
    assert FORBIDDEN.findall(told.out + told.err) == []
