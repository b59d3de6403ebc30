"""The audit log: one JSON line for every command the lab received and every login it refused."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from lab.contract import CommandLine, Execution


class Audit:
    """Append records to `audit.jsonl`; every line is on disk before `write` returns."""

    def __init__(self, file: Path) -> None:
        self._stream = file.open("a", encoding="utf-8")
        self._lock = threading.Lock()

    def write(self, kind: str, host: str, channel: str, user: str, **more: Any) -> None:
        """Write one line: time (UTC), kind (`command` or `refused`), host, channel, user and the fields of the kind."""
        head = {"time": datetime.now(UTC).isoformat(), "kind": kind, "host": host, "channel": channel, "user": user}
        with self._lock:
            if self._stream.closed:
                return  # a command that ended after the lab
            self._stream.write(json.dumps({**head, **more}, ensure_ascii=False) + "\n")
            self._stream.flush()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._stream.close()


class AuditedHost(Protocol):
    """The properties of a host from which the audit finds out what a command changed."""

    @property
    def fqdn(self) -> str:
        """The host's full name."""
        ...

    @property
    def drive(self) -> Path:
        """The folder that is the host's `C:`."""
        ...

    @property
    def written_elsewhere(self) -> int:
        """A number that changes with each write to the host outside of its drive."""
        ...

    @property
    def service_changes(self) -> int:
        """The number of starts and stops that the service control manager has accepted so far."""
        ...


class AuditedCommands:
    """The command processor of a host, with a record of each line and of whether it changed anything.

    Commands of one host may overlap; then a change counts for each of them, and none of them was alone.
    """

    def __init__(self, commands: CommandLine, host: AuditedHost, audit: Audit) -> None:
        self._commands = commands
        self._host = host
        self._audit = audit
        self._lock = threading.Lock()
        self._begun = self._ended = 0  # number of commands so far

    def run(self, line: str, execution: Execution) -> int:
        """Run the line and return its exit code."""
        with self._lock:
            others, first = self._begun > self._ended, self._begun
            self._begun += 1
        files, services = self._written(), self._host.service_changes
        exit_code: int | None = None
        try:
            exit_code = self._commands.run(line, execution)
        finally:
            started_or_stopped = self._host.service_changes - services
            changed = bool(started_or_stopped) or self._written() != files
            with self._lock:
                alone = not others and self._begun == first + 1
                self._ended += 1
            self._audit.write(
                "command",
                self._host.fqdn,
                "winrm",
                execution.shell.user,
                text=line,
                exit_code=exit_code,
                shell=execution.shell.shell_id,
                changed=changed,
                alone=alone,
                changed_services=started_or_stopped,
            )
        return exit_code

    def _written(self) -> tuple[object, ...]:
        return fingerprint_of_files(self._host.drive), self._host.written_elsewhere


def fingerprint_of_files(folder: Path) -> frozenset[tuple[str, int, int, int]]:
    """Return path, size, time and inode of every file below, path and inode of every folder.

    Nothing was written if the sets before and after a command are equal.
    """
    seen: set[tuple[str, int, int, int]] = set()
    waiting = [folder]
    while waiting:
        for entry in _entries(waiting.pop()):
            try:
                status = entry.lstat()
            except OSError:
                continue  # removed meanwhile by another command
            if entry.is_dir():
                waiting.append(entry)
                seen.add((str(entry), 0, 0, status.st_ino))
            else:
                seen.add((str(entry), status.st_size, status.st_mtime_ns, status.st_ino))
    return frozenset(seen)


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
