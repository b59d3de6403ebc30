"""The common steps of copy, xcopy and move: a file's bytes, its time and its access."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from lab.windows.attributes import is_read_only, set_read_only
from lab.windows.invocation import Invocation
from lab.windows.paths import WindowsError, join, parent


def copy_file(invocation: Invocation, source: str, target: str, *, keeps_read_only: bool = True) -> None:
    """Copy with the source's time. The target's access stays what it was (a new file inherits its folder's)."""
    data = invocation.read(source)
    place = invocation.drive.locate(source)
    times = place.stat()
    invocation.write(target, data)
    os.utime(invocation.drive.locate(target), ns=(times.st_atime_ns, times.st_mtime_ns))
    set_read_only(invocation.drive.locate(target), on=keeps_read_only and is_read_only(place))


def move(invocation: Invocation, source: str, target: str) -> None:
    """Rename, replacing a file in one step. Time and access go along; raises WindowsError."""
    _with_access(invocation, source, target, invocation.disk.replace)


def rename(invocation: Invocation, source: str, target: str) -> None:
    """Rename in one step to a free name. Time and access go along; raises WindowsError."""
    _with_access(invocation, source, target, invocation.disk.rename)


def _with_access(invocation: Invocation, source: str, target: str, do: Callable[[Path, Path], None]) -> None:
    machine, drive = invocation.machine, invocation.drive
    kept = [(path, list(machine.acl(path))) for path in everything(invocation, source)]
    do(drive.locate(source), drive.locate(target))
    for path, entries in kept:
        machine.forget_acl(path)
        machine.set_acl(target + path[len(source) :], entries)


def make_folders(invocation: Invocation, path: str) -> None:
    """Make a folder and missing ones on the way to it; raises WindowsError, 183 if it is there already."""
    folder = parent(path)
    if folder != path and not invocation.drive.is_folder(folder):
        try:
            make_folders(invocation, folder)
        except WindowsError as error:
            # Another shell may have made it meanwhile; a file of that name is in the way.
            if error.code != 183:
                raise
            if not invocation.drive.is_folder(folder):
                raise WindowsError(3) from error
    invocation.disk.make_folder(invocation.drive.locate(path))


def everything(invocation: Invocation, path: str) -> list[str]:
    """Return the path and all that is below it."""
    return [path, *(found for inner in invocation.drive.entries(path) for found in everything(invocation, inner))]


def consent(invocation: Invocation, question: str) -> str:
    """Ask on stdout; return the first letter of the answer, upper case; empty at the end of the input."""
    invocation.stdout.text(question)
    answer = invocation.stdin.line()
    invocation.stdout.line()
    return "" if answer is None else answer.decode("latin-1").strip()[:1].upper()


def sources(invocation: Invocation, path: str) -> list[str]:
    """Return the files of a source (all files of a folder); raises WindowsError 2 or 3 if there are none."""
    drive = invocation.drive
    absolute = invocation.absolute(path)
    if drive.is_folder(absolute):
        absolute = join(absolute, "*")
    found = [name for name in drive.matching(absolute) if not drive.is_folder(name)]
    if not found:
        raise WindowsError(2 if drive.is_folder(absolute.rpartition("\\")[0] + "\\") else 3)
    return found
