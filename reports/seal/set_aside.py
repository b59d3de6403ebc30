"""Removal from the evidence, before its manifest is made, of files that hold or may hold a secret."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from fixtures.secrets.leak_hooks import Leak, Unsearched
from fixtures.system.visible import visible
from reports.pages.wording import Words

FOLDER = ".set-aside"  # beside the changes' folders, whose names begin with a letter or digit
NOTE = "set-aside.txt"
_ONLY_ME = 0o700
_TOLD = 5  # files named one by one on the terminal


def set_aside(site_folder: Path, run: str, found: Sequence[Leak | Unsearched], say: Words) -> list[str]:
    """Move files out of a change's folder; return lines about the first few. `set-aside.txt` there lists them all."""
    place = site_folder.parent / FOLDER / site_folder.name / (run or f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    said = [_moved(site_folder, place, one, say) for one in found]
    with (site_folder / NOTE).open("a", encoding="utf-8", newline="\n") as note:
        note.writelines(f"{visible(f'{run}: {line}')}\n" for line in said)
    more = [say("seal.more", number=len(said) - _TOLD, note=NOTE)] if len(said) > _TOLD else []
    return [*said[:_TOLD], *more, say("seal.place", place=place)]


def still_there(site_folder: Path, leaks: Sequence[Leak]) -> bool:
    """True if one of the files that hold secrets could not be moved and is still there."""
    return any(os.path.lexists(site_folder / leak.file) for leak in leaks)


def _moved(site_folder: Path, place: Path, one: Leak | Unsearched, say: Words) -> str:
    if isinstance(one, Leak):
        what = say("seal.holds", file=one.shown, secrets=say("mark.comma").join(one.secrets))
    else:
        what = say("seal.not_searched", file=one.shown, why=say(f"seal.why.{one.why}"))
    try:
        _make(site_folder.parent / FOLDER)
        to = place / one.file
        to.parent.mkdir(parents=True, exist_ok=True)
        (site_folder / one.file).replace(to)
    except OSError as error:
        return say("seal.stuck", what=what, error=error.strerror or error)
    return say("seal.moved", what=what)


def _make(folder: Path) -> None:
    """Make the folder for all files that are set aside, accessible to its owner only."""
    folder.mkdir(mode=_ONLY_ME, exist_ok=True)
    folder.chmod(_ONLY_ME)
