"""The graceful shutdown of a Windows host: CVP's service controller, and maintenance mode of the CCE.

The source is the PCCE guide's chapter "Graceful shutdown"; guesses are listed in `lab/windows/GUESSES.md`.
"""

from __future__ import annotations

from collections.abc import Sequence

from lab.contract import ServiceError, State
from lab.services.calls import Calls
from lab.services.control import ServiceControl

CALLSERVER, VXMLSERVER = "callserver", "vxmlserver"
# The services that a site file's `calls` gives to a server of the CCE: name and name shown are one.
ICM_SERVICES = {
    "pg": ("Cisco ICM lab PG1A", "Cisco ICM lab CG1A"),
    "rogger": ("Cisco ICM lab RouterA", "Cisco ICM lab LoggerA"),
    "router": ("Cisco ICM lab RouterA",),
}


class Draining:
    """The calls of a host, the services that carry them, and the requests to those services.

    `entrance`: the services that bring calls to the host; they stop by themselves when the host is drained.
    """

    def __init__(self, services: ServiceControl, calls: Calls, role: str) -> None:
        self._services = services
        self.calls = calls
        self.entrance: Sequence[str] = ICM_SERVICES.get(role, (CALLSERVER,))
        self.component = "AGENTPG" if role == "pg" else "ROUTER"
        self.asked = False
        services.on_stop, services.on_start = self._stopping, self._started

    def begin(self) -> None:
        """Take no new calls; stop the services when those in progress have ended, unless they are restarted before."""
        self.asked = True
        self.calls.refuse_new()
        self._services.schedule(self._stop_when_over())

    def state(self, name: str) -> State:
        """Return the state of a service now; one that is not installed is stopped."""
        try:
            return self._services.status(name).state
        except ServiceError:
            return State.STOPPED

    def _stopping(self, name: str) -> None:
        if name in self.entrance:
            self.asked = self.asked and not self.calls.active  # stopped without waiting for the calls
            self.calls.drop()
        elif name == VXMLSERVER:
            self.calls.drop(away=False)

    def _started(self, name: str) -> None:
        if name in self.entrance:
            self.asked = False
            if all(self.state(one) is State.RUNNING for one in self.entrance):
                self.calls.welcome()

    async def _stop_when_over(self) -> None:
        await self.calls.over()
        for name in self.entrance if self.asked and not self.calls.active else ():
            self._services.stop_by_itself(name)
