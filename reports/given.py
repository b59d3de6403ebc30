"""The folder given to a command: that of a change, or of one of its runs."""

from __future__ import annotations

from pathlib import Path

from fixtures.system.plain_files import what_else
from reports.journal.chains import run_folders
from reports.seal import manifest


class NoEvidence(Exception):
    """Raised if the path given to a command holds no evidence of a run; the message is one line."""


def whole(path: Path) -> Path:
    """Return the path with its links resolved. Raises NoEvidence if it does not exist or cannot be resolved."""
    try:
        return path.resolve(strict=True)
    except FileNotFoundError:
        raise NoEvidence(f"{path}: there is no such file or folder") from None
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: a circle of links; ValueError: a zero byte
        raise NoEvidence(f"{path}: {getattr(error, 'strerror', None) or error}") from None


def change_folder(path: Path, *, sealed: bool = False) -> Path:
    """Return the change's folder, given it or the folder of one of its runs. Raises NoEvidence.

    `sealed`: a folder without a run, but with a manifest, is accepted too.
    """
    folder = whole(path)
    folder = folder.parent.parent if folder.parent.name == "runs" else folder
    if what_else(folder) != "a folder":
        raise NoEvidence(f"{folder}: it is no folder, but {what_else(folder) or 'a file'}")
    try:
        there = run_folders(folder) or (sealed and (folder / manifest.NAME).exists())
    except OSError as error:
        raise NoEvidence(f"{folder}: it cannot be read: {error.strerror or error}") from None
    if not there:
        raise NoEvidence(f"{folder}: no evidence of a run here")
    return folder
