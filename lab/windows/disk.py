"""The one way in which Windows programs write to the drive, where a full disk can be imitated."""

from __future__ import annotations

import threading
from pathlib import Path

from lab.windows.attributes import is_read_only
from lab.windows.paths import WindowsError, windows_error


class Disk:
    """A writer of files. A fault is a subclass that raises WindowsError(112), or writes a half and then raises it."""

    def __init__(self) -> None:
        # Two shells that make `Lock` and `lock` at once must not both succeed, as names are case-insensitive.
        self._naming = threading.Lock()

    def write_file(self, place: Path, data: bytes) -> None:
        """Write a file; raises WindowsError."""
        self._refuse_read_only(place)
        try:
            place.write_bytes(data)
        except OSError as error:
            raise windows_error(error) from error

    def append(self, place: Path, data: bytes) -> None:
        """Append to a file; raises WindowsError."""
        self._refuse_read_only(place)
        try:
            with place.open("ab") as file:
                file.write(data)
        except OSError as error:
            raise windows_error(error) from error

    def replace(self, source: Path, target: Path) -> None:
        """Rename a file or folder, in place of a file that has the name; raises WindowsError."""
        self._refuse_read_only(target)
        try:
            source.replace(target)
        except OSError as error:
            raise windows_error(error) from error

    def rename(self, source: Path, target: Path) -> None:
        """Rename a file or folder to a free name; raises WindowsError (183 if the name exists)."""
        with self._naming:
            if any(kept.name.upper() == target.name.upper() and kept != source for kept in target.parent.iterdir()):
                raise WindowsError(183)
            try:
                source.rename(target)
            except OSError as error:
                raise windows_error(error) from error

    def remove(self, place: Path) -> None:
        """Remove a file; raises WindowsError."""
        self._refuse_read_only(place)
        try:
            place.unlink()
        except OSError as error:
            raise windows_error(error) from error

    @staticmethod
    def _refuse_read_only(place: Path) -> None:
        if is_read_only(place):
            raise WindowsError(5)

    def read_file(self, place: Path) -> bytes:
        """Return the content of a file; raises WindowsError."""
        try:
            return place.read_bytes()
        except OSError as error:
            raise windows_error(error) from error

    def make_folder(self, place: Path) -> None:
        """Make a folder; raises WindowsError 183 if a file or folder of this name exists in any case."""
        with self._naming:
            try:
                if place.parent.is_dir() and any(
                    kept.name.upper() == place.name.upper() for kept in place.parent.iterdir()
                ):
                    raise WindowsError(183)
                place.mkdir()
            except OSError as error:
                raise windows_error(error) from error
