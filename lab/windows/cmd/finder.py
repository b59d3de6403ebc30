"""The search for a command's program: folders of PATH, endings of PATHEXT."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from lab.windows.invocation import Session
from lab.windows.paths import Drive, WindowsError, basename, has_wildcard

SYSTEM32 = "C:\\Windows\\System32"
# Programs of Windows itself exist without a file on the drive; all in System32 except these.
_POWERSHELL = SYSTEM32 + "\\WindowsPowerShell\\v1.0"
_ELSEWHERE = {"wmic.exe": SYSTEM32 + "\\wbem", "powershell.exe": _POWERSHELL}
_DEFAULT_PATH = f"{SYSTEM32};C:\\Windows;{SYSTEM32}\\wbem;{_POWERSHELL}"
_DEFAULT_ENDINGS = ".COM;.EXE;.BAT;.CMD"


@dataclass(frozen=True)
class Finder:
    """A finder of a host's programs. `system` are the file names (lower case) that belong to Windows."""

    drive: Drive
    system: Collection[str]

    def find(self, name: str, session: Session) -> str | None:
        """Return the path of a named program, None if there is none; raises WindowsError 3 for a lost folder."""
        if any(sign in name for sign in "\\/:"):
            return self._by_path(name, session)
        return next(self.all(name, session), None)

    def all(self, name: str, session: Session) -> Iterator[str]:
        """Yield every program of this name: in the current directory, then along PATH."""
        path = session.environment.get("PATH", _DEFAULT_PATH)
        for folder in [session.directory, *filter(None, path.split(";"))]:
            try:
                absolute = self.drive.absolute(folder.strip('"'), session.directory)
                yield from self._in_folder(absolute, name, session)
            except WindowsError:
                continue

    def _by_path(self, name: str, session: Session) -> str | None:
        cut = len(name) - len(basename(name))
        folder = self.drive.absolute(name[:cut], session.directory)
        found = next(self._in_folder(folder, name[cut:], session), None)
        is_lost = found is None and not self.drive.is_folder(folder) and folder.upper() != SYSTEM32.upper()
        if is_lost:
            raise WindowsError(3)
        return found

    def _in_folder(self, folder: str, name: str, session: Session) -> Iterator[str]:
        if not name or has_wildcard(name):
            return
        endings = session.environment.get("PATHEXT", _DEFAULT_ENDINGS).split(";")
        has_ending = any(name.upper().endswith(ending.upper()) for ending in endings if ending)
        for candidate in ([name] if has_ending else []) + [name + ending.lower() for ending in endings if ending]:
            home = _ELSEWHERE.get(candidate.lower(), SYSTEM32)
            path = self.drive.absolute(candidate, folder)
            if candidate.lower() in self.system and folder.rstrip("\\").upper() == home.upper():
                yield path
            elif self.drive.exists(path) and not self.drive.is_folder(path):
                yield self.drive.shown(path)
