"""Windows accounts: who may log in to which host, and which accounts are locked."""

from __future__ import annotations

import json
import threading
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe

from lab.passwords import write_private

REFUSALS_THAT_LOCK = 5


@dataclass(frozen=True)
class WindowsAccount:
    """An account of the domain (if `domain` is given) or of one host. Implements `contract.Account`."""

    name: str
    user: str
    password: str
    domain: str = ""
    elevated: bool = True

    def spellings(self, hostname: str, dns_domain: str) -> Sequence[tuple[str, str]]:
        r"""Return each (domain, user) clients write: `LAB\user`, `user@dns.domain`, `HOST\user`, `.\user`, `user`."""
        if self.domain:
            return ((self.domain, self.user), ("", f"{self.user}@{dns_domain}"), ("", self.user))
        return (("", self.user), (hostname, self.user), (".", self.user))


class Refusals:
    """The number of wrong passwords for each account, in a file that survives the lab."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._counts: dict[str, int] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}

    def locked(self, key: str) -> bool:
        """True if five wrong passwords have locked this account."""
        return self._counts.get(key, 0) >= REFUSALS_THAT_LOCK

    def count(self, key: str, refusals: int | None = None) -> None:
        """Count one more wrong password, or set the number."""
        with self._lock:
            wanted = self._counts.get(key, 0) + 1 if refusals is None else refusals
            if wanted != self._counts.get(key, 0):
                self._counts[key] = wanted
                self._file.write_text(json.dumps(self._counts, indent=2) + "\n", encoding="utf-8")


class HostAccounts:
    """The accounts that one host knows. A locked domain account is locked everywhere, a local one only on its host."""

    def __init__(self, hostname: str, dns_domain: str, accounts: Iterable[WindowsAccount], refusals: Refusals) -> None:
        self._hostname = hostname
        self._refusals = refusals
        self._by_spelling: dict[tuple[str, str], WindowsAccount] = {}
        for account in accounts:
            for domain, user in account.spellings(hostname, dns_domain):
                self._by_spelling.setdefault((domain.lower(), user.lower()), account)

    def find(self, user: str) -> WindowsAccount | None:
        """Return the account of a client's user name; None if there is none."""
        domain, _, name = user.rpartition("\\")
        return self._by_spelling.get((domain.lower(), name.lower()))

    def all(self) -> Sequence[WindowsAccount]:
        """Return every account once."""
        return sorted(set(self._by_spelling.values()), key=lambda account: account.name)

    def locked_out(self, user: str) -> bool:
        """True if the account is locked; False for an unknown user."""
        account = self.find(user)
        return account is not None and self._refusals.locked(self._key(account))

    def refused(self, user: str) -> None:
        """Count a wrong password."""
        account = self.find(user)
        if account is not None:
            self._refusals.count(self._key(account))

    def accepted(self, user: str) -> None:
        """Forget the wrong passwords; a locked account stays locked."""
        account = self.find(user)
        if account is not None and not self._refusals.locked(self._key(account)):
            self._refusals.count(self._key(account), 0)

    def write_ntlm_file(self, path: Path, changed: Container[WindowsAccount] = ()) -> None:
        """Write the file that pyspnego's acceptor reads, one line for each spelling.

        A changed account gets a password that nobody knows.
        """
        lines = [
            f"{domain}:{user}:{token_urlsafe() if account in changed else account.password}"
            for (domain, user), account in self._by_spelling.items()
            if ":" not in domain + user
        ]
        write_private(path, "\n".join(lines) + "\n")

    def _key(self, account: WindowsAccount) -> str:
        return account.name.lower() if account.domain else f"{self._hostname}\\{account.user}".lower()


def account_of(username: str, password: str) -> WindowsAccount:
    r"""Return the account of an inventory's `username`: `DOMAIN\user`, or a local account without a domain."""
    domain, _, user = username.rpartition("\\")
    # Only a host's built-in Administrator has full rights over the network; domain accounts are administrators.
    return WindowsAccount(username, user, password, domain, elevated=bool(domain) or user.lower() == "administrator")


Accounts = Mapping[str, WindowsAccount]
