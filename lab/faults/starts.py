"""Services that do not start because a fault says so, on Windows hosts and on appliances."""

from __future__ import annotations

import asyncio

from lab.faults.file import HostFaults
from lab.faults.kinds import ServiceDoesNotReturn, is_like

HANGING = 0.02  # seconds between two checks whether a service may start


async def not_yet(service: str, faults: HostFaults) -> None:
    """Wait until a service may start. Raises OSError if a fault makes the start fail."""
    while fault := faults.take(ServiceDoesNotReturn, lambda one: is_like(service, one.service)):
        if not fault.hang:
            raise OSError("faults.json keeps it from starting")
        while faults.holds(fault):  # noqa: ASYNC110  # nobody announces a change of the file
            await asyncio.sleep(HANGING)
