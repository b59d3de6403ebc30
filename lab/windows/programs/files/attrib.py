"""The program `attrib`: the attribute R of files; the others are only shown."""

from __future__ import annotations

from lab.windows import texts
from lab.windows.attributes import is_read_only, set_read_only
from lab.windows.invocation import Invocation


def attrib(invocation: Invocation) -> int:
    """Run `attrib [+r | -r] NAME...`; return 0 even for a missing file, which is reported on stdout."""
    wanted = {word[1:].lower(): word[0] for word in invocation.args if word[:1] in ("+", "-")}
    names = [word for word in invocation.args if word[:1] not in ("+", "-")]
    if set(wanted) - {"r"} or any(name.startswith("/") for name in names):
        return invocation.fail(texts.LAB_LACKS.format("attrib of others than R, or with switches"))
    for name in names or ["*"]:
        _one(invocation, name, wanted.get("r", ""))
    return 0


def _one(invocation: Invocation, name: str, sign: str) -> None:
    drive = invocation.drive
    found = [path for path in drive.matching(invocation.absolute(name)) if not drive.is_folder(path)]
    if not found:
        invocation.stdout.line(invocation.words("File not found - {}", name))
    for path in found:
        place = drive.locate(path)
        if sign:
            set_read_only(place, on=sign == "+")
        else:  # guess: the columns
            invocation.stdout.line(f"A    {'R' if is_read_only(place) else ' '}       {drive.shown(path)}")
