"""The input of a program when it runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol

from lab.contract import Machine, Shell
from lab.windows import arguments
from lab.windows.disk import Disk
from lab.windows.environment import Environment
from lab.windows.paths import Drive, WindowsError, windows_error
from lab.windows.spoken import Words, words_of
from lab.windows.streams import Input, Writer


@dataclass
class Session:
    """One cmd.exe process: the state that its commands may change and its children inherit."""

    shell: Shell
    environment: Environment
    directory: str
    codepage: int
    cancelled: threading.Event
    errorlevel: int = 0
    echo: bool = True
    folders: list[str] = field(default_factory=list)  # of pushd
    depth: int = 0  # cmd within cmd

    def child(self) -> Session:
        """Return a process of its own: changes do not come back."""
        return replace(
            self,
            environment=Environment(self.environment),
            errorlevel=0,
            folders=list(self.folders),
            depth=self.depth + 1,
        )


class RunChild(Protocol):
    """A function that runs `cmd /c LINE` below a program. `always_strip` is `/s`; without `autorun` it is `/d`."""

    def __call__(self, line: str, caller: Invocation, *, always_strip: bool = False, autorun: bool = True) -> int:
        """Run the line; return its exit code."""
        ...


@dataclass
class Invocation:
    """One run of a program. `raw` is everything after its name, as typed; `program` the file that was found."""

    name: str
    program: str
    raw: str
    stdin: Input
    stdout: Writer
    stderr: Writer
    machine: Machine
    drive: Drive
    disk: Disk
    session: Session
    find: Callable[[str, Session], Iterable[str]]  # programs of a name, as cmd looks for them
    run_line: Callable[[str, Invocation], int]  # a line in the same cmd process
    run_child: RunChild

    @property
    def args(self) -> list[str]:
        """The arguments as the C runtime cuts them."""
        return arguments.split(self.raw)

    @property
    def words(self) -> Words:
        """The texts of the host's language."""
        return words_of(self.machine.language)

    @property
    def cwd(self) -> str:
        """The current directory."""
        return self.session.directory

    def absolute(self, path: str) -> str:
        """Return the absolute Windows path of what was typed; raises WindowsError."""
        return self.drive.absolute(path, self.cwd)

    def read(self, path: str) -> bytes:
        """Return the bytes of a file of an absolute path; raises WindowsError."""
        place = self.drive.locate(path)
        if not place.exists() and not place.parent.is_dir():
            raise WindowsError(3)
        return self.disk.read_file(place)

    def write(self, path: str, data: bytes) -> None:
        """Write these bytes to a file of an absolute path; raises WindowsError."""
        place = self.drive.locate(path)
        if not place.parent.is_dir():
            raise WindowsError(3)
        self.disk.write_file(place, data)

    def fail(self, error: WindowsError | OSError | str, code: int = 1) -> int:
        """Print an error as cmd's own commands do, on stderr, and return the exit code."""
        if isinstance(error, OSError):
            error = windows_error(error)
        self.stderr.lines(f"{self.words.of(error) if isinstance(error, WindowsError) else self.words(error)}\n")
        return code


Program = Callable[[Invocation], int]


class Exit(Exception):
    """EXIT ends its cmd process with this code; not an error."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code
