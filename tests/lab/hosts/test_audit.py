"""The audit log."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lab.audit import Audit, AuditedCommands
from lab.contract import Execution, Shell


class Silence:
    def read(self) -> bytes:
        return b""

    def stdout(self, data: bytes) -> None: ...

    def stderr(self, data: bytes) -> None: ...


class Commands:
    def __init__(self, work: Callable[[], int]) -> None:
        self.work = work

    def run(self, line: str, execution: Execution) -> int:
        assert (line, execution.shell.user) == ("the line", r"LAB\runbook")
        return self.work()


def audited(tmp_path: Path, work: Callable[[Path, SimpleNamespace], int]) -> dict[str, Any]:
    (tmp_path / "C").mkdir()
    (tmp_path / "C/file").write_text("old")
    host = SimpleNamespace(fqdn="awa.example", drive=tmp_path / "C", written_elsewhere=0, service_changes=3)
    audit = Audit(tmp_path / "audit.jsonl")
    shell = Shell("AB-CD", r"LAB\runbook", elevated=True, environment={}, directory="C:\\")
    commands = AuditedCommands(Commands(lambda: work(host.drive, host)), host, audit)
    try:
        commands.run("the line", Execution(shell, Silence(), Silence(), threading.Event()))
    except RuntimeError:
        pass
    finally:
        audit.close()
    [line] = (tmp_path / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    content: dict[str, Any] = json.loads(line)
    return content


def reads(drive: Path, _host: SimpleNamespace) -> int:
    return len((drive / "file").read_text())


def writes(drive: Path, _host: SimpleNamespace) -> int:
    (drive / "file").write_text("new")
    return 0


def restarts(_drive: Path, host: SimpleNamespace) -> int:
    host.service_changes += 2
    return 0


def breaks(_drive: Path, _host: SimpleNamespace) -> int:
    raise RuntimeError


@pytest.mark.parametrize(
    "work, said",
    [
        (reads, {"exit_code": 3, "changed": False, "changed_services": 0}),
        (writes, {"exit_code": 0, "changed": True, "changed_services": 0}),
        (restarts, {"exit_code": 0, "changed": True, "changed_services": 2}),
        (breaks, {"exit_code": None, "changed": False, "changed_services": 0}),
    ],
)
def test_a_command_is_written_down(tmp_path: Path, work: Callable[..., int], said: dict[str, Any]) -> None:
    line = audited(tmp_path, work)
    assert datetime.fromisoformat(line.pop("time")).utcoffset() is not None
    head = {"kind": "command", "host": "awa.example", "channel": "winrm", "user": r"LAB\runbook"}
    assert line == {**head, "text": "the line", "shell": "AB-CD", "alone": True, **said}


def test_of_commands_that_overlap_none_was_alone(tmp_path: Path) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> int:
        if not begun.is_set():
            begun.set()
            assert go_on.wait(5)
        return 0

    (tmp_path / "C").mkdir()
    audit = Audit(tmp_path / "audit.jsonl")
    host = SimpleNamespace(fqdn="awa.example", drive=tmp_path / "C", written_elsewhere=0, service_changes=0)
    commands = AuditedCommands(Commands(slow), host, audit)
    shell = Shell("AB-CD", r"LAB\runbook", elevated=True, environment={}, directory="C:\\")
    execution = Execution(shell, Silence(), Silence(), threading.Event())
    first = threading.Thread(target=commands.run, args=("the line", execution))
    first.start()
    assert begun.wait(5)
    commands.run("the line", execution)
    go_on.set()
    first.join()
    commands.run("the line", execution)
    audit.close()
    lines = (tmp_path / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["alone"] for line in lines] == [False, False, True]


def test_what_comes_after_the_end_is_lost_without_a_word(tmp_path: Path) -> None:
    audit = Audit(tmp_path / "audit.jsonl")
    audit.close()
    audit.write("refused", "awa.example", "winrm", "nobody")
    assert not (tmp_path / "audit.jsonl").read_text()
