"""The programs about identity: `hostname`, `whoami`, `where`."""

from __future__ import annotations

from typing import NamedTuple

from lab.windows.invocation import Invocation
from lab.windows.spoken import Words, padded, width

_ALWAYS = "Mandatory group, Enabled by default, Enabled group"
_OWNER = "Group owner"
_HIGH, _MEDIUM = "Mandatory Label\\High Mandatory Level", "Mandatory Label\\Medium Mandatory Level"
_DENY = "Group used for deny only"


class _Group(NamedTuple):
    name: str
    type: str
    sid: str
    attributes: str


def hostname(invocation: Invocation) -> int:
    """Print the name of the computer."""
    if invocation.args:
        invocation.stderr.line("sethostname: Use the Network Control Panel Applet to set hostname.")
        return 1
    invocation.stdout.line(invocation.machine.hostname)
    return 0


def whoami(invocation: Invocation) -> int:
    """Run `whoami [/user | /groups]`."""
    arguments = [argument.lower() for argument in invocation.args]
    account = _account(invocation)
    if not arguments:
        invocation.stdout.line(account)
        return 0
    if arguments == ["/user"]:
        _table(invocation, "USER INFORMATION", ("User Name", "SID"), [(account, _sid(account))])
        return 0
    if arguments == ["/groups"]:
        groups = _groups(invocation.words, elevated=invocation.session.shell.elevated)
        rows = [tuple(group) for group in groups]
        _table(invocation, "GROUP INFORMATION", ("Group Name", "Type", "SID", "Attributes"), rows)
        return 0
    invocation.stderr.lines(f"ERROR: Invalid argument/option - '{arguments[0]}'.\nType \"WHOAMI /?\" for usage.\n")
    return 1


def _account(invocation: Invocation) -> str:
    r"""Return `domain\user` in lower case; a user without a domain is one of the host's own."""
    user = invocation.session.shell.user
    if "@" in user:
        name, _, domain = user.partition("@")
        user = f"{domain.partition('.')[0]}\\{name}"
    return (user if "\\" in user else f"{invocation.machine.hostname}\\{user}").lower()


def _sid(account: str) -> str:
    """Return a SID that is the account's own: the built-in administrator's ends in 500."""
    number = 500 if account.endswith("\\administrator") else 1000 + sum(account.encode()) % 9000
    return f"S-1-5-21-1004336348-1177238915-682003330-{number}"


def _groups(words: Words, *, elevated: bool) -> list[_Group]:
    level, sid = (_HIGH, "S-1-16-12288") if elevated else (_MEDIUM, "S-1-16-8192")
    always = words(_ALWAYS)
    administrators = f"{always}, {words(_OWNER)}" if elevated else words(_DENY)
    known, alias = words("Well-known group"), words("Alias")
    return [
        _Group(words("Everyone"), known, "S-1-1-0", always),
        _Group(words("BUILTIN\\Administrators"), alias, "S-1-5-32-544", administrators),
        _Group(words("BUILTIN\\Users"), alias, "S-1-5-32-545", always),
        _Group(words("NT AUTHORITY\\NETWORK"), known, "S-1-5-2", always),
        _Group(words("NT AUTHORITY\\Authenticated Users"), known, "S-1-5-11", always),
        _Group(words(level), words("Label"), sid, ""),
    ]


def _table(invocation: Invocation, title: str, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print a title and columns as wide as their longest value."""
    title, heads = invocation.words(title), tuple(map(invocation.words, heads))
    widths = [max(width(row[column]) for row in (heads, *rows)) for column in range(len(heads))]

    def line(row: tuple[str, ...]) -> str:
        return " ".join(padded(cell, columns) for cell, columns in zip(row, widths, strict=True))

    invocation.stdout.lines(f"\n{title}\n{'-' * width(title)}\n\n{line(heads)}\n")
    invocation.stdout.line(" ".join("=" * columns for columns in widths))
    for row in rows:
        invocation.stdout.line(line(row))


def where(invocation: Invocation) -> int:
    """Run `where [/q] NAME...`; return 1 if there are none.

    Print the full paths of these programs in the order in which cmd searches for them.
    """
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
        invocation.stderr.line(invocation.words("INFO: Could not find files for the given pattern(s)."))
    return 0 if found else 1
