"""The logins of a node: one platform administrator, locked for a while after too many wrong passwords."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from hmac import compare_digest
from pathlib import Path

from lab.faults.file import HostFaults
from lab.faults.kinds import LockedAccount, WrongPassword, is_like
from lab.services.running import write_whole

RETRIES = 3
UNLOCK_TIME = 300.0  # seconds


class Accounts:
    """The node's administrator. Counts survive the lab. To a client, a locked account looks like a wrong password."""

    def __init__(self, file: Path, user: str, password: str, faults: HostFaults | None = None) -> None:
        self.user = user
        self._faults = faults
        self._password = password
        self._file = file
        self.now: Callable[[], float] = time.time

    def login(self, user: str, password: str) -> bool:
        """True if the node accepts user and password.

        A wrong password of the administrator is counted; three lock the account for five minutes.
        """
        if user != self.user:
            return False
        if self.locked or self._fails(LockedAccount):
            return False
        if self._fails(WrongPassword):
            password = secrets.token_urlsafe()
        refusals, _ = self._read()
        if compare_digest(password.encode(), self._password.encode()):
            if refusals:
                self._write(0)
            return True
        self._write(1 if refusals >= RETRIES else refusals + 1)
        return False

    @property
    def locked(self) -> bool:
        """True if the account is locked now."""
        refusals, since = self._read()
        return refusals >= RETRIES and self.now() < since + UNLOCK_TIME

    def _fails(self, kind: type[LockedAccount | WrongPassword]) -> bool:
        return bool(self._faults and self._faults.take(kind, lambda fault: is_like(self.user, fault.account)))

    def _read(self) -> tuple[int, float]:
        if not self._file.exists():
            return 0, 0.0
        content = json.loads(self._file.read_text(encoding="utf-8"))
        return int(content["refusals"]), float(content["since"])

    def _write(self, refusals: int) -> None:
        write_whole(self._file, json.dumps({"refusals": refusals, "since": self.now()}).encode() + b"\n")
