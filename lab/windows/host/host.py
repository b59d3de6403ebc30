"""One Windows host of the lab, as its WinRM server and its programs use it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from lab.accounts import HostAccounts, WindowsAccount
from lab.contract import Account, CommandLine, Shell, SslBinding
from lab.faults.file import HostFaults
from lab.faults.kinds import Elsewhere, LockedAccount, NotElevated, OfAccounts, WrongPassword, is_like
from lab.network import Network, Place
from lab.services.control import ServiceControl
from lab.tables.roles import SYSTEM_ENVIRONMENT
from lab.windows.environment import Environment
from lab.windows.host import machine_store
from lab.windows.host.acl import AccessLists
from lab.windows.host.drive import locate
from lab.windows.host.layout import HostLayout
from lab.windows.host.registry import JsonRegistry

BASE_ENVIRONMENT = {
    "SystemDrive": "C:",
    "SystemRoot": r"C:\Windows",
    "windir": r"C:\Windows",
    "ALLUSERSPROFILE": r"C:\ProgramData",
    "ProgramData": r"C:\ProgramData",
    "ProgramFiles": r"C:\Program Files",
    "ProgramFiles(x86)": r"C:\Program Files (x86)",
    "CommonProgramFiles": r"C:\Program Files\Common Files",
    "PUBLIC": r"C:\Users\Public",
    "OS": "Windows_NT",
    "NUMBER_OF_PROCESSORS": "4",
    "PROCESSOR_ARCHITECTURE": "AMD64",
    "PROMPT": "$P$G",
}


class Host:
    """A Windows host. Implements `contract.WinRmHost` and `contract.Machine`."""

    basic_allowed = False

    def __init__(
        self,
        layout: HostLayout,
        registry: JsonRegistry,
        services: ServiceControl,
        accounts: HostAccounts,
        faults: HostFaults,
        network: Network,
    ) -> None:
        self.layout = layout
        self.fqdn = layout.site_host.fqdn
        self.hostname = layout.site_host.hostname
        self.drive: Path = layout.drive
        self.registry = registry
        self.services = services
        self._accounts = accounts
        self._faults = faults
        self._network = network
        self._access = AccessLists(layout.folder / "acl.json", layout.drive)
        self._commands: CommandLine | None = None
        self._ntlm_users_file = layout.folder / "ntlm-users"
        accounts.write_ntlm_file(self._ntlm_users_file)
        for account in accounts.all():
            # Now, not at the first login: a folder made while another command runs would count as that one's change.
            locate(self.drive, rf"C:\Users\{account.user}\AppData\Local\Temp").mkdir(parents=True, exist_ok=True)

    @property
    def commands(self) -> CommandLine:
        """Its command processor."""
        if self._commands is None:
            raise RuntimeError(f"{self.fqdn} has no command processor yet")
        return self._commands

    @commands.setter
    def commands(self, commands: CommandLine) -> None:
        # The processor needs the machine it runs on, so it comes second.
        self._commands = commands

    @property
    def language(self) -> str:
        """The language of its Windows."""
        return self.layout.site_host.language

    @property
    def written_elsewhere(self) -> int:
        """The time of the last write to its registry, in nanoseconds."""
        return self.layout.registry_file.stat().st_mtime_ns

    @property
    def service_changes(self) -> int:
        """The number of starts and stops accepted since the lab started."""
        return self.services.changes

    @property
    def ssl_bindings(self) -> Sequence[SslBinding]:
        """The SSL bindings of http.sys."""
        return machine_store.ssl_bindings(self.layout)

    def machine_store(self, name: str) -> Sequence[bytes]:
        """Return the certificates (DER) of one of its stores; those with a key, in MY, come first."""
        bound = machine_store.certificates(self.layout) if name.upper() == machine_store.STORE.upper() else ()
        return [*bound, *(one for one in machine_store.in_store(self.registry, name) if one not in bound)]

    def add_to_machine_store(self, name: str, der: bytes) -> bool:
        """Add a certificate to a store; False if it was there."""
        if der in self.machine_store(name):
            return False
        self.registry.add(machine_store.key_of(name, der), machine_store.blob(der))
        return True

    def remove_from_machine_store(self, name: str, der: bytes) -> None:
        """Remove a certificate from a store."""
        self.registry.remove(machine_store.key_of(name, der))

    @property
    def ntlm_users_file(self) -> Path:
        """The file of accounts and passwords; while a fault changes passwords, one with the changed passwords."""
        changed = [one for one in self._accounts.all() if self._faults.find(WrongPassword, _about(one))]
        if not changed:
            return self._ntlm_users_file
        file = self.layout.folder / "ntlm-users-changed"
        self._accounts.write_ntlm_file(file, changed)
        return file

    def account(self, user: str) -> WindowsAccount | None:
        """Return the account of a client's user name; None if there is none."""
        return self._accounts.find(user)

    def locked_out(self, user: str) -> bool:
        """True if five wrong passwords, or a fault, have locked the account."""
        return self._accounts.locked_out(user) or self._fault_of(LockedAccount, user)

    def refused(self, user: str) -> None:
        """Count a wrong password."""
        self._fault_of(WrongPassword, user)
        self._accounts.refused(user)

    def accepted(self, user: str) -> None:
        """Reset the count after a right password."""
        self._accounts.accepted(user)

    def reach(self, name: str, port: int) -> Place | None:
        """Return where its own connection to a name and port ends; None when no host has the name."""
        fault = self._faults.find(Elsewhere, lambda one: is_like(name, one.name))
        return self._network.listener(fault.to, fault.port) if fault else self._network.place(name, port)

    def acl(self, path: str) -> Sequence[str]:
        """Return the access control entries of a Windows path, as icacls prints them."""
        return self._access.get(path)

    def set_acl(self, path: str, entries: Sequence[str]) -> None:
        """Give a path explicit entries."""
        self._access.set(path, entries)

    def forget_acl(self, path: str) -> None:
        """Forget the entries of a path that is gone."""
        self._access.forget(path)

    def open_shell(
        self, account: Account, environment: Mapping[str, str], directory: str | None, codepage: int
    ) -> Shell:
        """Return a new shell with the host's environment, read from its registry now, plus the client's."""
        domain, _, user = account.name.rpartition("\\")
        profile = rf"C:\Users\{user}"
        variables = Environment(BASE_ENVIRONMENT)
        self._add_system_variables(variables)
        variables.update(
            {
                "COMPUTERNAME": self.hostname.upper(),
                "USERNAME": user,
                "USERDOMAIN": domain or self.hostname.upper(),
                "USERPROFILE": profile,
                "APPDATA": rf"{profile}\AppData\Roaming",
                "LOCALAPPDATA": rf"{profile}\AppData\Local",
                "TEMP": rf"{profile}\AppData\Local\Temp",
                "TMP": rf"{profile}\AppData\Local\Temp",
                **environment,
            }
        )
        shell_id = str(uuid.uuid4()).upper()
        elevated = account.elevated and self._faults.take(NotElevated) is None
        return Shell(shell_id, account.name, elevated, variables, directory or profile, codepage)

    def _fault_of(self, kind: type[OfAccounts], user: str) -> bool:
        """True if such a fault concerns this user now; then it is counted."""
        account = self._accounts.find(user)
        return account is not None and self._faults.take(kind, _about(account)) is not None

    def _add_system_variables(self, variables: Environment) -> None:
        for value in self.registry.values(SYSTEM_ENVIRONMENT, 64) or ():
            text = value.data[0]
            variables[value.name] = _expanded(text, variables) if value.type == "REG_EXPAND_SZ" else text


def _about(account: WindowsAccount) -> Callable[[OfAccounts], bool]:
    return lambda fault: is_like(account.name, fault.account)


def _expanded(text: str, variables: Mapping[str, str]) -> str:
    """Return the text with its %NAMES% replaced; an unknown name stays as it is."""
    return re.sub(r"%([^%]+)%", lambda match: variables.get(match[1], match[0]), text)
