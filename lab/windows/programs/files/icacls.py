"""The program `icacls`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lab.windows.invocation import Invocation
from lab.windows.paths import WindowsError, basename, has_wildcard, parent
from lab.windows.programs.files.transfer import everything

_KNOWN_SIDS = {
    "S-1-5-18": "NT AUTHORITY\\SYSTEM",
    "S-1-5-32-544": "BUILTIN\\Administrators",
    "S-1-5-32-545": "BUILTIN\\Users",
    "S-1-1-0": "Everyone",
    "S-1-5-11": "NT AUTHORITY\\Authenticated Users",
    "S-1-5-20": "NT AUTHORITY\\NETWORK SERVICE",
    "S-1-5-19": "NT AUTHORITY\\LOCAL SERVICE",
    "S-1-3-0": "CREATOR OWNER",
}
_PROCESSED = "Successfully processed {} files; Failed processing {} files"
_INHERITED = "(I)"
_FLAGS = {"/reset": "reset", "/t": "deep", "/q": "quiet"}
_RIGHTS = re.compile(r"((?:\((?:OI|CI|IO|NP)\))*)(?:\(([A-Z]{1,4}(?:,[A-Z]{1,4})*)\)|([NFMRWDX]+))\Z", re.IGNORECASE)
_PARAMETER, _NO_MAPPING = 87, 1332  # guess: exit codes are the Win32 errors


class _RefusedError(Exception):
    """Raised for a parameter that icacls does not know."""


@dataclass
class _Wish:
    """The parsed command line; `grants` are (account, rights, whether they replace earlier rights)."""

    path: str
    inheritance: str = ""
    grants: list[tuple[str, str, bool]] = field(default_factory=list)
    removals: list[str] = field(default_factory=list)
    reset: bool = False
    deep: bool = False
    quiet: bool = False

    @property
    def changes(self) -> bool:
        """True if anything is to be changed; else the entries are listed."""
        return bool(self.inheritance or self.grants or self.removals or self.reset)


def icacls(invocation: Invocation) -> int:
    """Run `icacls PATH [/inheritance:e|d|r] [/grant[:r] WHO:RIGHTS...] [/remove WHO...] [/reset] [/t] [/c] [/q]`."""
    try:
        wish = _understood(invocation.args)
    except _RefusedError as error:
        invocation.stderr.line(invocation.words('Invalid parameter "{}"', error))
        return _PARAMETER
    done, code = 0, 0
    try:
        for path in _paths(invocation, wish):
            _one(invocation, wish, path)
            done += 1
    except WindowsError as error:
        name = wish.path if error.code != _NO_MAPPING else (wish.grants or [(wish.path, "", False)])[0][0]
        invocation.stderr.line(f"{name}: {invocation.words.of(error)}")
        code = error.code
    failed = 1 if code else 0
    if not wish.changes and not code:
        invocation.stdout.line()
    invocation.stdout.line(invocation.words(_PROCESSED, done, failed))
    return code


def _understood(arguments: list[str]) -> _Wish:
    if not arguments or arguments[0].startswith("/"):
        raise _RefusedError(arguments[0] if arguments else "")
    wish, rest = _Wish(arguments[0]), arguments[1:]
    while rest:
        option = rest.pop(0)
        values: list[str] = []
        while rest and not rest[0].startswith("/"):
            values.append(rest.pop(0))
        _option(wish, option, values)
    return wish


def _option(wish: _Wish, option: str, values: list[str]) -> None:
    name = option.lower()
    if name in ("/grant", "/grant:r") and values:
        for value in values:
            account, colon, rights = value.rpartition(":")
            if not colon or not account or not _RIGHTS.match(rights):
                raise _RefusedError(value)
            wish.grants.append((account, rights, name.endswith(":r")))
    elif name in ("/remove", "/remove:g") and values:
        wish.removals += values
    elif values:
        raise _RefusedError(values[0])
    elif name in ("/inheritance:e", "/inheritance:d", "/inheritance:r"):
        wish.inheritance = name[-1]
    elif name in _FLAGS:
        setattr(wish, _FLAGS[name], True)
    elif name not in ("/c", "/l"):
        raise _RefusedError(option)


def _paths(invocation: Invocation, wish: _Wish) -> list[str]:
    absolute = invocation.absolute(wish.path)
    found = list(invocation.drive.matching(absolute))
    if not found:
        raise WindowsError(2 if invocation.drive.is_folder(parent(absolute)) else 3)
    if wish.deep:
        return [below for path in found for below in everything(invocation, path)]
    return found


def _one(invocation: Invocation, wish: _Wish, path: str) -> None:
    shown = wish.path
    if has_wildcard(wish.path) or wish.deep:
        shown = wish.path[: len(wish.path) - len(basename(wish.path))] + basename(path)
    machine = invocation.machine
    if not wish.changes:
        rows = f"\n{' ' * (len(shown) + 1)}".join(machine.acl(path))
        invocation.stdout.lines(f"{shown} {rows}\n")
        return
    if wish.reset:
        machine.forget_acl(path)
    else:
        machine.set_acl(path, _changed(invocation, wish, list(machine.acl(path))))
    if not wish.quiet:
        invocation.stdout.line(invocation.words("processed file: {}", shown))


def _changed(invocation: Invocation, wish: _Wish, entries: list[str]) -> list[str]:
    removed = [_account(invocation, name, entries).lower() for name in wish.removals]
    granted = [(_account(invocation, name, entries), rights, replaces) for name, rights, replaces in wish.grants]
    if wish.inheritance == "r":
        entries = [entry for entry in entries if _INHERITED not in entry]
    elif wish.inheritance == "d":
        entries = [entry.replace(_INHERITED, "") for entry in entries]
    for account, rights, replaces in granted:
        if replaces:
            entries = [one for one in entries if _owner(one) != account.lower() or _INHERITED in one]
        found = _RIGHTS.match(rights)
        flags, listed, simple = found.groups() if found else ("", rights, "")
        entry = f"{account}:" + f"{flags}({listed or simple})".upper()
        if entry not in entries:
            entries.insert(0, entry)
    return [entry for entry in entries if _owner(entry) not in removed or _INHERITED in entry]


def _owner(entry: str) -> str:
    return entry.partition(":(")[0].lower()


def _account(invocation: Invocation, name: str, entries: list[str]) -> str:
    """Return the name that icacls prints for an account or `*SID`; raises WindowsError 1332."""
    if name.startswith("*"):
        sid = name[1:].upper()
        if not re.fullmatch(r"S(-\d+){2,}", sid):
            raise WindowsError(_NO_MAPPING)
        return _KNOWN_SIDS.get(sid, sid)
    known = [*_KNOWN_SIDS.values(), invocation.session.shell.user, *(entry.partition(":(")[0] for entry in entries)]
    for full in known:
        if name.lower() in (full.lower(), full.rpartition("\\")[2].lower()):
            return full
    raise WindowsError(_NO_MAPPING)
