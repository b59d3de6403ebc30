"""The attribute R (read-only) of files on a drive, kept as the owner's missing right to write on this system."""

from __future__ import annotations

import stat
from pathlib import Path


def is_read_only(place: Path) -> bool:
    """True if a file has the attribute R; a folder's R means nothing."""
    return place.is_file() and not place.stat().st_mode & stat.S_IWUSR


def set_read_only(place: Path, *, on: bool) -> None:
    """Set or clear the attribute R of a file."""
    mode = place.stat().st_mode
    place.chmod(mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) if on else mode | stat.S_IWUSR)


def shown(place: Path) -> str:
    """Return the nine letters or dashes of FOR's `%~a`: empty when there is no such file."""
    if not place.exists():
        return ""
    is_folder = place.is_dir()
    return f"{'d' if is_folder else '-'}{'r' if is_read_only(place) else '-'}{'-' if is_folder else 'a'}------"
