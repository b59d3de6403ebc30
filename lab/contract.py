"""The interfaces between the parts of the lab.

Three parts meet here and nowhere else: the WinRM server (`lab.wsman`) runs a line on a machine's shell; the cmd.exe
interpreter and its programs (`lab.windows`) ask the machine for its drive, registry and services; the host itself
(`lab.windows.host`) is that machine.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import Protocol


class Output(Protocol):
    """The output of a running command: bytes as the real program would write them. Calls may come from any thread."""

    def stdout(self, data: bytes) -> None:
        """Write to standard output."""
        ...

    def stderr(self, data: bytes) -> None:
        """Write to standard error."""
        ...


class Stdin(Protocol):
    """The input that the client sends to a running command."""

    def read(self) -> bytes:
        """Return everything up to the end of the input (blocks; empty when the command is cancelled)."""
        ...


@dataclass
class Shell:
    """One shell of the remote host, as commands inherit it. `environment` folds the case of its names."""

    shell_id: str
    user: str
    elevated: bool
    environment: MutableMapping[str, str]
    directory: str  # a Windows path
    codepage: int = 437


@dataclass(frozen=True)
class Execution:
    """The context of a running command line. `cancelled` is set when the client sends a terminate signal."""

    shell: Shell
    stdin: Stdin
    output: Output
    cancelled: threading.Event = field(default_factory=threading.Event)


class CommandLine(Protocol):
    """The command processor of a host, as the WinRM server needs it."""

    def run(self, line: str, execution: Execution) -> int:
        """Run one line as `cmd /c LINE` would; return the exit code (signed 32 bit). Blocks; called on a thread."""
        ...


class Account(Protocol):
    """A Windows account of a host."""

    @property
    def name(self) -> str:
        """The name as the client writes it, with or without a domain."""
        ...

    @property
    def elevated(self) -> bool:
        """True if its logins are elevated administrators."""
        ...


class WinRmHost(Protocol):
    """A host, as the WinRM server needs it."""

    @property
    def fqdn(self) -> str:
        """The full name."""
        ...

    @property
    def commands(self) -> CommandLine:
        """The command processor that runs its command lines."""
        ...

    @property
    def basic_allowed(self) -> bool:
        """True if Basic authentication was switched on (never by default)."""
        ...

    @property
    def ntlm_users_file(self) -> Path:
        """The accounts for pyspnego's acceptor: a line `DOMAIN:user:password` each (the domain may be empty)."""
        ...

    def account(self, user: str) -> Account | None:
        """Return the account of a client's user name (with or without a domain); None if there is none."""
        ...

    def locked_out(self, user: str) -> bool:
        """True if the account is locked."""
        ...

    def refused(self, user: str) -> None:
        """Count a wrong password: five lock the account."""
        ...

    def accepted(self, user: str) -> None:
        """Reset the count after a right password."""
        ...

    def open_shell(
        self, account: Account, environment: Mapping[str, str], directory: str | None, codepage: int
    ) -> Shell:
        """Return a new shell with the host's environment plus the client's."""
        ...


class State(IntEnum):
    """The numbers that `sc query` prints."""

    STOPPED = 1
    START_PENDING = 2
    STOP_PENDING = 3
    RUNNING = 4


@dataclass(frozen=True)
class ServiceStatus:
    """A service as the service control manager shows it. `started` is the process's creation time, with its zone."""

    name: str
    display_name: str
    state: State
    pid: int
    started: datetime | None
    exit_code: int = 0  # WIN32_EXIT_CODE; 1077 when it was never started
    checkpoint: int = 0
    wait_hint: int = 0
    disabled: bool = False  # by its start type


class ServiceError(Exception):
    """The service control manager refuses. `code` is the Win32 error: 5, 1051, 1053, 1056, 1058, 1060, 1061, 1062."""

    def __init__(self, code: int) -> None:
        super().__init__(f"Win32 error {code}")
        self.code = code


class Services(Protocol):
    """The service control manager of a host. Names compare without regard to case. Start and stop return at once."""

    def status(self, name: str) -> ServiceStatus:
        """Return the status. Raises ServiceError(1060) when there is no such service (a display name is not a name)."""
        ...

    def all(self) -> Sequence[ServiceStatus]:
        """Return every service, by name."""
        ...

    def dependents(self, name: str) -> Sequence[ServiceStatus]:
        """Return the services that depend on this one, running or not."""
        ...

    def start(self, name: str) -> ServiceStatus:
        """Return the status just after the request: START_PENDING with its new process id."""
        ...

    def stop(self, name: str) -> ServiceStatus:
        """Return the status just after the request: STOP_PENDING."""
        ...

    def by_pid(self, pid: int) -> ServiceStatus | None:
        """Return the service of a process; None if there is none."""
        ...


@dataclass(frozen=True)
class RegistryValue:
    """One value: `type` is REG_SZ, REG_EXPAND_SZ, REG_MULTI_SZ or REG_DWORD; a multi-string has one item a line."""

    name: str
    type: str
    data: tuple[str, ...]


class Registry(Protocol):
    """The registry of a host; keys are written with long or short root names, in any case."""

    def refuses(self, key: str) -> bool:
        """True if the account may not read a key."""
        ...

    def values(self, key: str, view: int) -> Sequence[RegistryValue] | None:
        """Return a key's values in the 32- or 64-bit view; None if there is no such key. Raises PermissionError."""
        ...

    def subkeys(self, key: str, view: int) -> Sequence[str]:
        """Return the names of the keys below a key."""
        ...


@dataclass(frozen=True)
class SslBinding:
    """An SSL binding, as `netsh http show sslcert` shows it: `hash` is 40 lower-case hexadecimal digits."""

    ip_port: str  # as Windows would show it: `0.0.0.0:443`
    hash: str
    application_id: str
    store: str = "My"


class Machine(Protocol):
    """The host of a Windows program, as programs may use it."""

    @property
    def fqdn(self) -> str:
        """The full name."""
        ...

    @property
    def hostname(self) -> str:
        """The name without its domain."""
        ...

    @property
    def language(self) -> str:
        """The language of its Windows: a key of `lab.windows.spoken.LANGUAGES`."""
        ...

    @property
    def drive(self) -> Path:
        """The folder that is drive C. Names in it compare without regard to case, as on Windows."""
        ...

    @property
    def services(self) -> Services:
        """Its service control manager."""
        ...

    @property
    def registry(self) -> Registry:
        """Its registry."""
        ...

    @property
    def ssl_bindings(self) -> Sequence[SslBinding]:
        """The SSL bindings that netsh shows for its ports."""
        ...

    def machine_store(self, name: str) -> Sequence[bytes]:
        """Return the certificates (DER) of one of its stores: MY, ROOT, CA."""
        ...

    def add_to_machine_store(self, name: str, der: bytes) -> bool:
        """Add a certificate to a store; False if it was there."""
        ...

    def remove_from_machine_store(self, name: str, der: bytes) -> None:
        """Remove a certificate from a store."""
        ...

    def reach(self, name: str, port: int) -> tuple[str, int] | None:
        """Return address and port at which its own connection to a name and port ends; None if no host has it."""
        ...

    def acl(self, path: str) -> Sequence[str]:
        """Return the access control entries of a Windows path, as icacls prints them."""
        ...

    def set_acl(self, path: str, entries: Sequence[str]) -> None:
        """Give a Windows path explicit entries."""
        ...

    def forget_acl(self, path: str) -> None:
        """Forget the access control entries of a Windows path that is gone or was moved away."""
        ...
