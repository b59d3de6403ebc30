"""`utils service ...`, `utils system restart`, `utils vvb restart`."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from lab.vos.cli.call import Call, Command, Failed
from lab.vos.node import Node
from lab.vos.services import Service, State

HEAD = "Requesting service status, please wait...\n"
# The platform's own services: spelled differently from all others, in the same list.
PLATFORM = (
    "System SSH [STARTED] ",
    "Cluster Manager [STARTED] ",
    "Name Service Cache [STOPPED]  Service Not Activated",
    "Entropy Monitoring Daemon [STARTED] ",
    "Cisco SCSI Watchdog [STARTED] ",
    "Service Manager [STARTED]",
    "Service Manager is running",
    "Getting list of all services",
    ">> Return code = 0",
)
OLD_WARNING = (
    " Don't press Ctrl-c while the service is getting RESTARTED."
    "If Service has not Restarted Properly, execute the same Command Again\n"
)
NEW_WARNING = (
    "Do not press Ctrl+C while the service is restarting. If the service has not restarted properly, "
    "execute the same command again.\n"
)
MANAGER_RUNS = "Service Manager is running\n"
NO_SUCH_SERVICE = "Service {name} not found"
SYSTEM_WARNING = (
    "     ***   W A R N I N G   ***\n"
    "Please make sure database replication setup is complete. Use the command 'utils dbreplication runtimestate' to "
    "get the current status.\n"
    "If database replication setup is in progress, restarting the server may leave database replication unable to "
    "complete.\n"
)
REALLY = "Do you really want to restart ?\n"
YES_OR_NO = "Enter (yes/no)? "
RESTARTING = (
    "Appliance is being Restarted ...\nWarning: Restart could take up to 5 minutes.\nStopping Service Manager...\n"
)
SHUTTING_DOWN = "Service Manager shutting down services... Please Wait\n"
BROADCAST = (
    "\nBroadcast message from admin@{hostname}\n"
    "        (unknown) at {time:%H:%M} ...\n"
    "\nThe system is going down for reboot NOW!\n"
)


async def list_services(call: Call) -> None:
    """Show every service with its state."""
    lines = [f"{service.name}[{service.state}]{_reason(service)}" for service in call.node.services.list()]
    last = f"Primary Node ={str(call.node.node == 'publisher').lower()}"
    end = ["Command successful"] if call.node.role == "vvb" else []
    await call.show(HEAD + "\n".join([*PLATFORM, *lines, last, *end]))


async def restart_service(call: Call) -> None:
    """Restart a service. The node may return to the prompt while the service still starts."""
    service = _service(call)
    newer = call.node.role == "cucm" or not call.node.about.release_data.password_method
    call.say(NEW_WARNING if newer else OLD_WARNING)
    call.say(MANAGER_RUNS)
    call.changed = True
    call.node.remember(f"Restart {service.name}")
    await _follow(call, service, newer=newer)


async def _follow(call: Call, service: Service, *, newer: bool) -> None:
    """Show each state of a restart twice."""
    states: asyncio.Queue[State] = asyncio.Queue()
    call.node.restart_service(service, states.put_nowait)
    last = (State.STARTED, State.STOPPED) if call.node.quirks.tells_started else (State.STARTING, State.STOPPED)
    blanks = "" if newer else "  "
    state: State | None = None
    with suppress(TimeoutError):
        async with asyncio.timeout(call.node.pace.patience):
            while state not in last:
                state = await states.get()
                call.say(f"{service.name}[{state}]{_reason(service)}{blanks}\n" * 2)


async def stop_service(call: Call) -> None:
    """Stop a service."""
    service = _service(call)
    call.say(MANAGER_RUNS)
    call.changed = True
    await call.node.services.stop(service, lambda state: call.say(f"{service.name}[{state}]{_reason(service)}\n"))


async def start_service(call: Call) -> None:
    """Start a service if it is not running."""
    service = _service(call)
    call.say(MANAGER_RUNS)
    call.changed = service.state is not State.STARTED
    await call.node.services.start(service)
    call.say(f"{service.name}[{service.state}]{_reason(service)}\n")


async def restart_system(call: Call) -> None:
    """Restart the appliance, which drops the connection."""
    call.say(SYSTEM_WARNING + REALLY)
    if not await call.agreed(YES_OR_NO):
        return
    call.say(f"{RESTARTING}-  {SHUTTING_DOWN}")
    await _reboot(call)


async def restart_vvb(call: Call) -> None:
    """Restart the appliance, with fewer messages. `graceful` waits silently for the end of calls."""
    kind = call.arguments[0]
    if kind not in ("graceful", "forceful"):
        raise Failed("Invalid parameter")
    graceful = kind == "graceful"
    call.say(REALLY + ("\n" if graceful else ""))
    if not await call.agreed(YES_OR_NO):
        return

    def tell() -> None:
        call.say(RESTARTING + (SHUTTING_DOWN if graceful else ""))
        call.say(BROADCAST.format(hostname=call.node.hostname, time=call.node.clock()))
        call.terminal.flush()

    if graceful and call.node.calls:
        call.changed = True
        call.node.remember("Restart")
        await asyncio.shield(call.node.graceful_restart(tell))
        return
    tell()
    await _reboot(call)


async def _reboot(call: Call) -> None:
    call.changed = True
    call.node.remember("Restart")
    await call.terminal.drain()
    call.node.system_restart()
    await call.terminal.end()


def _service(call: Call) -> Service:
    name = " ".join(call.arguments)
    service = call.node.services.find(name)
    if service is None:
        raise Failed(NO_SUCH_SERVICE.format(name=name))
    return service


def _reason(service: Service) -> str:
    return f"  {service.reason}" if service.state is State.STOPPED and service.reason else ""


def is_vvb(node: Node) -> bool:
    """True for voice browsers only."""
    return node.role == "vvb"


LONGEST_NAME = 8  # words
COMMANDS = (
    Command("utils service list", list_services),
    Command("utils service list page", list_services),
    Command("utils service restart", restart_service, 1, LONGEST_NAME),
    Command("utils service start", start_service, 1, LONGEST_NAME),
    Command("utils service stop", stop_service, 1, LONGEST_NAME),
    Command("utils system restart", restart_system),
    Command("utils vvb restart", restart_vvb, 1, 1, on=is_vvb),
)
