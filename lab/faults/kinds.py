r"""Failures on demand: `DIR/faults.json`, which may be written at any time while a lab runs on that state.

    {"faults": [{"host": "cvp1.lab.example", "kind": "slow", "match": "-importkeystore", "seconds": 20, "times": 1}]}

`host` is a host's full name, or `*` for all. An entry takes effect with the next request, command or connection
(`unreachable`: within a tenth of a second), but not before the lab is ready. Without the file nothing fails; a
malformed file changes nothing and is reported on stderr. A half-written file is malformed too: write a new one and
rename it. A copy of a state includes the file.

`match` is a regular expression (`re.search`); the default matches everything. `path`, `store`, `service` and `account`
are case-insensitive patterns with `*` and `?`; the default is `*`. The default of `when` is the first value named.
`times` is how often the fault happens, since the file was last written and over all hosts of an entry; without it, it
happens every time. Options in brackets may be left out.

kind                     options                           what happens
-----------------------  --------------------------------  -------------------------------------------------------------
unreachable              [pages]                           WinRM's port refuses connections; open ones are dropped,
                                                           commands run on. `pages`: an appliance's web pages too
power_cut                [match] [after] [torn] [boot]     the power fails while a command line runs, after its first
                         [times]                           `after` (0) writes. The next write is not done, or with
                                                           `torn` half done (a file is cut off; moves are atomic). A
                                                           line with fewer writes does them all, but does not answer.
                                                           Nothing runs or answers until the entry leaves the file;
                                                           then the host boots, its services `boot` (0) seconds later
elsewhere                name [to] [port]                  the host's own connections to servers of this name (a
                                                           pattern) reach another server, as behind a proxy or with
                                                           another name server: `to`, at its port `port` (a key of
                                                           `ports`); if that is not given, they fail
wrong_password           [account] [times]                 logins are refused as if the password had been changed: 401,
                                                           counted for the lock-out, `refused` in the audit log
locked_account           [account] [times]                 logins are refused as if the account were locked; not counted
not_elevated             [times]                           new shells are not elevated
winrm_certificate        [ca] [name] [times]               new connections get a certificate from an unknown authority
                                                           (`ca`: `other`, the default) or from the lab's (`lab`), for
                                                           the host's own names or for `name`; over HTTPS only
clock                    seconds                           the Date of WinRM's answers is so many seconds ahead
quota                    [code] [times]                    a request fails with this code: 2150859173 (default) for a
                                                           new shell, 2150859174 for anything but cleaning up,
                                                           2150859241 for a command
counted_operations       allowed                           a user may start only so many commands in all its shells
                                                           together; each counts until its shell ends (2150859174)
shell_ends               [match] [when] [times]            the shell of a command line ends: `before` the line runs (it
                                                           never does), as after idling too long; or `during` it (it is
                                                           killed), as when it takes too much memory
no_ntlm                  [how]                             no login by NTLM: the server offers Kerberos only
                                                           (`kerberos_alone`) or nothing (`nothing_offered`), refuses
                                                           the first message (`unchallenged`), or the last one, as for
                                                           a wrong password (`blocked`)
drop_connection          [match] [when] [times]            the connection of a command line is dropped: `before` it
                                                           runs (it never does); `during`, when its output is first
                                                           requested; or `after` it has ended (its output is lost)
slow                     seconds [match] [when] [times]    a command line waits so long `before` it runs, or `after`
                                                           (its output is not delayed, only its end)
answers                  [match] [code] [says] [cut]       a command line does not run; its answer is `code` (0), and
                         [times]                           `says` on standard output if the code is 0, else on
                                                           standard error. With `cut` it does run, and only the first
                                                           half of its standard output arrives
split_output                                               output is cut inside a UTF-8 character
disk_full                [path] [after_bytes] [times]      files do not grow: copying, decoding or redirecting to them
                                                           fails with Win32 error 112 and leaves the file as it was (a
                                                           redirection has emptied it). With `after_bytes` the file is
                                                           cut off there; a shorter one is written whole. keytool is
                                                           not affected
file_in_use              [path] [times]                    another program, such as an antivirus, holds a file: to
                                                           write, replace, move or delete it fails with Win32 error 32
                                                           (keytool: a FileNotFoundException); reading works
java_does_not_start      [says] [code] [times]             keytool ends at once with exit code `code` (1), and Java
                                                           prints `says` (by default that there is too little memory)
keystore_password        [store] [times]                   keytool is handed a wrong password for the stores it opens
keytool_dies             [match] [store] [leave] [times]   keytool is killed: the store it was about to rewrite is
                                                           `truncated` (by default) or `untouched`; `match` is searched
                                                           in its arguments, `store` is the one it would write
service_does_not_return  service [hang] [times]            a start is accepted; the service falls back to STOPPED with
                                                           1067, or with `hang` stays START_PENDING until the entry
                                                           leaves the file
missing_service          service                           the service control manager knows no such service (1060);
                                                           its ports stay as they are
denied_service           service                           the service control manager refuses all requests for it (5),
                                                           as for a service with an access list of its own; it keeps
                                                           running
denied_key               key                               reg cannot read keys that match this pattern: exit code 1
disabled_service         service                           its start type is DISABLED: a start is refused with 1058; if
                                                           it runs, it keeps running
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
    """One entry of the file. The classes below are the kinds of the table."""

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
    """The host loses its power while a command line runs."""

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
    """The host's connections to a name reach another server."""

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
    """A command counts against the user's quota until its shell ends."""

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
    """A command line takes longer."""

    kind: Literal["slow"]
    seconds: Seconds
    when: Literal["before", "after"] = "before"


class Answers(OfCommands):
    """A command line answers something else."""

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
    """The JVM does not start."""

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
    """A service is disabled."""

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
