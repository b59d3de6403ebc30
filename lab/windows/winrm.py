"""A WinRM server that fails on demand, and certificates that a client must not trust."""

from __future__ import annotations

import asyncio
import ssl
import sys
from collections.abc import Collection
from functools import cached_property
from typing import NoReturn

from lab.certificates import Authority, authority
from lab.faults.file import HostFaults
from lab.faults.kinds import (
    Clock,
    CountedOperations,
    DropConnection,
    NoNtlm,
    Quota,
    ShellEnds,
    SplitOutput,
    Unreachable,
    WinRmCertificate,
)
from lab.services.mains import Mains
from lab.tls import server_context
from lab.windows.host.host import Host
from lab.wsman import Audit, Behaviour, Quotas, WsManServer
from lab.wsman.commands import Command
from lab.wsman.faults import FaultError, shell_not_found, too_many_commands, too_many_operations, too_many_shells
from lab.wsman.messages import SHELL, TRANSFER, Envelope
from lab.wsman.operations import Caller, DroppedError, Operations
from lab.wsman.shells import OpenShell, Shells

_CREATE, _COMMAND = f"{TRANSFER}/Create", f"{SHELL}/Command"
# The requests that fail for each used-up quota: cleaning up is always possible.
_QUOTAS = (
    (too_many_shells(Quotas.shells_per_user), {_CREATE}),
    (too_many_operations(Quotas.operations_per_user), {_CREATE, _COMMAND, f"{SHELL}/Send", f"{SHELL}/Receive"}),
    (too_many_commands(Quotas.commands_per_shell), {_COMMAND}),
)


class HostOperations(Operations):
    """Operations that are delayed by a round trip and fail on demand."""

    def __init__(
        self,
        host: Host,
        shells: Shells,
        quotas: Quotas,
        behaviour: Behaviour,
        faults: HostFaults,
        mains: Mains,
        roundtrip: float,
    ) -> None:
        super().__init__(host, shells, quotas, behaviour)
        self._mains = mains
        self._ending = shells
        self._faults = faults
        self._roundtrip = roundtrip

    async def perform(self, request: Envelope, caller: Caller) -> bytes:
        """Return the operation's answer after the delay. Raises DroppedError if the power fails meanwhile."""
        await asyncio.sleep(self._roundtrip)
        action = request.text("a:Action")
        met = {fault.code: fault for fault, actions in _QUOTAS if action in actions}
        used_up = self._faults.take(Quota, lambda quota: quota.code in met)
        if used_up:
            raise FaultError(met[used_up.code])
        answer = await super().perform(request, caller)
        if self._mains.off:
            raise DroppedError
        return answer

    def before_command(self, line: str, opened: OpenShell) -> None:
        """Raise DroppedError if the connection breaks before the line runs, FaultError if its shell has ended."""
        if self._faults.take(ShellEnds, lambda ends: ends.when == "before" and ends.fits(line)):
            self._end(opened)
        if self._faults.take(DropConnection, lambda drop: drop.when == "before" and drop.fits(line)):
            raise DroppedError

    def _end(self, opened: OpenShell) -> NoReturn:
        self._ending.end(opened)
        raise FaultError(shell_not_found(opened.shell.shell_id))

    async def output_of(self, command: Command, names: Collection[str], seconds: float, opened: OpenShell) -> bool:
        """True if there is output to return in time. Raises DroppedError or FaultError if a fault prevents it."""
        if self._faults.take(ShellEnds, lambda ends: ends.when == "during" and ends.fits(command.line)):
            self._end(opened)
        if self._faults.take(DropConnection, lambda drop: drop.when == "during" and drop.fits(command.line)):
            raise DroppedError
        if self._faults.find(DropConnection, lambda drop: drop.when == "after" and drop.fits(command.line)):
            try:
                await asyncio.wait_for(command.over(), seconds)
            except TimeoutError:
                return False
            if self._faults.take(DropConnection, lambda drop: drop.when == "after" and drop.fits(command.line)):
                # The answer is lost. Guess: a client that asks again is only told that the command has ended.
                command.take(("stdout", "stderr"), sys.maxsize, split=False)
                raise DroppedError
        return await super().output_of(command, names, seconds, opened)


class HostServer(WsManServer):
    """The server of a host, with its clock and behaviour as the faults require."""

    def __init__(
        self, host: Host, faults: HostFaults, mains: Mains, *, secure: bool, audit: Audit, roundtrip: float
    ) -> None:
        super().__init__(host, secure=secure, quotas=Quotas(), behaviour=Behaviour(), audit=audit)
        self._faults = faults
        self.operations = HostOperations(host, self.shells, self.quotas, self.behaviour, faults, mains, roundtrip)

    def before_request(self) -> None:
        """Apply the faults. Raises ConnectionResetError if the host is not reachable any more."""
        if self._faults.find(Unreachable):
            raise ConnectionResetError
        clock = self._faults.find(Clock)
        self.behaviour.clock_skew_seconds = clock.seconds if clock else 0.0
        self.behaviour.split_characters = self._faults.find(SplitOutput) is not None
        no_ntlm, counted = self._faults.find(NoNtlm), self._faults.find(CountedOperations)
        self.behaviour.ntlm = no_ntlm.how if no_ntlm else "allowed"
        self.behaviour.operations_for_life = counted.allowed if counted else None


class Disguises:
    """TLS contexts with certificates that clients of a host's WinRM must refuse."""

    def __init__(self, labs_own: Authority) -> None:
        self._labs_own = labs_own
        self._made: dict[tuple[str, ...], ssl.SSLContext] = {}

    @cached_property
    def _other(self) -> Authority:
        return authority("Another WinRM CA")

    def put_on(self, context: ssl.SSLContext, faults: HostFaults, names: Collection[str]) -> None:
        """Let connections of this context get another certificate while a fault says so. `names`: the host's own."""

        def choose(connection: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
            fault = faults.take(WinRmCertificate)
            if fault:
                connection.context = self._context(fault.ca, [fault.name] if fault.name else [*names])

        # Called in every handshake, also in one without a server name.
        context.sni_callback = choose

    def _context(self, ca: str, names: list[str]) -> ssl.SSLContext:
        key = (ca, *names)
        if key not in self._made:
            issuer = self._other if ca == "other" else self._labs_own
            self._made[key] = server_context(issuer.issue(names[0], names))
        return self._made[key]
