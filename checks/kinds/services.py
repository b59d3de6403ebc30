"""Kinds of violations of services: whether they run, with which store, and what their ports present."""

from __future__ import annotations

from checks.violation import Kind

_NAME = "{service}"

# -- whether they run --------------------------------------------------------------------------------------------------

MISSING = Kind(
    "service.missing",
    _NAME,
    "service",
    "a service of this name",
    "none",
    "Check the role in the inventory, and the list of services on the host.",
)
STOPPED = Kind(
    "service.stopped", _NAME, "state", "running", "not running", "Start {service}, and find out why it had stopped."
)
DOES_NOT_RUN = Kind("service.does-not-run", _NAME, "state", "running", "it does not run", "Start {service}.")
STOPPED_BY_OTHERS = Kind(
    "service.stopped-by-others",
    _NAME,
    "state",
    "running",
    "stopped by change {change}, which ended before it had started it again",
    "Run change {change} again: the same command finishes it. Or start {service}; then run this again.",
)
DISABLED = Kind(
    "service.disabled",
    _NAME,
    "start type of a running service",
    "one that may start",
    "disabled",
    "Enable it (sc config NAME start= auto), or stop it before the change if nobody needs it.",
)
UNSETTLED = Kind(
    "service.unsettled",
    _NAME,
    "service",
    "running or stopped",
    "{state}, process {process}",
    "Find out why it stays in transition, then run again (--wait-for-services sets how long the run waits).",
)
UNSPEAKABLE = Kind(
    "service.unspeakable",
    _NAME,
    "service",
    "a name that a command line can hold",
    "{why}",
    "Stop it by hand: its name cannot be given to cmd.exe.",
)
NOT_STARTED = Kind("service.not-started", _NAME, "service", "STARTED", "{state}", "{remedy}")  # on a VOS node
NO_ICM_SERVICE = Kind(
    "service.no-icm-service",
    "the ICM",
    "running services",
    "services whose names begin with «{beginning}»",
    "none",
    "Nothing was changed there. Set how: immediate for its role (restart: in the inventory).",
)
NO_CONTROLLER = Kind(
    "service.no-controller",
    "service controller",
    "{path}",
    "there",
    "no such file",
    "Correct paths: {{cvp_home: ...}} for it, or set how: immediate for its role (restart: in the inventory).",
)

# -- with which store they run -----------------------------------------------------------------------------------------

OLD_STORE = Kind(
    "service.old-store",
    _NAME,
    "live",
    "started after the last write of {store} ({written})",
    "started {started}",
    "Restart {service} (step {step}).",
)
NOT_ACTIVATED = Kind(
    "service.not-activated",
    _NAME,
    "running with the store",
    "a process started after {store} was written",
    "{found}",
    "Run step {step} again.",
)
NOT_ROLLED_BACK = Kind("service.not-rolled-back", _NAME, "live", "running", "{found}", "Run the rollback again.")
NOT_RESTARTED = Kind(
    "service.not-restarted",
    "the machine",
    "{how}",
    "restarted after the stores were written",
    "{found}",
    "Restart it, then run the same command again: its stores are live already, nothing is sent twice.",
)

# -- what their ports present ------------------------------------------------------------------------------------------

CLOSED = Kind("service.closed", "{port}", "TLS listener", "open", "closed: {why}", "{remedy}")
PRESENTS_ANOTHER = Kind(
    "service.presents-another",
    "{kind} on port {port}",
    "certificate presented",
    "{sha256}",
    "{found}",
    "Run step {step} again: {service} must restart after the store was written.",
)
SICK_WHILE_RESTARTING = Kind(
    "service.sick-while-restarting",
    "{port}",
    "certificate presented while {restarting} restarts",
    "{sha256}",
    "{found}",
    "Put it back into service first; then run the same command again.",
)
