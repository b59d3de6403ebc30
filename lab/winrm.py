"""The WinRM server of a host, with the lab's audit and the latency of a long line."""

from __future__ import annotations

import asyncio
import ssl

from lab.audit import Audit
from lab.contract import WinRmHost
from lab.wsman import WsManServer, start_wsman
from lab.wsman.messages import Envelope
from lab.wsman.operations import Caller, Operations


class DistantOperations(Operations):
    """Operations that begin a round trip late."""

    roundtrip = 0.0

    async def perform(self, request: Envelope, caller: Caller) -> bytes:
        """What the operation answers, later."""
        await asyncio.sleep(self.roundtrip)
        return await super().perform(request, caller)


class RemoteManagement:
    """One listening WinRM server."""

    def __init__(self, host: WinRmHost, tls: ssl.SSLContext | None, audit: Audit, roundtrip: float) -> None:
        self._host = host
        self._tls = tls
        self._audit = audit
        self._roundtrip = roundtrip
        self._server: WsManServer | None = None

    async def open(self, address: str, port: int) -> None:
        """Listen. Raises OSError when the address is not to be had."""
        self._server = await start_wsman(self._host, address, port, tls=self._tls, audit=self._record)
        if self._roundtrip:
            server = self._server
            distant = DistantOperations(server.host, server.shells, server.quotas, server.behaviour)
            distant.roundtrip = self._roundtrip
            server.operations = distant

    async def close(self) -> None:
        """Stop listening, drop connections, cancel commands."""
        if self._server:
            await self._server.close()

    def _record(self, kind: str, user: str, text: str, exit_code: int | None, shell_id: str | None) -> None:
        # Commands are written down where they run, with what they changed: `AuditedCommands`.
        if kind != "command":
            self._audit.write(kind, self._host.fqdn, "winrm", user, text=text, exit_code=exit_code, shell=shell_id)
