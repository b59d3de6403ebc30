"""The commands `copy`, `move` and `ren`."""

from __future__ import annotations

import os
import re

from lab.windows import texts
from lab.windows.arguments import switches
from lab.windows.attributes import is_read_only
from lab.windows.invocation import Invocation
from lab.windows.paths import WindowsError, basename, has_wildcard, is_nul, join, parent
from lab.windows.programs.files.transfer import consent, copy_file, move, rename, sources

# Whole texts: the place of the number depends on the language.
_COUNTS = {"copied": "{:9} file(s) copied.", "moved": "{:9} file(s) moved."}
_COPY_SWITCHES = {"a", "b", "d", "l", "n", "v", "y", "-y", "z"}
_DUPLICATE = "A duplicate file name exists, or the file\ncannot be found."
_MOVE_SWITCHES = {"y", "-y"}


def copy(invocation: Invocation) -> int:
    """Run `copy [/y /b] SOURCE[+SOURCE...] [TARGET]`, or `copy /b NAME+,,`, which sets a file's time to now."""
    found, names = switches(re.sub(r"\s*\+\s*", "+", invocation.raw))
    wrong = next((switch for switch in found if switch not in _COPY_SWITCHES), None)
    if wrong is not None:
        return invocation.fail(invocation.words(texts.INVALID_SWITCH, wrong))
    if not 1 <= len(names) <= 2:
        return invocation.fail(texts.SYNTAX)
    is_touch = names[0].endswith("+,,")
    parts = [part for part in names[0].removesuffix("+,,").split("+") if part]
    if not parts:
        return invocation.fail(texts.SYNTAX)
    target = names[1] if len(names) > 1 else ""
    silent = "y" in found or invocation.session.environment.get("COPYCMD", "").strip().lower() == "/y"
    try:
        if len(parts) > 1 or is_touch:
            return _joined(invocation, parts, target, binary="b" in found, silent=silent or is_touch)
        return _copied(invocation, parts[0], target or ".", silent=silent)
    except WindowsError as error:
        invocation.fail(error)
        return _count(invocation, 0, "copied")


def _copied(invocation: Invocation, source: str, target: str, *, silent: bool) -> int:
    if is_nul(source):
        invocation.write(_target(invocation, target, "nul"), b"")
        return _count(invocation, 1, "copied")
    files = sources(invocation, source)
    if len(files) > 1 and not _is_folder(invocation, target):
        return _joined(invocation, [source], target, binary=False, silent=silent)
    is_list = has_wildcard(source) or invocation.drive.is_folder(invocation.absolute(source))
    done = 0
    for file in files:
        goal = _target(invocation, target, basename(file))
        if is_list:
            invocation.stdout.line(_prefix(invocation, source) + basename(file))
        if goal.upper() == file.upper():
            invocation.fail("The file cannot be copied onto itself.")
            return _count(invocation, done, "copied")
        if is_nul(target):
            done += 1
            continue
        if not silent and invocation.drive.exists(goal) and not _agreed(invocation, target):
            return _count(invocation, done, "copied")
        copy_file(invocation, file, goal)
        done += 1
    return _count(invocation, done, "copied")


def _joined(invocation: Invocation, parts: list[str], target: str, *, binary: bool, silent: bool) -> int:
    """Join several files into one, whose time is now.

    Without a target, it has the name of the first file, in the current directory.
    """
    files = [file for part in parts for file in sources(invocation, part)]
    goal = _target(invocation, target or ".", basename(files[0]))
    data = b"".join(invocation.read(file) if binary else invocation.read(file).partition(b"\x1a")[0] for file in files)
    in_place = goal.upper() == files[0].upper()
    if not (silent or in_place) and invocation.drive.exists(goal) and not _agreed(invocation, target):
        return _count(invocation, 0, "copied")
    for part in parts if len(files) > 1 else []:
        for file in sources(invocation, part):
            invocation.stdout.line(_prefix(invocation, part) + basename(file))
    if in_place and len(files) == 1:
        if is_read_only(invocation.drive.locate(goal)):
            raise WindowsError(5)
        os.utime(invocation.drive.locate(goal))
        return _count(invocation, 1, "copied")
    # Text is read up to a Ctrl-Z, and written with one at its end.
    invocation.write(goal, data if binary else data + b"\x1a")
    return _count(invocation, 1, "copied")


def _prefix(invocation: Invocation, source: str) -> str:
    """Return the text before the names of a source's files when they are listed."""
    if not has_wildcard(source) and invocation.drive.is_folder(invocation.absolute(source)):
        return source.rstrip("\\") + "\\"
    return source[: len(source) - len(basename(source))]


def _is_folder(invocation: Invocation, target: str) -> bool:
    return target.endswith(("\\", "/")) or is_nul(target) or invocation.drive.is_folder(invocation.absolute(target))


def _target(invocation: Invocation, target: str, name: str) -> str:
    """Return the absolute path to write: the target, or a file of this name in it if it is a folder."""
    absolute = invocation.absolute(target)
    if invocation.drive.is_folder(absolute):
        return join(absolute, name)
    if target.endswith(("\\", "/")):
        raise WindowsError(3)
    return absolute


def _agreed(invocation: Invocation, target: str) -> bool:
    # guess: no answer is a no, and then the exit code is 1.
    return consent(invocation, f"Overwrite {target}? (Yes/No/All): ") in ("Y", "A")


def _count(invocation: Invocation, number: int, word: str) -> int:
    invocation.stdout.line(invocation.words(_COUNTS[word], number))
    return 0 if number else 1


def move_command(invocation: Invocation) -> int:
    """Run `move [/y] SOURCE [TARGET]`: rename, atomically within the drive."""
    found, names = switches(invocation.raw)
    wrong = next((switch for switch in found if switch not in _MOVE_SWITCHES), None)
    if wrong is not None:
        return invocation.fail(invocation.words(texts.INVALID_SWITCH, wrong))
    if not 1 <= len(names) <= 2:
        return invocation.fail(texts.SYNTAX)
    target = names[1] if len(names) > 1 else "."
    drive, source = invocation.drive, invocation.absolute(names[0])
    if not has_wildcard(source) and drive.is_folder(source):
        return _move_folder(invocation, source, _target(invocation, target, basename(source)))
    files = [name for name in drive.matching(source) if not drive.is_folder(name)]
    if not files:
        return invocation.fail(WindowsError(2 if drive.is_folder(parent(source)) else 3))
    goals = [(file, _target(invocation, target, basename(file))) for file in files]
    if len({goal.upper() for _, goal in goals}) < len(goals):
        return invocation.fail("Cannot move multiple files to a single file.")
    return _moved(invocation, goals, silent="y" in found)


def rename_command(invocation: Invocation) -> int:
    """Run `ren PATH NAME` for one file or folder.

    If the name exists, nothing is replaced; 1 is returned, with cmd's message.
    """
    found, names = switches(invocation.raw)
    if found or len(names) != 2 or basename(names[1]) != names[1]:
        return invocation.fail(texts.SYNTAX)
    if has_wildcard(names[0]) or has_wildcard(names[1]):
        return invocation.fail(texts.LAB_LACKS.format("ren with a pattern"))
    try:
        source = invocation.absolute(names[0])
        if not invocation.drive.exists(source):
            return invocation.fail(WindowsError(2 if invocation.drive.is_folder(parent(source)) else 3))
        rename(invocation, source, join(parent(source), names[1]))
    except WindowsError as error:
        return invocation.fail(_DUPLICATE if error.code == 183 else error)
    return 0


def _move_folder(invocation: Invocation, source: str, goal: str) -> int:
    if not invocation.drive.is_folder(parent(goal)):
        return invocation.fail(WindowsError(3))
    move(invocation, source, goal)
    invocation.stdout.line(invocation.words("{:9} dir(s) moved.", 1))
    return 0


def _moved(invocation: Invocation, goals: list[tuple[str, str]], *, silent: bool) -> int:
    for file, goal in goals:
        if not invocation.drive.is_folder(parent(goal)):
            return invocation.fail(WindowsError(3))
        if len(goals) > 1:
            invocation.stdout.line(file)
        exists = invocation.drive.exists(goal) and goal.upper() != file.upper()
        if exists and not silent and not _agreed(invocation, goal):
            return _count(invocation, 0, "moved")
        move(invocation, file, goal)
    return _count(invocation, len(goals), "moved")
