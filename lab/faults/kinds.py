r"""Failures on demand: `DIR/faults.json`, which may be written at any time while a lab runs on that state.

    {"faults": [{"host": "cvp1.lab.example", "kind": "slow", "match": "-importkeystore", "seconds": 20, "times": 1}]}

`host` is a host's full name, or `*` for all. What is said here holds from the next request, command or connection on
(`unreachable`: within a tenth of a second), but not before the lab is ready. Without the file nothing fails; one that
is malformed changes nothing but costs a line on stderr. Half a file is malformed too: write another and rename it. A
copy of a state takes the file along.

`match` is a regular expression (`re.search`), by default one that every text has. `path`, `store`, `service` and
`account` are patterns with `*` and `?`, in any case; by default `*`, that is all. `when` is the first one named unless
told. `times` is how often the fault happens, since the file was last written and over all hosts of an entry; without it
there is no end. Options in brackets may be left out.

kind                     options                           what happens
-----------------------  --------------------------------  -------------------------------------------------------------
unreachable              [pages]                           WinRM's port refuses connections; the open ones are dropped,
                                                           what runs goes on; `pages`: of an appliance its web pages too
power_cut                [match] [after] [torn] [boot]     the power goes in the middle of a command line, which writes
                         [times]                           `after` (0) things; the next is not there, or with `torn`
                                                           by half (a file cut off; a move is done in one step). A line
                                                           that writes less has done it all, and does not answer.
                                                           Nothing runs or answers until the file no longer says so;
                                                           then the host boots, its services `boot` (0) seconds later
elsewhere                name [to] [port]                  the host's own connections to servers of this name (a
                                                           pattern) end elsewhere, as behind a proxy or with another
                                                           name server: on that port (a key of `ports`) of the server
                                                           `to`, or nowhere
wrong_password           [account] [times]                 logins are refused as if the password had been changed: 401,
                                                           counted for the lock-out, `refused` in the audit log
locked_account           [account] [times]                 logins are refused as if the account were locked; not counted
not_elevated             [times]                           new shells are not elevated
winrm_certificate        [ca] [name] [times]               new connections get a certificate of an unknown authority
                                                           (`ca`: `other`; or `lab`, the right one), of the host's own
                                                           names or of this one; over HTTPS only
clock                    seconds                           the Date of WinRM's answers is so many seconds ahead
quota                    [code] [times]                    a request gets this fault: 2150859173 (default) a new shell,
                                                           2150859174 anything but cleaning up, 2150859241 a command
counted_operations       allowed                           a user starts no more commands than these in all its shells:
                                                           they count until the shell ends (2150859174)
shell_ends               [match] [when] [times]            the shell of a command line ends, as one that was idle too
                                                           long: `before` it runs, which it then never does; or, as one
                                                           that takes too much memory, `during`: the line is killed
no_ntlm                  [how]                             NTLM is not to be had: `kerberos_alone` or `nothing_offered`
                                                           at the login, `unchallenged` (the first message is refused),
                                                           or `blocked` (the last is, as a wrong password)
drop_connection          [match] [when] [times]            the connection of a command line is dropped: `before` it
                                                           runs, which it then never does; `during`: when its output is
                                                           first asked for; `after`: it has ended, its output is lost
slow                     seconds [match] [when] [times]    a command line waits so long `before` it runs, or `after`
                                                           (what it prints is not held back, only its end)
answers                  [match] [code] [says] [cut]       a command line does not run and answers this instead: `code`
                         [times]                           (0), and `says` on standard output if that is 0, else on
                                                           standard error; with `cut` it runs, and only the first
                                                           half of its standard output arrives
split_output                                               output is cut inside a UTF-8 character
disk_full                [path] [after_bytes] [times]      no file of the drive grows: what is copied, decoded or
                                                           redirected there fails with Win32 error 112 and leaves
                                                           the file as it was (a redirection has emptied it); with
                                                           `after_bytes` the file is cut there, or written whole if
                                                           it is shorter. keytool writes all the same
file_in_use              [path] [times]                    something else, such as an antivirus, holds a file: whoever
                                                           writes, replaces, moves or deletes it gets Win32 error 32
                                                           (keytool: a FileNotFoundException); it can be read
java_does_not_start      [says] [code] [times]             keytool ends with this exit code (1) before it has begun;
                                                           Java `says` this, unless told that its memory is too little
keystore_password        [store] [times]                   keytool is handed a wrong password for the stores it opens
keytool_dies             [match] [store] [leave] [times]   keytool is killed: the store it was about to rewrite is
                                                           `truncated` (by default) or `untouched`; `match` is searched
                                                           in its arguments, `store` is the one it would write
service_does_not_return  service [hang] [times]            a start is accepted; the service falls back to STOPPED with
                                                           1067, or with `hang` stays START_PENDING until the file no
                                                           longer says so
missing_service          service                           the service control manager knows no such service (1060);
                                                           its ports stay as they are
denied_service           service                           the service control manager refuses whatever is asked of it
                                                           (5), as for a service with an access list of its own; it
                                                           goes on
denied_key               key                               reg may not read keys that fit this pattern: exit code 1
disabled_service         service                           its start type is DISABLED: a start is refused with 1058; if
                                                           it runs, it goes on
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, PrivateAttr

Seconds = Annotated[float, Field(ge=0, lt=86400)]


def is_like(name: str, pattern: str) -> bool:
    """True if a pattern with `*` and `?` covers a name, in any case."""
    return fnmatchcase(name.lower(), pattern.lower())


class Fault(BaseModel):
    """One entry of the file. The classes below are its kinds, as the table says."""

    model_config = ConfigDict(extra="forbid", strict=True)

    host: str

    @property
    def spent(self) -> bool:
        """True if it does not happen any more."""
        return False

    def count(self) -> None:
        """Count it as happening once."""


class Countable(Fault):
    """A fault that may be limited to a number of times."""

    times: PositiveInt | None = None
    _used: int = PrivateAttr(default=0)

    @property
    def spent(self) -> bool:
        """True if it does not happen any more."""
        return self.times is not None and self._used >= self.times

    def count(self) -> None:
        """Count it as happening once."""
        self._used += 1


class OfCommands(Countable):
    """A fault of some command lines."""

    match: re.Pattern[str] = re.compile("")

    def fits(self, text: str) -> bool:
        """True if the expression is found in a text."""
        return self.match.search(text) is not None


class PowerCut(OfCommands):
    """The host is without power, from the middle of a command line on."""

    kind: Literal["power_cut"]
    after: Annotated[int, Field(ge=0)] = 0
    torn: bool = False
    boot: Seconds = 0.0


class OfAccounts(Countable):
    """A fault of some accounts."""

    account: str = "*"


class Unreachable(Fault):
    """WinRM's port refuses connections."""

    kind: Literal["unreachable"]
    pages: bool = False


class Elsewhere(Fault):
    """A name means another server."""

    kind: Literal["elsewhere"]
    name: str
    to: str = ""
    port: str = ""


class WrongPassword(OfAccounts):
    """The account has another password."""

    kind: Literal["wrong_password"]


class LockedAccount(OfAccounts):
    """The account is locked."""

    kind: Literal["locked_account"]


class NotElevated(Countable):
    """Shells lack the administrator's rights."""

    kind: Literal["not_elevated"]


class WinRmCertificate(Countable):
    """WinRM presents a certificate that clients must not trust. An empty name stands for the host's own names."""

    kind: Literal["winrm_certificate"]
    ca: Literal["other", "lab"] = "other"
    name: str = ""


class Clock(Fault):
    """The host's clock is wrong."""

    kind: Literal["clock"]
    seconds: Annotated[float, Field(gt=-1e9, lt=1e9)]


class Quota(Countable):
    """A quota is used up."""

    kind: Literal["quota"]
    code: Literal[2150859173, 2150859174, 2150859241] = 2150859173


class CountedOperations(Fault):
    """Operations count for the life of a shell."""

    kind: Literal["counted_operations"]
    allowed: PositiveInt


class ShellEnds(OfCommands):
    """A shell ends."""

    kind: Literal["shell_ends"]
    when: Literal["before", "during"] = "before"


class NoNtlm(Fault):
    """NTLM is switched off."""

    kind: Literal["no_ntlm"]
    how: Literal["kerberos_alone", "nothing_offered", "unchallenged", "blocked"] = "kerberos_alone"


class DropConnection(OfCommands):
    """The connection breaks."""

    kind: Literal["drop_connection"]
    when: Literal["before", "during", "after"] = "before"


class Slow(OfCommands):
    """A command takes its time."""

    kind: Literal["slow"]
    seconds: Seconds
    when: Literal["before", "after"] = "before"


class Answers(OfCommands):
    """A command answers something other than it should."""

    kind: Literal["answers"]
    code: int = 0
    says: str = ""
    cut: bool = False


class SplitOutput(Fault):
    """Output is cut inside a character."""

    kind: Literal["split_output"]


class DiskFull(Countable):
    """The disk is full."""

    kind: Literal["disk_full"]
    path: str = "*"
    after_bytes: Annotated[int, Field(ge=0)] | None = None

    def stops(self, path: str, size: int) -> bool:
        """True if a file cannot become so large."""
        return size > (self.after_bytes or 0) and is_like(path, self.path)


class FileInUse(Countable):
    """Something else has a file open."""

    kind: Literal["file_in_use"]
    path: str = "*"


class JavaDoesNotStart(Countable):
    """The JVM gives up."""

    kind: Literal["java_does_not_start"]
    says: str = "Error occurred during initialization of VM\nCould not reserve enough space for object heap\n"
    code: int = 1


class KeystorePassword(Countable):
    """keytool is given a wrong password."""

    kind: Literal["keystore_password"]
    store: str = "*"


class KeytoolDies(OfCommands):
    """keytool is killed."""

    kind: Literal["keytool_dies"]
    store: str = "*"
    leave: Literal["truncated", "untouched"] = "truncated"


class ServiceDoesNotReturn(Countable):
    """A service does not start."""

    kind: Literal["service_does_not_return"]
    service: str
    hang: bool = False


class MissingService(Fault):
    """A service is not installed."""

    kind: Literal["missing_service"]
    service: str


class DeniedService(Fault):
    """A service refuses every request."""

    kind: Literal["denied_service"]
    service: str


class DeniedKey(Fault):
    """A key of the registry may not be read."""

    kind: Literal["denied_key"]
    key: str


class DisabledService(Fault):
    """A service must not start."""

    kind: Literal["disabled_service"]
    service: str


# The kinds of Windows hosts; `lab.faults.vos` has those of appliances. The file of faults takes no class but these.
HostFault = (
    Unreachable
    | PowerCut
    | Elsewhere
    | WrongPassword
    | LockedAccount
    | NotElevated
    | WinRmCertificate
    | Clock
    | Quota
    | CountedOperations
    | ShellEnds
    | NoNtlm
    | DropConnection
    | Slow
    | Answers
    | SplitOutput
    | DiskFull
    | FileInUse
    | JavaDoesNotStart
    | KeystorePassword
    | KeytoolDies
    | ServiceDoesNotReturn
    | MissingService
    | DeniedService
    | DeniedKey
    | DisabledService
)
