"""A host that is just enough for the WinRM server: accounts, a lock-out, and a command processor of a few words."""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lab.contract import Shell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from lab.contract import Account, CommandLine, Execution

USER = "LAB\\runbook"
OTHER = "administrator"
PASSWORD = "Pä$$w0rd & more"
CONTROL_C = -1073741510


@dataclass(frozen=True)
class FakeAccount:
    name: str
    elevated: bool = True


def echo(rest: str, execution: Execution) -> int:
    execution.output.stdout(f"{rest}\r\n".encode())
    return 0


def complain(rest: str, execution: Execution) -> int:
    execution.output.stdout(b"half\r\n")
    execution.output.stdout(b"")
    execution.output.stderr(f"{rest}\r\n".encode())
    return 5


def copy(rest: str, execution: Execution) -> int:
    execution.output.stdout(execution.stdin.read() + rest.encode())
    return 0


def wait(rest: str, execution: Execution) -> int:
    seconds, _, text = rest.partition(" ")
    if execution.cancelled.wait(float(seconds)):
        return CONTROL_C
    return echo(text, execution)


def fill(rest: str, execution: Execution) -> int:
    block = bytes(range(256)) * 16
    for _ in range(int(rest) // len(block)):
        execution.output.stdout(block)
    return 0


def variable(rest: str, execution: Execution) -> int:
    return echo(execution.shell.environment.get(rest, f"%{rest}%"), execution)


def place(rest: str, execution: Execution) -> int:
    del rest
    return echo(f"{execution.shell.directory} {execution.shell.codepage}", execution)


def crash(rest: str, execution: Execution) -> int:
    del execution
    raise RuntimeError(rest)


WORDS: Mapping[str, Callable[[str, Execution], int]] = {
    "echo": echo,
    "complain": complain,
    "copy": copy,
    "wait": wait,
    "fill": fill,
    "variable": variable,
    "place": place,
    "crash": crash,
    "exit": lambda rest, _: int(rest),
}


class FakeCommands:
    def run(self, line: str, execution: Execution) -> int:
        word, _, rest = line.partition(" ")
        return WORDS[word](rest, execution)


@dataclass
class FakeHost:
    ntlm_users_file: Path
    fqdn: str = "pg1a.lab.example"
    basic_allowed: bool = False
    commands: CommandLine = field(default_factory=FakeCommands)
    wrong: Counter[str] = field(default_factory=Counter)
    passwords: dict[str, str] = field(default_factory=lambda: {USER: PASSWORD, OTHER: PASSWORD})

    def write_users(self) -> None:
        lines = [":".join((*name.rpartition("\\")[::2], password)) for name, password in self.passwords.items()]
        self.ntlm_users_file.write_text("\n".join(lines), "utf-8")

    def account(self, user: str) -> FakeAccount | None:
        return next((FakeAccount(name) for name in self.passwords if name.lower() == user.lower()), None)

    def locked_out(self, user: str) -> bool:
        return self.wrong[user.lower()] >= 5

    def refused(self, user: str) -> None:
        self.wrong[user.lower()] += 1

    def accepted(self, user: str) -> None:
        del self.wrong[user.lower()]

    def open_shell(
        self, account: Account, environment: Mapping[str, str], directory: str | None, codepage: int
    ) -> Shell:
        folder = directory or "C:\\Users\\runbook"
        return Shell(str(uuid.uuid4()).upper(), account.name, account.elevated, dict(environment), folder, codepage)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def command_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("wsman ")]
