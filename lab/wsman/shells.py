"""The shells of one host: their owners, their commands, their quotas and their expiry."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lab.wsman import faults
from lab.wsman.commands import Command
from lab.wsman.faults import FaultError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lab.contract import Account, CommandLine, Shell, WinRmHost
    from lab.wsman.settings import Audit, Quotas


@dataclass
class OpenShell:
    """A shell between its Create and its Delete."""

    shell: Shell
    owner: str
    idle_timeout: float
    last_used: float
    commands: dict[str, Command] = field(default_factory=dict)  # by command id in upper case
    in_use: int = 0  # requests under way
    started: int = 0  # number of commands in its life
    expiry: asyncio.TimerHandle | None = None

    def command(self, command_id: str) -> Command:
        """Return the command of that id. Raises FaultError if there is none (any more)."""
        command = self.commands.get(command_id.upper())
        if command is None:
            raise FaultError(faults.COMMAND_NOT_FOUND)
        return command

    def forget(self, command_id: str) -> None:
        """End a command and forget its id, as a terminate signal does."""
        self.command(command_id).discard()
        del self.commands[command_id.upper()]


class Shells:
    """All shells of a host, and the quotas of its users."""

    def __init__(self, host: WinRmHost, quotas: Quotas, audit: Audit) -> None:
        self._host = host
        self._quotas = quotas
        self._audit = audit
        self._shells: dict[str, OpenShell] = {}
        self._requests: Counter[str] = Counter()
        self._running: set[Command] = set()  # also those whose shell has gone
        self._loop = asyncio.get_running_loop()

    def __len__(self) -> int:
        return len(self._shells)

    @property
    def running(self) -> int:
        """The number of commands that have not ended yet."""
        return len(self._running)

    @contextmanager
    def operation(self, user: str) -> Iterator[None]:
        """Count a request while it is under way. Raises FaultError if the user has too many operations."""
        commands = sum(len(shell.commands) for shell in self._shells.values() if shell.owner == user)
        if self._requests[user] + commands >= self._quotas.operations_per_user:
            raise FaultError(faults.too_many_operations(self._quotas.operations_per_user))
        self._requests[user] += 1
        try:
            yield
        finally:
            self._requests[user] -= 1

    def started(self, user: str) -> int:
        """Return the number of commands that a user has started in the open shells."""
        return sum(opened.started for opened in self._shells.values() if opened.owner == user)

    def create(
        self, account: Account, environment: Mapping[str, str], directory: str | None, codepage: int, idle: float | None
    ) -> OpenShell:
        """Return a new shell. Raises FaultError if the user has too many."""
        owned = sum(shell.owner == account.name for shell in self._shells.values())
        if owned >= self._quotas.shells_per_user:
            raise FaultError(faults.too_many_shells(self._quotas.shells_per_user))
        shell = self._host.open_shell(account, environment, directory, codepage)
        timeout = self._quotas.idle_timeout if idle is None else idle
        opened = OpenShell(shell, account.name, timeout, self._loop.time())
        self._shells[shell.shell_id.upper()] = opened
        opened.expiry = self._loop.call_later(timeout, self._expire, opened)
        return opened

    @contextmanager
    def use(self, shell_id: str, user: str) -> Iterator[OpenShell]:
        """Keep a user's shell from expiring meanwhile. Raises FaultError if it is missing or another user's."""
        opened = self._find(shell_id, user)
        opened.in_use += 1
        try:
            yield opened
        finally:
            opened.in_use -= 1
            opened.last_used = self._loop.time()

    def _find(self, shell_id: str, user: str) -> OpenShell:
        opened = self._shells.get(shell_id.upper())
        if opened is None:
            raise FaultError(faults.shell_not_found(shell_id))
        if opened.owner != user:
            raise FaultError(faults.ACCESS_DENIED)
        return opened

    def delete(self, shell_id: str, user: str) -> None:
        """Close a user's shell and end what runs in it. Raises FaultError like `use`."""
        self._remove(self._find(shell_id, user))

    def end(self, opened: OpenShell) -> None:
        """End a shell from the server's side: it was idle for too long, or took too much memory."""
        self._remove(opened)

    def start(self, opened: OpenShell, command_id: str, line: str, commands: CommandLine) -> Command:
        """Run a line. Raises FaultError if the id is taken or the shell has too many processes or commands."""
        if command_id.upper() in opened.commands:
            raise FaultError(faults.INVALID_PARAMETER)
        if sum(command.running for command in opened.commands.values()) >= self._quotas.processes_per_shell:
            raise FaultError(faults.TOO_MANY_PROCESSES)
        if len(opened.commands) >= self._quotas.commands_per_shell:
            raise FaultError(faults.too_many_commands(self._quotas.commands_per_shell))
        command = Command(command_id, line, opened.shell, self._ended)
        opened.commands[command_id.upper()] = command
        opened.started += 1
        self._running.add(command)
        command.start(commands)
        return command

    def _ended(self, command: Command) -> None:
        if command in self._running:
            self._running.discard(command)
            self._record(command)

    def _record(self, command: Command) -> None:
        shell = command.shell
        self._audit("command", shell.user, command.line, command.exit_code, shell.shell_id)

    def _remove(self, opened: OpenShell) -> None:
        if opened.expiry is not None:
            opened.expiry.cancel()
        self._shells.pop(opened.shell.shell_id.upper(), None)
        for command in opened.commands.values():
            command.discard()
        opened.commands.clear()

    def _expire(self, opened: OpenShell) -> None:
        # A timer that checks again is cheaper than one that every request resets.
        now = self._loop.time()
        left = opened.idle_timeout if opened.in_use else opened.last_used + opened.idle_timeout - now
        if left > 0:
            opened.expiry = self._loop.call_later(left, self._expire, opened)
        else:
            self._remove(opened)

    async def close(self) -> None:
        """End every shell and command and wait for their threads; record what does not end in time as it is."""
        for opened in list(self._shells.values()):
            self._remove(opened)
        waiting = [asyncio.ensure_future(command.over()) for command in self._running]
        if waiting:
            _, late = await asyncio.wait(waiting, timeout=self._quotas.closing_timeout)
            for task in late:
                task.cancel()
        for command in list(self._running):
            self._running.discard(command)
            self._record(command)
