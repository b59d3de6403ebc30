"""Running services: what they loaded, where they present it, and the notes about both for observers of the lab."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
from collections.abc import Mapping
from concurrent.futures import Executor

from lab.certificates import fingerprint, pem
from lab.errors import StoreError
from lab.services.running import RunningService, write_whole
from lab.tables.roles import Service
from lab.tls import Listener, ResettingListener, Respond, TlsListener
from lab.windows.host.layout import HostLayout
from lab.windows.host.loading import Loaded, load
from lab.windows.host.registry import JsonRegistry

# A hand-edited registry or binding may break the service, as it would on Windows, but not the lab.
START_ERRORS: tuple[type[Exception], ...] = (StoreError, OSError, ValueError, LookupError, TypeError)


class ServiceRunner:
    """The starter of one host's services."""

    def __init__(
        self,
        layout: HostLayout,
        registry: JsonRegistry,
        address: str,
        ports: Mapping[str, int],
        pool: Executor,
        answers: Mapping[str, Respond],
    ) -> None:
        self._layout = layout
        self._registry = registry
        self._address = address
        self._ports = ports
        self._pool = pool
        self._answers = answers  # by the key of a port: who answers requests there
        self._services = {service.name.lower(): service for service in layout.role_data.services}

    async def start(self, name: str) -> RunningService:
        """Load what the service needs, listen, take notes. Raises StoreError or OSError when it cannot start."""
        folder = self._layout.running / name
        service = self._services.get(name.lower())
        loaded = await self._load(service) if service else Loaded()
        listeners: dict[str, Listener] = {}
        tls = self._layout.site_host.tls
        try:
            for port, identity in loaded.identities.items():
                # If OpenSSL cannot use a certificate, only this port stays closed.
                with contextlib.suppress(ssl.SSLError):
                    respond = self._answers.get(port)
                    place = self._address, self._ports[port]
                    listeners[port] = await TlsListener.open(*place, identity, tls=tls, respond=respond)
            for port in loaded.without_key:
                listeners[port] = await ResettingListener.open(self._address, self._ports[port])
        except OSError:
            await RunningService(folder, listeners).close()
            raise
        presented = {port: identity.sha256 for port, identity in loaded.identities.items() if port in listeners}
        write_whole(folder / "trusted.pem", b"".join(map(pem, loaded.trusted)))
        by_store = {store: [fingerprint(der) for der in anchors] for store, anchors in loaded.anchors.items()}
        write_whole(folder / "stores.json", json.dumps(by_store, indent=2).encode() + b"\n")
        write_whole(folder / "presented.json", json.dumps(presented, indent=2).encode() + b"\n")
        return RunningService(folder, listeners)

    async def _load(self, service: Service) -> Loaded:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, load, self._layout, self._registry, service)
