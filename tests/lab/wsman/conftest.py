"""Servers on free ports of 127.0.0.1, on an event loop that runs beside the tests."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import pytest
import trustme

from lab.wsman import Behaviour, Quotas, WsManServer, start_wsman
from tests.lab.wsman.machine import FakeHost
from tests.loops import Run, run

__all__ = ["run"]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Start: TypeAlias = "Callable[..., Served]"


@dataclass(frozen=True)
class Trust:
    context: ssl.SSLContext
    ca_file: str


@dataclass
class Served:
    """A server, its host, what it wrote to its audit log, and the way to it."""

    server: WsManServer
    host: FakeHost
    run: Run
    ca_file: str
    records: list[tuple[str, str, str, int | None, str | None]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{'https' if self.server.secure else 'http'}://127.0.0.1:{self.server.port}/wsman"


@pytest.fixture(scope="session")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    ca_file = tmp_path_factory.mktemp("trust") / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    return Trust(context, str(ca_file))


@pytest.fixture
def serve(run: Run, trust: Trust, tmp_path: Path) -> Iterator[Start]:
    servers: list[WsManServer] = []

    def start(
        *,
        secure: bool = False,
        host: FakeHost | None = None,
        quotas: Quotas | None = None,
        behaviour: Behaviour | None = None,
    ) -> Served:
        host = host or FakeHost(tmp_path / f"users{len(servers)}")
        host.write_users()
        records: list[tuple[str, str, str, int | None, str | None]] = []
        tls = trust.context if secure else None
        server = run(
            start_wsman(
                host,
                "127.0.0.1",
                0,
                tls=tls,
                quotas=quotas,
                behaviour=behaviour,
                audit=lambda *record: records.append(record),
            )
        )
        servers.append(server)
        return Served(server, host, run, trust.ca_file, records)

    yield start
    for server in servers:
        run(server.close())
        assert server.shells.running == 0
        assert len(server.shells) == 0
