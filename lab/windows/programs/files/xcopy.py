"""The program `xcopy`."""

from __future__ import annotations

from dataclasses import dataclass

from lab.windows.arguments import switches
from lab.windows.attributes import set_read_only
from lab.windows.invocation import Invocation
from lab.windows.paths import WindowsError, basename, has_wildcard, join, parent
from lab.windows.programs.files.transfer import consent, copy_file, make_folders

# /h, /c, /v, /z, /j and /g have nothing to act on here; switches that are not listed are refused.
_SWITCHES = frozenset({"o", "h", "k", "r", "y", "-y", "i", "e", "s", "q", "d", "c", "v", "z", "j", "g", "x"})
_FAILED = 4
_COPIED = "{} File(s) copied"
_QUESTION = "Does {} specify a file name\nor directory name on the target\n(F = file, D = directory)? "


class _RefusedError(Exception):
    """Raised to stop copying; the message, if there is one, goes to stderr."""


@dataclass(frozen=True)
class _Job:
    invocation: Invocation
    switches: frozenset[str]
    shown: str  # printed before a name

    def has(self, switch: str) -> bool:
        return switch in self.switches


def xcopy(invocation: Invocation) -> int:
    """Run `xcopy SOURCE [TARGET]`; return 0 if something was (or, with /d, need not be) copied, 4 if not."""
    found, names = switches(invocation.raw)
    wrong = next((switch for switch in found if switch not in _SWITCHES), None)
    if wrong is not None:
        return _failed(invocation, f"Invalid switch - /{wrong}")
    if not 1 <= len(names) <= 2:
        return _failed(invocation, "Invalid number of parameters")
    source, target = names[0], names[1] if len(names) > 1 else "."
    try:
        path = invocation.absolute(source)
        is_folder = invocation.drive.is_folder(path)
        pattern = join(path, "*") if is_folder else path
        if not is_folder and not any(invocation.drive.matching(path)):
            invocation.stderr.line(invocation.words("File not found - {}", basename(source)))
            invocation.stdout.line(invocation.words(_COPIED, 0))
            return _FAILED
        goal = _goal(invocation, target, several=is_folder or has_wildcard(path), into="i" in found)
        job = _Job(invocation, frozenset(found), _shown(source, is_folder=is_folder))
        return _counted(invocation, _copy_all(job, pattern, goal, ""))
    except (_RefusedError, WindowsError) as error:
        return _failed(invocation, invocation.words.of(error) if isinstance(error, WindowsError) else str(error))


def _goal(invocation: Invocation, target: str, *, several: bool, into: bool) -> tuple[str, bool]:
    """Return the absolute target and whether it is a folder; raises _RefusedError."""
    path = invocation.absolute(target)
    if invocation.drive.exists(path):
        return path, invocation.drive.is_folder(path)
    if target.endswith(("\\", "/")) or (several and into):
        return path, True
    answer = ""
    while answer not in ("F", "D"):
        invocation.stdout.lines(_QUESTION.format(target))
        line = invocation.stdin.line()
        if line is None:  # guess: without an answer nothing is copied
            invocation.stdout.line()
            raise _RefusedError
        answer = line.decode("latin-1").strip()[:1].upper()
        invocation.stdout.line(answer)
    return path, answer == "D"


def _shown(source: str, *, is_folder: bool) -> str:
    """Return the text before a printed name: the folder as typed, or `C:` for a bare name."""
    if is_folder:
        return source.rstrip("\\") + "\\"
    folder = source[: len(source) - len(basename(source))]
    return folder or "C:"


def _copy_all(job: _Job, pattern: str, goal: tuple[str, bool], below: str) -> int:
    """Copy a folder's files, with /s or /e also those below it; return their number."""
    drive = job.invocation.drive
    target, is_folder = goal
    files = [path for path in drive.matching(pattern) if not drive.is_folder(path)]
    if is_folder and (files or job.has("e")):
        _make_folders(job, target, parent(pattern))
    done = 0
    for file in files:
        copied = _copy_one(job, file, join(target, basename(file)) if is_folder else target, below)
        done += copied
    if job.has("s") or job.has("e"):
        folder = parent(pattern)
        for inner in drive.entries(folder):
            if drive.is_folder(inner) and inner.upper() != target.upper():
                name = basename(inner)
                done += _copy_all(job, join(inner, basename(pattern)), (join(target, name), True), below + name + "\\")
    return done


def _make_folders(job: _Job, path: str, source: str) -> None:
    invocation = job.invocation
    if invocation.drive.is_folder(path):
        return
    make_folders(invocation, path)
    if job.has("o"):
        invocation.machine.set_acl(path, invocation.machine.acl(source))


def _copy_one(job: _Job, source: str, target: str, below: str) -> int:
    """Return 1 if the file was copied, 0 if /d or an answer left it out."""
    invocation, drive = job.invocation, job.invocation.drive
    if source.upper() == target.upper():
        raise _RefusedError("File cannot be copied onto itself")  # guess
    if drive.exists(target):
        old, new = drive.locate(target).stat().st_mtime_ns, drive.locate(source).stat().st_mtime_ns
        if job.has("d") and old >= new:
            return 0
        if not job.has("y"):
            answer = consent(invocation, f"Overwrite {target} (Yes/No/All)? ")
            if not answer:  # guess: without an answer xcopy gives up
                raise _RefusedError
            if answer not in ("Y", "A"):
                return 0
        if job.has("r"):
            set_read_only(drive.locate(target), on=False)
    copy_file(invocation, source, target, keeps_read_only=job.has("k"))
    if job.has("o"):
        invocation.machine.set_acl(target, invocation.machine.acl(source))
    if not job.has("q"):
        invocation.stdout.line(job.shown + below + basename(source))
    return 1


def _counted(invocation: Invocation, done: int) -> int:
    invocation.stdout.line(invocation.words(_COPIED, done))
    return 0


def _failed(invocation: Invocation, text: str) -> int:
    if text:
        invocation.stderr.line(text)
    invocation.stdout.line(invocation.words(_COPIED, 0))
    return _FAILED
