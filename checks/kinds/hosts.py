"""Kinds of violations of hosts, and of what a step needs first: other steps, and confirmations of people."""

from __future__ import annotations

from checks.violation import Kind

# -- the host itself (section 0) ---------------------------------------------------------------------------------------

NOT_ELEVATED = Kind(
    "host.not-elevated",
    "login",
    "rights",
    "an elevated administrator",
    "an ordinary one",
    "Use the built-in Administrator or a domain account (or LocalAccountTokenFilterPolicy=1).",
)
OTHER_NAME = Kind(
    "host.other-name",
    "{name}",
    "FQDN",
    "{host}",
    "{found}",
    "Correct the FQDN in the inventory: certificates are issued to it.",
)
CLOCK = Kind(
    "host.clock",
    "clock",
    "difference to this machine",
    "5 minutes at most",
    "{minutes} minutes",
    "Set the clock: otherwise certificates would start in the future, and the times of services mislead.",
)
_PATHS = "Set paths: {{{key}: ...}} for this host in the inventory, or correct the system variable on it."
NOT_A_PATH = Kind("host.not-a-path", "{variable}", "environment", "an absolute path", "{found}", _PATHS)
NOT_DEFINED = Kind("host.not-defined", "{folder}", "environment", "{variables}", "{found}", _PATHS)

# -- what a step needs first -------------------------------------------------------------------------------------------

NEEDS_A_STEP = Kind("step.needs-a-step", "{step}", "prerequisite", "{expected}", "{found}", "Run step {first} first.")
NO_SUCH_CHANGE = Kind(
    "step.no-such-change",
    "change {change}",
    "copy from before",
    "on some host",
    "on none",
    "Check --change: there is nothing to take back.",
)
HOLDER_NOT_CONFIRMED = Kind(
    "step.holder-not-confirmed",
    "gate not passed",
    "{holder} ({how}; done by {done_by})",
    "the new certificates there before this host presents them",
    "{found}",
    'Bring them there, then run again with --confirmed "{host}:{holder}"; they lie in {files}. Nothing was changed '
    "here.",
)
SIDE_A_NOT_CONFIRMED = Kind(
    "step.side-a-not-confirmed",
    "step {step}",
    "{side}",
    "{asked}",
    "{found}",
    "Nothing was changed on side B by this step. When side A is as it should be, run the same command again at a "
    'terminal, or with --confirmed="{step}:NAME:RESULT".',
)

# -- SPOG's own word ---------------------------------------------------------------------------------------------------

_RULE = "{rule} of {machine} ({type})"
_SPOG = (
    "Look at that machine's row in SPOG's inventory; its check may be some minutes old: run the verification again. "
    "Who trusts whom tells what is missing."
)
SPOG_LOST = Kind("host.spog-lost", "SPOG", _RULE, "OK, as before the change", "ERROR", _SPOG)
SPOG_NEVER = Kind("host.spog-error", "SPOG", _RULE, "OK", "ERROR", _SPOG)
