"""The commands that show files: `type`, `more`, `dir`."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from lab.windows import texts
from lab.windows.arguments import switches
from lab.windows.invocation import Invocation
from lab.windows.paths import WindowsError, basename, has_wildcard, is_nul, join, parent

_FREE = 42_949_672_960  # free bytes in the output of `dir`
_TAB = 8
_DIR_SWITCHES = re.compile(r"b|s|a(:?-?[dhsrali]*)|o(:?-?[nsegd]*)|-c|4|n|q-$")


def type_command(invocation: Invocation) -> int:
    """Run `type NAME...`: print the bytes as they are."""
    found, names = switches(invocation.raw)
    if found or not names:
        return invocation.fail(texts.SYNTAX)
    several = len(names) > 1 or has_wildcard(names[0])
    code = 0
    for name in names:
        try:
            _type(invocation, name, several=several)
        except WindowsError as error:
            code = invocation.fail(error)
            if several:
                invocation.fail(f"Error occurred while processing: {name}.")
    return code


def _type(invocation: Invocation, name: str, *, several: bool) -> None:
    if is_nul(name):
        return
    absolute = invocation.absolute(name)
    paths = list(invocation.drive.matching(absolute))
    if not paths:
        raise WindowsError(2 if invocation.drive.is_folder(parent(absolute)) else 3)
    for path in paths:
        if invocation.drive.is_folder(path):
            raise WindowsError(5)
        if several:  # guess: the headings go to stderr, so that the output holds only the files
            invocation.stderr.lines(f"\n{basename(path) if has_wildcard(name) else name}\n\n\n")
        invocation.stdout.bytes(invocation.read(path))


def more(invocation: Invocation) -> int:
    """Run `more [NAME...]`: tabs become blanks, the last line gets its end. Redirected it does not stop at pages."""
    found, names = switches(invocation.raw)
    if found:
        return invocation.fail(f"Invalid switch: /{found[0]}")  # guess
    if not names:
        _paged(invocation, invocation.stdin.read())
        return 0
    for name in names:
        path = invocation.absolute(name)
        try:
            _paged(invocation, invocation.read(path))
        except WindowsError:
            return invocation.fail(f"Cannot access file {path}")
    return 0


def _paged(invocation: Invocation, data: bytes) -> None:
    for line in data.splitlines() if data else []:
        invocation.stdout.bytes(line.expandtabs(_TAB) + b"\r\n")


def dir_command(invocation: Invocation) -> int:
    """Run `dir [/b /s /a /o] [NAME]`."""
    found, names = switches(invocation.raw)
    wrong = next((switch for switch in found if not _DIR_SWITCHES.fullmatch(switch)), None)
    if wrong is not None:
        return invocation.fail(invocation.words(texts.INVALID_SWITCH, wrong))
    absolute = invocation.absolute(names[0] if names else ".")
    bare = "b" in found
    folder, pattern = (
        (absolute, "*") if invocation.drive.is_folder(absolute) else (parent(absolute), basename(absolute))
    )
    if not bare:
        invocation.stdout.lines(" Volume in drive C has no label.\n Volume Serial Number is F852-7C0F\n")
    if not invocation.drive.is_folder(folder):
        return invocation.fail(WindowsError(3))
    listing = _Listing(invocation, pattern, bare=bare, deep="s" in found)
    for switch in found:
        if switch.startswith("a"):
            listing.kind = switch[1:].lstrip(":")
        if switch.startswith("o"):
            listing.order = switch[1:].lstrip(":")
    return listing.show(folder)


class _Listing:
    """One `dir`: its output and its counts."""

    def __init__(self, invocation: Invocation, pattern: str, *, bare: bool, deep: bool) -> None:
        self._invocation = invocation
        self._pattern = pattern
        self._bare = bare
        self._deep = deep
        self._files = self._bytes = self._folders = 0
        self.kind = self.order = ""

    def show(self, folder: str) -> int:
        self._folder(folder)
        out = self._invocation.stdout
        if not (self._files or self._folders):
            return self._invocation.fail("File Not Found")
        if self._bare:
            return 0
        if self._deep:
            out.lines(f"\n     Total Files Listed:\n{_files(self._files, self._bytes)}")
        out.lines(f"{self._folders:16} Dir(s)  {_FREE:14,} bytes free\n")
        return 0

    def _folder(self, folder: str) -> None:
        drive, out = self._invocation.drive, self._invocation.stdout
        found = sorted(drive.matching(join(folder, self._pattern)), key=self._key, reverse=self.order.startswith("-"))
        found = [path for path in found if self._wanted(path)]
        files = [drive.locate(path) for path in found if not drive.is_folder(path)]
        size = sum(place.stat().st_size for place in files)
        if self._bare:
            for path in found:
                out.line(path if self._deep else basename(path))
        elif found:
            out.lines(f"\n Directory of {drive.shown(folder)}\n\n")
            dots = [drive.locate(folder)] * 2 if self._pattern == "*" and self.kind != "-d" and len(folder) > 3 else []
            for place, name in zip(dots, (".", ".."), strict=False):
                out.line(_row(place, name))
            for path in found:
                out.line(_row(drive.locate(path), basename(path)))
            out.lines(_files(len(files), size))
            self._folders += len(dots)
        self._files, self._bytes = self._files + len(files), self._bytes + size
        self._folders += len(found) - len(files)
        if self._deep:
            for inner in drive.entries(folder):
                if drive.is_folder(inner):
                    self._folder(inner)

    def _wanted(self, path: str) -> bool:
        if self.kind in ("d", "-d"):
            return self._invocation.drive.is_folder(path) == (self.kind == "d")
        return True

    def _key(self, path: str) -> tuple[float, str]:
        place = self._invocation.drive.locate(path)
        order = self.order.lstrip("-")
        if order.startswith("d"):
            return place.stat().st_mtime, path.upper()
        if order.startswith("s"):
            return place.stat().st_size, path.upper()
        return (0 if place.is_dir() else 1) if order.startswith("g") else 0, path.upper()


def _files(number: int, size: int) -> str:
    return f"{number:16} File(s) {size:14,} bytes\n"


def _row(place: Path, name: str) -> str:
    status = place.stat()
    moment = datetime.fromtimestamp(status.st_mtime).astimezone().strftime("%m/%d/%Y  %I:%M %p")
    size = "    <DIR>         " if place.is_dir() else f"{status.st_size:>18,}"
    return f"{moment}{size} {name}"
