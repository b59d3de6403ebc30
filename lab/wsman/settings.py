"""The settings of one WinRM server: its quotas, its misbehaviour, and its audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

# The NTLM of a host: allowed; Negotiate offered but no challenge given; challenge given but every answer refused
# (a policy restricts NTLM); only Kerberos offered, or nothing.
Ntlm = Literal["allowed", "unchallenged", "blocked", "kerberos_alone", "nothing_offered"]


@dataclass(frozen=True)
class Quotas:
    """The limits of `winrm get winrm/config`, with the values of Server 2016 and 2019. Times are in seconds."""

    shells_per_user: int = 30
    operations_per_user: int = 1500  # requests under way plus commands that no terminate signal has cleaned up
    processes_per_shell: int = 25
    commands_per_shell: int = 1000  # ended commands count until a terminate signal cleans them up
    envelope_bytes: int = 500 * 1024
    header_bytes: int = 64 * 1024
    body_bytes: int = 4 * 1024 * 1024  # read before answering that the envelope is too large
    idle_timeout: float = 7200.0  # of a shell whose client asked for none
    operation_timeout: float = 60.0  # of a request that names none
    connection_timeout: float = 120.0  # of a connection on which nothing arrives
    closing_timeout: float = 5.0  # time that commands may take to end when the server closes


@dataclass
class Behaviour:
    """Misbehaviour of a host that a client has to survive. All is off until set, also while the server runs."""

    split_characters: bool = False  # no answer ends between two characters if it holds a multi-byte UTF-8 character
    drop_after: int | None = None  # after so many answered Receives the next one loses its connection; happens once
    clock_skew_seconds: float = 0.0  # added to the time in the Date header
    silent_exit_zero: bool = False  # a command that printed nothing reports exit code 0 (seen on 2012 R2)
    ntlm: Ntlm = "allowed"
    # Number of commands that a user may start in the life of its shells: a terminate signal frees nothing (MS-WSMV
    # note 118; ansible/ansible#83656), the end of a shell does.
    operations_for_life: int | None = None


class Audit(Protocol):
    """The writer of commands and refused logins. Called on the server's event loop, so it must not block."""

    def __call__(self, kind: str, user: str, text: str, exit_code: int | None, shell_id: str | None) -> None:
        """Take one record.

        `kind` is `command` (written when it ended: `text` is the command line, `exit_code` None only if the server
        closed before the command ended) or `refused` (`text` is the reason; there is no exit code and no shell).
        A shell's environment is never handed over: it carries secrets.
        """
        ...


def no_audit(kind: str, user: str, text: str, exit_code: int | None, shell_id: str | None) -> None:
    """Keep nothing."""
    del kind, user, text, exit_code, shell_id
