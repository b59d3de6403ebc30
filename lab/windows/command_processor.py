"""The command processor of a lab host."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from lab.contract import Execution, Machine
from lab.windows import texts
from lab.windows.cmd.finder import Finder
from lab.windows.cmd.interpreter import Interpreter
from lab.windows.cmd.redirection import Streams
from lab.windows.disk import Disk
from lab.windows.environment import Environment
from lab.windows.invocation import Program, Session
from lab.windows.java import JavaTools
from lab.windows.paths import Drive
from lab.windows.programs import PROGRAMS
from lab.windows.programs.certificates.keytool import java, keytool
from lab.windows.streams import Calls, Input, Writer


class CmdExe:
    """Runs lines as `cmd /c LINE` on one machine (`lab.contract.CommandLine`). May be called from several threads.

    Any file named `keytool.exe` or `java.exe` on the drive, even an empty one, runs that of `java_tools`.
    `more_programs`: programs for further files of the drive, by their lower-case names (`decryptkeystoreutil.bat`).
    All programs but keytool write through `disk`. Without `short_names` no 8.3 names are made on the drive.
    """

    def __init__(
        self,
        machine: Machine,
        java_tools: JavaTools,
        *,
        disk: Disk | None = None,
        short_names: bool = True,
        more_programs: Mapping[str, Program] | None = None,
    ) -> None:
        drive = Drive(machine.drive, short_names=short_names)
        system = frozenset(name for name in PROGRAMS if "." in name)
        programs: dict[str, Program] = {
            **PROGRAMS,
            "java.exe": java(java_tools),
            "keytool.exe": keytool(java_tools),
            **(more_programs or {}),
        }
        self._interpreter = Interpreter(machine, drive, disk or Disk(), Finder(drive, system), programs)

    def run(self, line: str, execution: Execution) -> int:
        """Run a line; return its exit code (signed 32 bit). Its directory and variables end with it."""
        shell = execution.shell
        session = Session(
            shell=shell,
            environment=Environment(shell.environment),
            directory=shell.directory,
            codepage=shell.codepage,
            cancelled=execution.cancelled,
        )
        lock = threading.Lock()

        def out(data: bytes) -> None:
            with lock:
                execution.output.stdout(data)

        def err(data: bytes) -> None:
            with lock:
                execution.output.stderr(data)

        streams = Streams(Input(execution.stdin), Calls(out), Calls(err))
        try:
            return self._interpreter.process(line, streams, session)
        except RecursionError:
            Writer(streams.err, session.codepage).line(texts.LAB_LACKS.format("a line nested this deep"))
            return 1
