"""Who and where: `hostname`, `whoami`, `where`."""

from __future__ import annotations

from typing import NamedTuple

from lab.windows.invocation import Invocation

_ALWAYS = "Mandatory group, Enabled by default, Enabled group"
_DENY = "Group used for deny only"


class _Group(NamedTuple):
    name: str
    type: str
    sid: str
    attributes: str


def hostname(invocation: Invocation) -> int:
    """The name of the computer."""
    if invocation.args:
        invocation.stderr.line("sethostname: Use the Network Control Panel Applet to set hostname.")
        return 1
    invocation.stdout.line(invocation.machine.hostname)
    return 0


def whoami(invocation: Invocation) -> int:
    """`whoami [/user | /groups]`."""
    arguments = [argument.lower() for argument in invocation.args]
    account = _account(invocation)
    if not arguments:
        invocation.stdout.line(account)
        return 0
    if arguments == ["/user"]:
        _table(invocation, "USER INFORMATION", ("User Name", "SID"), [(account, _sid(account))])
        return 0
    if arguments == ["/groups"]:
        rows = [tuple(group) for group in _groups(elevated=invocation.session.shell.elevated)]
        _table(invocation, "GROUP INFORMATION", ("Group Name", "Type", "SID", "Attributes"), rows)
        return 0
    invocation.stderr.lines(f"ERROR: Invalid argument/option - '{arguments[0]}'.\nType \"WHOAMI /?\" for usage.\n")
    return 1


def _account(invocation: Invocation) -> str:
    r"""`domain\user` in lower case; a user without a domain is one of the host's own."""
    user = invocation.session.shell.user
    if "@" in user:
        name, _, domain = user.partition("@")
        user = f"{domain.partition('.')[0]}\\{name}"
    return (user if "\\" in user else f"{invocation.machine.hostname}\\{user}").lower()


def _sid(account: str) -> str:
    """A SID that is the account's own: the built-in administrator's ends in 500."""
    number = 500 if account.endswith("\\administrator") else 1000 + sum(account.encode()) % 9000
    return f"S-1-5-21-1004336348-1177238915-682003330-{number}"


def _groups(*, elevated: bool) -> list[_Group]:
    level, sid = ("High", "S-1-16-12288") if elevated else ("Medium", "S-1-16-8192")
    administrators = f"{_ALWAYS}, Group owner" if elevated else _DENY
    return [
        _Group("Everyone", "Well-known group", "S-1-1-0", _ALWAYS),
        _Group("BUILTIN\\Administrators", "Alias", "S-1-5-32-544", administrators),
        _Group("BUILTIN\\Users", "Alias", "S-1-5-32-545", _ALWAYS),
        _Group("NT AUTHORITY\\NETWORK", "Well-known group", "S-1-5-2", _ALWAYS),
        _Group("NT AUTHORITY\\Authenticated Users", "Well-known group", "S-1-5-11", _ALWAYS),
        _Group(f"Mandatory Label\\{level} Mandatory Level", "Label", sid, ""),
    ]


def _table(invocation: Invocation, title: str, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """A title and columns as wide as their longest value."""
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]

    def padded(row: tuple[str, ...]) -> str:
        return " ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))

    invocation.stdout.lines(f"\n{title}\n{'-' * len(title)}\n\n{padded(heads)}\n")
    invocation.stdout.line(" ".join("=" * width for width in widths))
    for row in rows:
        invocation.stdout.line(padded(row))


def where(invocation: Invocation) -> int:
    """`where [/q] NAME...`: the full paths in the order in which cmd would look; 1 if there are none."""
    names = [name for name in invocation.args if not name.startswith("/")]
    quiet = "/q" in (argument.lower() for argument in invocation.args)
    if not names or len(names) + quiet != len(invocation.args):
        invocation.stderr.lines('ERROR: Invalid argument or option.\nType "WHERE /?" for usage help.\n')
        return 2
    if any(sign in name for name in names for sign in "\\/:"):
        invocation.stderr.line('ERROR: Invalid pattern is specified in "path:pattern".')
        return 2
    found = [path for name in names for path in invocation.find(name, invocation.session)]
    for path in found if not quiet else []:
        invocation.stdout.line(path)
    if not found and not quiet:
        invocation.stderr.line("INFO: Could not find files for the given pattern(s).")
    return 0 if found else 1
