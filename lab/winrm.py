"""The WinRM server of a host, with the lab's audit."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

from lab.audit import Audit
from lab.faults.file import HostFaults
from lab.faults.kinds import Unreachable
from lab.services.mains import Mains
from lab.windows.host.host import Host
from lab.windows.winrm import HostServer


@dataclass(frozen=True)
class Line:
    """The way to a host: TLS (None over HTTP), where it ends, and the delay of each message in seconds."""

    tls: ssl.SSLContext | None
    address: str
    port: int
    roundtrip: float = 0.0


class RemoteManagement:
    """One WinRM server, which listens unless a fault makes it unreachable or it has no power."""

    def __init__(self, host: Host, line: Line, audit: Audit, faults: HostFaults, mains: Mains) -> None:
        self._fqdn = host.fqdn
        self._line = line
        self._audit = audit
        self._faults = faults
        self._mains = mains
        self._listens = False
        self._server = HostServer(
            host, faults, mains, secure=line.tls is not None, audit=self._record, roundtrip=line.roundtrip
        )

    async def follow(self) -> None:
        """Start or stop listening as the faults require. Raises OSError when the address cannot be used."""
        wanted = self._faults.find(Unreachable) is None and not self._mains.off
        if wanted and not self._listens:
            await self._server.listen(self._line.address, self._line.port, self._line.tls)
        if self._listens and not wanted:
            await self._server.refuse()
        self._listens = wanted

    async def lose_power(self) -> None:
        """Drop connections and end what runs."""
        await self.follow()
        await self._server.shells.close()

    async def close(self) -> None:
        """Stop listening, drop connections, cancel commands."""
        await self._server.close()

    def _record(self, kind: str, user: str, text: str, exit_code: int | None, shell_id: str | None) -> None:
        # Commands are recorded where they run, with what they changed: `AuditedCommands`.
        if kind != "command":
            self._audit.write(kind, self._fqdn, "winrm", user, text=text, exit_code=exit_code, shell=shell_id)
