"""The commands on folders, and those that delete: `mkdir`, `rmdir`, `del`, `cd`, `pushd`, `popd`."""

from __future__ import annotations

import shutil

from lab.windows import texts
from lab.windows.arguments import switches
from lab.windows.attributes import set_read_only
from lab.windows.invocation import Invocation
from lab.windows.paths import WindowsError, basename, join, parent, windows_error
from lab.windows.programs.files.transfer import consent, everything, make_folders

_EXISTS = "A subdirectory or file {} already exists."
_RMDIR_SWITCHES = {"s", "q"}
_DEL_SWITCHES = {"f", "q"}


def mkdir(invocation: Invocation) -> int:
    """Run `mkdir PATH...`, with missing folders on the way.

    An existing one is an error, printed with the name as typed.
    """
    found, names = switches(invocation.raw)
    if found or not names:
        return invocation.fail(texts.SYNTAX)
    code = 0
    for name in names:
        try:
            path = invocation.absolute(name)
            make_folders(invocation, path)
        except WindowsError as error:
            exists = error.code == 183
            code = invocation.fail(invocation.words(_EXISTS, name) if exists else error)
    return code


def rmdir(invocation: Invocation) -> int:
    """Run `rmdir [/s [/q]] PATH...`. The exit code is the Win32 error (guess), ERRORLEVEL stays."""
    found, names = switches(invocation.raw)
    wrong = next((switch for switch in found if switch not in _RMDIR_SWITCHES), None)
    if wrong is not None:
        return invocation.fail(invocation.words(texts.INVALID_SWITCH, wrong))
    if not names:
        return invocation.fail(texts.SYNTAX)
    code = 0
    for name in names:
        try:
            _remove_folder(invocation, name, deep="s" in found, silent="q" in found)
        except WindowsError as error:
            code = invocation.fail(error, error.code)
    return code


def _remove_folder(invocation: Invocation, name: str, *, deep: bool, silent: bool) -> None:
    path = invocation.absolute(name)
    place = invocation.drive.locate(path)
    if not place.exists():
        raise WindowsError(2 if place.parent.is_dir() else 3)
    if not place.is_dir():
        raise WindowsError(267)
    if place == invocation.drive.root:
        raise WindowsError(5)
    if deep and not silent and consent(invocation, f"{name}, Are you sure (Y/N)? ") != "Y":
        return
    if not deep and any(place.iterdir()):
        raise WindowsError(145)
    gone = everything(invocation, path)
    try:
        if deep:
            shutil.rmtree(place)
        else:
            place.rmdir()
    except OSError as error:
        raise windows_error(error) from error
    for path in gone:
        invocation.machine.forget_acl(path)


def delete(invocation: Invocation) -> int:
    """Run `del [/q /f] NAME...`. A missing file is reported on stderr; the exit code is 0 nevertheless."""
    found, names = switches(invocation.raw)
    wrong = next((switch for switch in found if switch not in _DEL_SWITCHES), None)
    if wrong is not None:
        return invocation.fail(invocation.words(texts.INVALID_SWITCH, wrong))
    if not names:
        return invocation.fail(texts.SYNTAX)
    code = 0
    for name in names:
        try:
            _delete(invocation, invocation.absolute(name), silent="q" in found, force="f" in found)
        except WindowsError as error:
            code = invocation.fail(error)
    return code


def _delete(invocation: Invocation, path: str, *, silent: bool, force: bool) -> None:
    drive = invocation.drive
    if drive.is_folder(path):
        path = join(path, "*")
    if not drive.is_folder(parent(path)):
        raise WindowsError(3)
    all_of_them = basename(path) in ("*", "*.*")
    if all_of_them and not silent and consent(invocation, f"{path}, Are you sure (Y/N)? ") != "Y":
        return
    files = [file for file in drive.matching(path) if not drive.is_folder(file)]
    if not files:
        invocation.fail(invocation.words("Could Not Find {}", path))
    for file in files:
        place = drive.locate(file)
        if force:
            set_read_only(place, on=False)
        try:
            invocation.disk.remove(place)
        except WindowsError as error:
            invocation.fail(f"{file}\n{error}")  # and the exit code is 0 nevertheless
            continue
        invocation.machine.forget_acl(file)


def change_directory(invocation: Invocation) -> int:
    """Run `cd [/d] [PATH]`: without a path print the current directory."""
    found, names = switches(invocation.raw)
    if set(found) - {"d"}:
        return invocation.fail(WindowsError(3))
    path = " ".join(names)  # blanks need no quotes here
    if not path:
        invocation.stdout.line(invocation.cwd)
        return 0
    return _enter(invocation, path)


def _enter(invocation: Invocation, path: str) -> int:
    absolute = invocation.absolute(path)
    if invocation.drive.is_folder(absolute):
        invocation.session.directory = invocation.drive.shown(absolute)
        return 0
    return invocation.fail(WindowsError(267 if invocation.drive.exists(absolute) else 3))


def push_directory(invocation: Invocation) -> int:
    """Run `pushd [PATH]`."""
    _, names = switches(invocation.raw)
    if not names:
        for folder in reversed(invocation.session.folders):
            invocation.stdout.line(folder)
        return 0
    before = invocation.cwd
    code = _enter(invocation, names[0])
    if code == 0:
        invocation.session.folders.append(before)
    return code


def pop_directory(invocation: Invocation) -> int:
    """Run `popd`."""
    if not invocation.session.folders:
        return 1
    invocation.session.directory = invocation.session.folders.pop()
    return 0
