"""Services that do not start on demand, of Windows hosts and of appliances."""

from __future__ import annotations

import asyncio

from lab.faults.file import HostFaults
from lab.faults.kinds import ServiceDoesNotReturn, is_like

HANGING = 0.02  # seconds between two looks at whether a service must still not start


async def not_yet(service: str, faults: HostFaults) -> None:
    """Return when a service may start. Raises OSError if it falls back to STOPPED."""
    while fault := faults.take(ServiceDoesNotReturn, lambda one: is_like(service, one.service)):
        if not fault.hang:
            raise OSError("a fault was asked for")
        while faults.holds(fault):  # noqa: ASYNC110  # a file announces nothing
            await asyncio.sleep(HANGING)
