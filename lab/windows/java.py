"""The real keytool that runs in place of a host's: its path, and one run of it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from lab.child_environment import environment
from lab.windows.streams import Input

QUICK = (
    "-J-XX:+UseSerialGC",
    "-J-XX:-UsePerfData",
    "-J-Dstdout.encoding=UTF-8",
    "-J-Dstderr.encoding=UTF-8",
)
# Java's second compiler costs more than keytool's own work; only for the primes of a new key does it halve the time.
_ONE_COMPILER = "-J-XX:TieredStopAtLevel=1"
_NEW_KEY = frozenset({"-genkeypair", "-genkey"})
_POLL = 0.05  # seconds between two checks whether the client has cancelled


@dataclass(frozen=True)
class KeytoolCall:
    """One run: arguments and stores as paths of this system. `store` is the one that the command may write."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    directory: Path
    store: Path | None
    stdin: Input
    cancelled: threading.Event


@dataclass(frozen=True)
class Finished:
    """The result of a run: its exit code and its output, in UTF-8."""

    code: int
    stdout: bytes = b""
    stderr: bytes = b""


class Run(Protocol):
    """A function that runs keytool: as it was called, or with another call in its place."""

    def __call__(self, instead: KeytoolCall | None = None) -> Finished:
        """Return the result."""
        ...


def _as_it_is(_call: KeytoolCall, run: Run) -> Finished:
    return run()


@dataclass(frozen=True)
class JavaTools:
    """The Java of a host. `around` wraps each run: it may run something else, damage the store, change the output."""

    keytool: Path
    options: tuple[str, ...] = QUICK
    latency: float = 0.0  # delay of a run in seconds
    version: str = "1.8.0_221"  # version in the host's `java -version`
    as_8: bool = True  # a later Java has to imitate Java 8
    killed: int = -1073741510  # the exit code of a run that the client cancelled
    around: Callable[[KeytoolCall, Run], Finished] = field(default=_as_it_is)

    def run(self, call: KeytoolCall, in_its_place: Callable[[], Finished] | None = None) -> Finished:
        """Return the result of keytool, or of what is run in its place; a cancelled call kills it."""
        if call.cancelled.wait(self.latency):
            return Finished(self.killed)

        def run(instead: KeytoolCall | None = None) -> Finished:
            return in_its_place() if in_its_place else self._run(instead or call)

        return self.around(call, run)

    def _run(self, call: KeytoolCall) -> Finished:
        options = self.options if _NEW_KEY & set(call.arguments) else (*self.options, _ONE_COMPILER)
        reading, writing = os.pipe()
        try:
            process = subprocess.Popen(
                [str(self.keytool), *options, *call.arguments],
                stdin=reading,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=call.directory,
                env={**call.environment, **environment()},
            )
        except (OSError, ValueError):
            os.close(writing)
            raise
        finally:
            os.close(reading)
        # keytool reads only if it asks something; waiting for the client's end of input first would hang
        threading.Thread(target=_feed, args=(call.stdin, writing), daemon=True).start()
        return _watched(process, call.cancelled, self.killed)


def _feed(stdin: Input, writing: int) -> None:
    data = stdin.read()
    with contextlib.suppress(OSError):  # keytool had no question and is gone
        while data:
            data = data[os.write(writing, data) :]
    os.close(writing)


def _watched(process: subprocess.Popen[bytes], cancelled: threading.Event, killed: int) -> Finished:
    while True:
        try:
            stdout, stderr = process.communicate(timeout=_POLL)
        except subprocess.TimeoutExpired:
            if cancelled.is_set():
                process.kill()
                process.communicate()
                return Finished(killed)
        else:
            return Finished(process.returncode, stdout, stderr)
