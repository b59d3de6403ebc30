"""8.3 names as NTFS makes them: `Program Files (x86)` is also `PROGRA~2`, `jre1.8.0_221` is `JRE18~1.0_2`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

_TAKEN_OVER = re.compile(r"[^A-Z0-9!#$%&'()@^_`{}~-]")
_IS_SHORT = re.compile(r"[A-Z0-9!#$%&'()@^_`{}~-]{1,8}(\.[A-Z0-9!#$%&'()@^_`{}~-]{1,3})?")


def short_names(names: Iterable[str]) -> dict[str, str]:
    """Return the short name of each name of one folder; a name that is already short stays.

    Numbers are given in the order of the names: the lab knows no order in which they were made.
    """
    given: dict[str, str] = {}
    ordered = sorted(names, key=str.upper)
    taken = {name.upper() for name in ordered}
    for name in ordered:
        if _IS_SHORT.fullmatch(name.upper()):
            given[name] = name
            continue
        stem, dot, extension = name.upper().strip(".").rpartition(".")
        stem, extension = (stem, extension) if dot else (extension, "")
        base = _TAKEN_OVER.sub("", stem.replace(".", "").replace(" ", ""))[:6]
        ending = f".{_TAKEN_OVER.sub('', extension)[:3]}" if extension else ""
        number = 1
        while (short := f"{base}~{number}{ending}") in taken:
            number += 1
        taken.add(short)
        given[name] = short
    return given


def named(folder: Path, name: str) -> str | None:
    """Return the long name of the entry of a folder that has this short name; None when it has none."""
    if "~" not in name:
        return None
    found = short_names(entry.name for entry in folder.iterdir())
    return next((long for long, short in found.items() if short == name.upper()), None)
