"""The program `net`: `net start` and `net stop`, which wait until the service runs or has stopped."""

from __future__ import annotations

import time

from lab.contract import ServiceError, ServiceStatus, State
from lab.windows.invocation import Invocation

_ERROR_EXIT = 2
_PATIENCE = 60.0  # seconds that net waits for a service
_POLL = 0.02
_HELP = "More help is available by typing NET HELPMSG {}."
# Win32 error -> net's text for it, and the number of its help
_NET_TEXTS = {
    1056: ("The requested service has already been started.", 2182),
    1060: ("The service name is invalid.", 2185),
    1061: ("The service is starting or stopping.  Please try again later.", 2189),
    1062: ("The {} service is not started.", 3521),
}


def net(invocation: Invocation) -> int:
    """Run `net start|stop NAME [/y]`; return 0, or 2 with the reason on stderr."""
    verb, *rest = [argument.lower() for argument in invocation.args] or [""]
    names = [argument for argument in invocation.args[1:] if not argument.startswith("/")]
    options = {argument for argument in rest if argument.startswith("/")}
    if verb == "start" and not rest:
        return _running(invocation)
    if verb not in ("start", "stop") or len(names) != 1 or options - {"/y", "/yes", "/n", "/no"}:
        usage = "NET START\n[service]\n" if verb == "start" else "NET STOP\nservice\n"
        if verb not in ("start", "stop"):
            usage = (
                "NET\n    [ ACCOUNTS | COMPUTER | CONFIG | CONTINUE | FILE | GROUP | HELP |\n"
                "      HELPMSG | LOCALGROUP | PAUSE | SESSION | SHARE | START |\n"
                "      STATISTICS | STOP | TIME | USE | USER | VIEW ]\n"
            )
        invocation.stderr.lines(f"The syntax of this command is:\n\n{usage}\n")
        return 1
    service = _named(invocation, names[0])
    if service is None:
        return _refused(invocation, 1060, names[0])
    if verb == "start":
        return _start(invocation, service)
    return _stop(invocation, service, answer="Y" if options & {"/y", "/yes"} else "")


def _named(invocation: Invocation, name: str) -> ServiceStatus | None:
    """Return the service with this name, else with this display name; None if there is none."""
    try:
        return invocation.machine.services.status(name)
    except ServiceError:
        found = invocation.machine.services.all()
        return next((one for one in found if one.display_name.lower() == name.lower()), None)


def _running(invocation: Invocation) -> int:
    names = sorted(s.display_name for s in invocation.machine.services.all() if s.state == State.RUNNING)
    invocation.stdout.line("These Windows services are started:\r\n")
    for name in names:
        invocation.stdout.line(f"   {name}")
    invocation.stdout.lines("\nThe command completed successfully.\n\n")
    return 0


def _refused(invocation: Invocation, code: int, name: str) -> int:
    if code in _NET_TEXTS:
        text, number = _NET_TEXTS[code]
        _explained(invocation, invocation.words(text, name), number)
    else:
        words = invocation.words
        invocation.stderr.lines(f"{words('System error {} has occurred.', code)}\n\n{words.error(code)}\n\n")
    return _ERROR_EXIT


def _explained(invocation: Invocation, text: str, number: int) -> None:
    """Print a text, and the reference to its help."""
    invocation.stderr.lines(f"{text}\n\n{invocation.words(_HELP, number)}\n\n")


def _wait(invocation: Invocation, name: str, pending: State) -> State:
    """Return the state after the pending one, or the pending one when patience ends or the client cancels."""
    end = time.monotonic() + _PATIENCE
    while True:
        state = invocation.machine.services.status(name).state
        if state != pending or time.monotonic() > end or invocation.session.cancelled.wait(_POLL):
            return state


def _start(invocation: Invocation, service: ServiceStatus) -> int:
    shown = service.display_name
    try:
        invocation.machine.services.start(service.name)
    except ServiceError as error:
        return _refused(invocation, error.code, shown)
    words = invocation.words
    invocation.stdout.line(words("The {} service is starting.", shown))
    if _wait(invocation, service.name, State.START_PENDING) == State.RUNNING:
        invocation.stdout.lines(words("The {} service was started successfully.", shown) + "\n\n")
        return 0
    invocation.stdout.line(words("The {} service could not be started.", shown))
    _explained(invocation, words("The service did not report an error."), 3534)
    return _ERROR_EXIT


def _stop(invocation: Invocation, service: ServiceStatus, *, answer: str) -> int:
    dependents = [one for one in invocation.machine.services.dependents(service.name) if one.state != State.STOPPED]
    if dependents and service.state == State.RUNNING:
        if not _agreed(invocation, service, dependents, answer):
            invocation.stderr.line("No valid response was provided.")  # guess
            return _ERROR_EXIT
        for one in dependents:
            code = _stop(invocation, one, answer="Y")
            if code:
                return code
    shown = service.display_name
    try:
        invocation.machine.services.stop(service.name)
    except ServiceError as error:
        return _refused(invocation, error.code, shown)
    words = invocation.words
    invocation.stdout.line(words("The {} service is stopping.", shown))
    if _wait(invocation, service.name, State.STOP_PENDING) == State.STOPPED:
        invocation.stdout.lines(words("The {} service was stopped successfully.", shown) + "\n\n")
        return 0
    invocation.stderr.lines(words("The {} service could not be stopped.", shown) + "\n\n")
    return _ERROR_EXIT


def _agreed(invocation: Invocation, service: ServiceStatus, dependents: list[ServiceStatus], answer: str) -> bool:
    shown = service.display_name
    names = "".join(f"   {one.display_name}\n" for one in dependents)
    invocation.stdout.lines(
        f"The following services are dependent on the {shown} service.\n"
        f"Stopping the {shown} service will also stop these services.\n\n{names}\n"
    )
    if answer:
        return True
    invocation.stdout.text("Do you want to continue this operation? (Y/N) [N]: ")
    line = invocation.stdin.line()
    text = "" if line is None else line.decode("latin-1").strip()
    invocation.stdout.line(text)
    return text[:1].upper() == "Y"
