"""Failures of a host on demand: of its command lines, its disk, its keytool, its services."""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from lab.contract import CommandLine, Execution
from lab.faults.file import HostFaults
from lab.faults.kinds import (
    Answers,
    DiskFull,
    FileInUse,
    JavaDoesNotStart,
    KeystorePassword,
    KeytoolDies,
    Slow,
    is_like,
)
from lab.faults.starts import not_yet
from lab.services.control import Running, Starter
from lab.services.mains import Mains, PowerLostError
from lab.windows import texts
from lab.windows.attributes import is_read_only, set_read_only
from lab.windows.disk import Disk
from lab.windows.host.drive import windows_name
from lab.windows.java import Finished, KeytoolCall, Run
from lab.windows.paths import WindowsError

KILLED = -1073741510  # STATUS_CONTROL_C_EXIT
WRONG_PASSWORD = "LAB_WRONG_PASSWORD"  # noqa: S105  # a variable of keytool's environment
PASSWORD_OF = {"-keystore": "-storepass", "-srckeystore": "-srcstorepass", "-destkeystore": "-deststorepass"}


class FailingCommands:
    """A command processor that can be slow, answer something else, or lose its power, as the faults say."""

    def __init__(self, commands: CommandLine, faults: HostFaults, mains: Mains) -> None:
        self._commands = commands
        self._faults = faults
        self._mains = mains

    def run(self, line: str, execution: Execution) -> int:
        """Run the line and return its exit code; a line that is cancelled during a delay before it does nothing."""
        try:
            with self._mains.line(line):
                return self._slowly(line, execution)
        except PowerLostError:
            return KILLED

    def _slowly(self, line: str, execution: Execution) -> int:
        slow = self._faults.take(Slow, lambda fault: fault.fits(line))
        if slow and slow.when == "before" and execution.cancelled.wait(slow.seconds):
            return KILLED
        code = self._answer(line, execution)
        if slow and slow.when == "after":
            execution.cancelled.wait(slow.seconds)
        return code

    def _answer(self, line: str, execution: Execution) -> int:
        instead = self._faults.take(Answers, lambda fault: fault.fits(line))
        if instead is None:
            return self._commands.run(line, execution)
        if instead.cut:
            whole = _Held()
            code = self._commands.run(line, replace(execution, output=whole))
            execution.output.stdout(bytes(whole.out[: len(whole.out) // 2]))
            execution.output.stderr(bytes(whole.err))
            return code
        (execution.output.stderr if instead.code else execution.output.stdout)(instead.says.encode())
        return instead.code


class _Held:
    """An `Output` that collects the data."""

    def __init__(self) -> None:
        self.out, self.err = bytearray(), bytearray()

    def stdout(self, data: bytes) -> None:
        """Keep the data."""
        self.out += data

    def stderr(self, data: bytes) -> None:
        """Keep the data."""
        self.err += data


class FailingDisk(Disk):
    """A disk that can be full, in use or without power."""

    def __init__(self, faults: HostFaults, drive: Path, mains: Mains) -> None:
        super().__init__()
        self._faults = faults
        self._drive = drive
        self._mains = mains

    def write_file(self, place: Path, data: bytes) -> None:
        """Write a file; raises WindowsError."""
        self._refuse_in_use(place)
        self._mains.spend(lambda: Disk.write_file(self, place, data[: len(data) // 2]))
        full = self._full(place, len(data))
        if full is None:
            super().write_file(place, data)
            return
        if full.after_bytes is not None:
            super().write_file(place, data[: full.after_bytes])
        raise WindowsError(112)

    def append(self, place: Path, data: bytes) -> None:
        """Append to a file; raises WindowsError."""
        self._refuse_in_use(place)
        self._mains.spend(lambda: Disk.append(self, place, data[: len(data) // 2]))
        size = place.stat().st_size if place.exists() else 0
        full = self._full(place, size + len(data)) if data else None
        if full is None:
            super().append(place, data)
            return
        if full.after_bytes is not None:
            super().append(place, data[: max(full.after_bytes - size, 0)])
        raise WindowsError(112)

    def _full(self, place: Path, size: int) -> DiskFull | None:
        path = windows_name(self._drive, place)
        return self._faults.take(DiskFull, lambda fault: fault.stops(path, size))

    def replace(self, source: Path, target: Path) -> None:
        """Rename a file, replacing one that has the name; raises WindowsError."""
        self._refuse_in_use(source, target)
        self._mains.spend()
        super().replace(source, target)

    def rename(self, source: Path, target: Path) -> None:
        """Rename a file or folder; raises WindowsError."""
        self._refuse_in_use(source)
        self._mains.spend()
        super().rename(source, target)

    def remove(self, place: Path) -> None:
        """Remove a file; raises WindowsError."""
        self._refuse_in_use(place)
        self._mains.spend()
        super().remove(place)

    def make_folder(self, place: Path) -> None:
        """Make a folder; raises WindowsError."""
        self._mains.spend()
        super().make_folder(place)

    def _refuse_in_use(self, *places: Path) -> None:
        paths = [windows_name(self._drive, place) for place in places if place.is_file()]
        if self._faults.take(FileInUse, lambda fault: any(is_like(path, fault.path) for path in paths)):
            raise WindowsError(32)


class FailingKeytool:
    """keytool, failing as the faults say. For `JavaTools.around`."""

    def __init__(self, faults: HostFaults, drive: Path, mains: Mains) -> None:
        self._faults = faults
        self._drive = drive
        self._mains = mains

    def __call__(self, call: KeytoolCall, run: Run) -> Finished:
        """Return keytool's result, or that of the failure."""
        if lame := self._faults.take(JavaDoesNotStart):
            return Finished(lame.code, lame.says.encode())
        call = self._with_wrong_passwords(call)
        text = " ".join(map(self._shown, call.arguments))
        store = self._shown(str(call.store or ""))
        dies = self._faults.take(KeytoolDies, lambda fault: fault.fits(text) and is_like(store, fault.store))
        if dies is None:
            return self._as_long_as_there_is_power(call, run)
        if dies.leave == "truncated" and call.store:
            before = _content(call.store)
            run(call)
            after = _content(call.store)
            if after != before:  # a keytool that refuses does not write
                call.store.write_bytes(after[: len(after) // 2])
        return Finished(KILLED)

    def _as_long_as_there_is_power(self, call: KeytoolCall, run: Run) -> Finished:
        """Run keytool, which truncates a store before it writes it. Raises PowerLostError if the power fails then."""
        if call.store is None or not self._mains.in_danger:
            return self._as_the_file_allows(call, run)
        store, there, before = call.store, call.store.is_file(), _content(call.store)
        finished = self._as_the_file_allows(call, run)
        written = _content(store)
        if written != before:
            if there:
                store.write_bytes(before)
            else:
                store.unlink()
            self._mains.spend(lambda: _leave(store, written[: len(written) // 2]))
            store.write_bytes(written)
        return finished

    def _as_the_file_allows(self, call: KeytoolCall, run: Run) -> Finished:
        """Run keytool, which opens the store for writing at the end; if that is read-only or in use, undo and fail."""
        store = call.store
        if store is None or not store.is_file():
            return run(call)
        before, read_only, path = _content(store), is_read_only(store), self._shown(str(store))
        in_use = self._faults.find(FileInUse, lambda fault: is_like(path, fault.path))
        if not (read_only or in_use):
            return run(call)
        times = store.stat()
        set_read_only(store, on=False)
        finished = run(call)
        wrote = _content(store) != before
        if wrote:
            store.write_bytes(before)
            os.utime(store, ns=(times.st_atime_ns, times.st_mtime_ns))
            self._faults.take(FileInUse, lambda fault: is_like(path, fault.path))
        set_read_only(store, on=read_only)
        reason = texts.SYSTEM[5 if read_only else 32].rstrip(".")
        error = f"keytool error: java.io.FileNotFoundException: {store} ({reason})\n"
        return Finished(1, error.encode()) if wrote else finished

    def _with_wrong_passwords(self, call: KeytoolCall) -> KeytoolCall:
        """Return the call with a wrong password for each existing store that a fault names; keytool will refuse it."""
        wrong = {
            PASSWORD_OF[option.lower()]
            for option, place in pairwise(call.arguments)
            if option.lower() in PASSWORD_OF and Path(place).is_file() and self._has_another_password(place)
        }
        if not wrong:
            return call
        arguments = list(call.arguments)
        for at, option in enumerate(call.arguments[:-1]):
            name = option.lower().partition(":")[0]
            if name in wrong:
                arguments[at : at + 2] = [f"{name}:env", WRONG_PASSWORD]
        environment = {**call.environment, WRONG_PASSWORD: "nobody knows this one"}
        return replace(call, arguments=tuple(arguments), environment=environment)

    def _has_another_password(self, place: str) -> bool:
        store = self._shown(place)
        return self._faults.take(KeystorePassword, lambda fault: is_like(store, fault.store)) is not None

    def _shown(self, argument: str) -> str:
        """Return an argument as the host knows it: a place on its drive becomes a Windows path."""
        place = Path(argument)
        return windows_name(self._drive, place) if place.is_relative_to(self._drive) else argument


class FailingStarter:
    """A starter of services that waits or fails for those that a fault keeps from starting."""

    def __init__(self, start: Starter, faults: HostFaults) -> None:
        self._start = start
        self._faults = faults

    async def __call__(self, service: str) -> Running:
        """Return the running service. Raises OSError if a fault makes it fall back to STOPPED."""
        await not_yet(service, self._faults)
        return await self._start(service)


def _leave(place: Path, content: bytes) -> None:
    place.write_bytes(content)


def _content(place: Path) -> bytes:
    return place.read_bytes() if place.is_file() else b""
