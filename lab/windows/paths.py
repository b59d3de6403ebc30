"""Windows paths of a host and the folder that is its drive."""

from __future__ import annotations

import errno
import fnmatch
import os
import re
from collections.abc import Iterator
from pathlib import Path

from lab.windows import texts
from lab.windows.short_names import named, short_names

_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f]')
_LONGEST = 32760  # of a path
_LONGEST_PART = 255


class WindowsError(Exception):
    """A call that Windows refuses: `code` is the Win32 error, the message is the system's text."""

    def __init__(self, code: int) -> None:
        super().__init__(texts.SYSTEM.get(code, f"Win32 error {code}"))
        self.code = code


_CODES: tuple[tuple[type[OSError], int], ...] = (
    (FileNotFoundError, 2),
    (NotADirectoryError, 3),
    (PermissionError, 5),
    (IsADirectoryError, 5),
    (FileExistsError, 183),
)


def windows_error(error: OSError) -> WindowsError:
    """Return the Win32 error that corresponds to an error of this system."""
    by_number = {errno.ENOSPC: 112, errno.ENOTEMPTY: 5}.get(error.errno or 0)
    if by_number:
        return WindowsError(by_number)
    return WindowsError(next((code for kind, code in _CODES if isinstance(error, kind)), 31))


def is_nul(path: str) -> bool:
    """True if a name means the null device, in any folder."""
    return basename(path).rstrip(" :").upper() == "NUL"


def basename(path: str) -> str:
    """Return the last part of a path; empty for one that ends in a backslash."""
    return re.split(r"[\\/:]", path)[-1]


def parent(path: str) -> str:
    r"""Return the folder of an absolute path (`C:\` is its own)."""
    head, _, _ = path.rstrip("\\").rpartition("\\")
    return head if len(head) > 2 else path[:2] + "\\"


def join(folder: str, name: str) -> str:
    """Return the path of a name in a folder."""
    return folder.rstrip("\\") + "\\" + name


def has_wildcard(path: str) -> bool:
    """True if a path has wildcards."""
    name = path.removeprefix("\\\\?\\")  # the prefix of a literal path
    return "*" in name or "?" in name


class Drive:
    """The one drive of a host. Every method takes Windows paths; nothing outside its folder is ever reached."""

    letter = "C"

    def __init__(self, root: Path, *, short_names: bool = True) -> None:
        self.root = root
        self._short_names = short_names  # true if 8.3 names are made on it
        self._real = Path(os.path.realpath(root))

    def absolute(self, path: str, directory: str) -> str:
        r"""Return the `C:\...` path for a path as typed, relative to the current directory; wildcards are kept.

        Raises WindowsError: 15 for another drive, 53 for a share, 123 for a name that cannot be one.
        """
        text = path.replace("/", "\\")
        if text.startswith(("\\\\?\\", "\\\\.\\")):
            text = text[4:]
        elif text.startswith("\\\\"):
            raise WindowsError(53)
        if text[1:2] == ":":
            if text[0].upper() != self.letter:
                raise WindowsError(15)
            text = text[2:]
        base = [] if text.startswith("\\") else directory[2:].split("\\")
        parts: list[str] = []
        for part in [*base, *text.split("\\")]:
            self._add(parts, part)
        whole = f"{self.letter}:\\" + "\\".join(parts)
        if len(whole) > _LONGEST:
            raise WindowsError(206)
        return whole

    @staticmethod
    def _add(parts: list[str], part: str) -> None:
        if part in ("", "."):
            return
        if part == "..":
            del parts[-1:]
            return
        name = part.rstrip(" .")
        if not name or _FORBIDDEN.search(name.replace("*", "").replace("?", "")):
            raise WindowsError(123)
        if len(name.encode("utf-8", "replace")) > _LONGEST_PART or re.search("[\ud800-\udfff]", name):
            raise WindowsError(123)
        parts.append(name)

    def locate(self, path: str) -> Path:
        """Return this system's path for an absolute Windows path, even if nothing exists there.

        Raises WindowsError 123 for wildcards, 5 for a link that leads off the drive.
        """
        place = self.root
        for part in filter(None, path[3:].split("\\")):
            if has_wildcard(part):
                raise WindowsError(123)
            place = _entry(place, part, short_names=self._short_names)
        if not Path(os.path.realpath(place)).is_relative_to(self._real):
            raise WindowsError(5)
        return place

    def shown(self, path: str) -> str:
        """Return the path in the case in which its parts exist on the drive (as `cd` and `dir` show it)."""
        place = self.locate(path)
        return f"{self.letter}:\\" + "\\".join(place.relative_to(self.root).parts)

    def short(self, path: str) -> str:
        """Return an absolute path with the short names of its parts; missing parts stay as typed."""
        place, parts = self.root, []
        for part in filter(None, path[3:].split("\\")):
            folder, place = place, _entry(place, part, short_names=self._short_names)
            siblings = [entry.name for entry in folder.iterdir()] if self._short_names and folder.is_dir() else []
            parts.append(short_names(siblings).get(place.name, place.name))
        return f"{self.letter}:\\" + "\\".join(parts)

    def exists(self, path: str) -> bool:
        """True if a file or folder of this name exists; with wildcards, if anything matches."""
        return any(True for _ in self.matching(path))

    def is_folder(self, path: str) -> bool:
        """True if a folder of this name exists."""
        return not has_wildcard(path) and self.locate(path).is_dir()

    def matching(self, path: str) -> Iterator[str]:
        """Yield the absolute paths that match a name, in order of name; its last part may have wildcards."""
        folder, pattern = parent(path), basename(path)
        if not has_wildcard(pattern):
            if os.path.lexists(self.locate(path)):
                yield path
            return
        place = self.locate(folder)
        if not place.is_dir():
            return
        wanted = re.compile(fnmatch.translate("*" if pattern == "*.*" else _literal(pattern)), re.IGNORECASE)
        for name in sorted((entry.name for entry in place.iterdir()), key=str.upper):
            if wanted.match(name):
                yield join(folder, name)

    def entries(self, path: str) -> list[str]:
        """Return the absolute paths of a folder's entries, in order of name; nothing for a file or a link."""
        place = self.locate(path)
        if place.is_symlink() or not place.is_dir():
            return []
        return [join(path, name) for name in sorted((entry.name for entry in place.iterdir()), key=str.upper)]


def _literal(pattern: str) -> str:
    """Return the pattern with each `[` made literal, as on Windows."""
    return pattern.replace("[", "[[]")


def _entry(folder: Path, name: str, *, short_names: bool) -> Path:
    """Return the entry of a folder that Windows would find: as written, else in any case, else by 8.3 name."""
    exact = folder / name
    if os.path.lexists(exact):
        return exact
    try:
        kept = next((entry.name for entry in folder.iterdir() if entry.name.upper() == name.upper()), None)
        kept = kept or (named(folder, name) if short_names else None) or name
    except OSError:
        return exact
    return folder / kept
