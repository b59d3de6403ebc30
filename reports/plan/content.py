"""The content of plan.json: the commands that would be sent, their hosts and their order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from fixtures.system.plain_files import read_plain
from reports.journal.outages import restarted
from reports.plan.gaps import Gap
from reports.plan.trusted import Due, Observed

FILE = "plan.json"
MAKES = "1.1.iii"  # the step that renews certificates
FOUND_FIRST = "x1.5.activate"  # the step that restarts servers once more where they were found to trust each other
WAY_BACK = "r."  # the ids of the rollback's steps begin with this


@dataclass(frozen=True)
class Form:
    """A command that a rule can result in; a {placeholder} stands for a value that is known only during the run.

    `put_back`: the commands that are sent if it, or a command after it, fails.
    """

    text: str = ""
    purpose: str = ""
    changes: bool = False
    rule: str = ""  # set for a rule among the commands of `put_back`
    forms: tuple[Form, ...] = ()
    put_back: tuple[Form, ...] = ()


@dataclass(frozen=True)
class Work:
    """One line of a step: a command, or a rule that yields commands depending on what the host holds."""

    text: str = ""
    rule: str = ""
    purpose: str = ""
    changes: bool = False
    host: str = ""
    subjects: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    forms: tuple[Form, ...] = ()  # of a rule: all commands that it can result in


@dataclass(frozen=True)
class Share:
    """The commands that a step would send on one host. `wave`: the number of its restart wave in the step, 0 for none.

    `calls`: what happens to calls in progress (drained, dropped, untouched; empty in plans of older versions).
    `drain_minutes`: the time limit for them to end. `counted`: True if the number of active calls is polled.
    """

    step: str
    title: str
    host: str
    work: tuple[Work, ...]
    phase: str = ""
    wave: int = 0
    calls: str = ""
    drain_minutes: float = 0
    counted: bool = False

    @property
    def restarts(self) -> list[str]:
        """The services (or the whole appliance) that it restarts, rules apart."""
        return restarted(one.text for one in self.work)

    @property
    def restarts_by_rules(self) -> list[str]:
        """The services that it restarts where what its rules are about was found; a placeholder names no service."""
        return [one for one in restarted(form.text for work in self.work for form in work.forms) if "{" not in one]

    @property
    def changes(self) -> int:
        """The number of its commands that change something."""
        return sum(one.changes for one in self.work)

    @property
    def can_change(self) -> bool:
        """True if it can change anything, by a command or by a rule."""
        return any(one.changes or one.rule for one in self.work)


@dataclass(frozen=True)
class Lock:
    """The commands for the lock of a host."""

    host: str
    work: tuple[Work, ...]


@dataclass(frozen=True)
class Procedure:
    """A step in words, even one that sends nothing, and its hosts."""

    title: str
    section: str
    phase: str
    description: str
    hosts: tuple[str, ...]


@dataclass(frozen=True)
class Numbers:
    """The size of a plan: hosts changed, certificates renewed, changing commands, restarts of a service."""

    hosts: int
    certificates: int
    commands: int  # without those of the locks, and those that rules result in
    restarts: int


@dataclass(frozen=True)
class Plan:
    """The whole file. It contains the inventory as it was written, without the passwords."""

    hash: str
    version: str
    inventory: Mapping[str, Any]
    options: Mapping[str, Any]
    steps: tuple[Share, ...]
    warnings: tuple[str, ...] = ()
    procedure: Mapping[str, Procedure] | None = None
    observed: Observed | None = None  # None: made without --observe
    locks: tuple[Lock, ...] = ()
    gaps: tuple[Gap, ...] = ()  # trusts that its restarts interrupt; only in the documents' order

    @property
    def documented(self) -> bool:
        """True if it restarts in the documents' order."""
        return self.options.get("order") == "documented"

    @property
    def gaps_were_looked_for(self) -> bool:
        """True if it was observed which of the trusts in `gaps` work now."""
        return self.observed is not None and self.observed.gaps is not None and not self.observed.unknown

    @property
    def named_gaps(self) -> tuple[Gap, ...]:
        """The trusts that do not work for a while: only those that work now, if that was observed."""
        if self.observed is None or self.observed.gaps is None or not self.gaps_were_looked_for:
            return self.gaps
        seen = self.observed.gaps
        return tuple(gap for gap in self.gaps if gap in seen)

    @property
    def site(self) -> str:
        """The site's name."""
        return str(self.inventory.get("site", ""))

    @cached_property
    def hosts(self) -> Mapping[str, Mapping[str, Any]]:
        """The inventory's hosts by FQDN."""
        found = self.inventory.get("hosts")
        every = [host for host in found if isinstance(host, Mapping)] if isinstance(found, list) else []
        return {str(host.get("fqdn", "")).lower(): host for host in every}

    @cached_property
    def _due(self) -> Mapping[tuple[str, str], Due] | None:
        """The shares that have something to do now, by step and host; None if that was not observed."""
        if self.observed is None or self.observed.due is None or self.observed.unknown:
            return None
        return {(one.step, one.host): one for one in self.observed.due}

    def is_idle(self, share: Share) -> bool:
        """True if a share that can change something was observed to have nothing to do."""
        return self._due is not None and share.can_change and (share.step, share.host) not in self._due

    @cached_property
    def due(self) -> list[Share]:
        """The shares that change something: those observed to have something to do, else all that can."""
        return [share for share in self.steps if share.can_change and not self.is_idle(share)]

    def restarts(self, share: Share) -> list[str]:
        """Return the services that a share restarts; those by rules alone only if they were observed to be due."""
        return share.restarts or (share.restarts_by_rules if self._due is not None else [])

    @property
    def may_restart_twice(self) -> bool:
        """True if it was not observed whether any server is found to trust another, and so restarts once more."""
        return self._due is None and any(share.step == FOUND_FIRST for share in self.steps)

    @property
    def nothing_to_do(self) -> bool:
        """True if it was observed that a run would change nothing."""
        return self._due is not None and not self.due

    def changes(self, share: Share) -> int:
        """Return the number of changing commands that a share sends, not counting those that its rules yield."""
        if self._due is None or not share.can_change:
            return share.changes
        known = self._due.get((share.step, share.host))
        return known.commands if known is not None else 0

    @cached_property
    def changed(self) -> list[str]:
        """The hosts on which anything is changed, in the order of the plan."""
        return list(dict.fromkeys(share.host for share in self.due))

    @cached_property
    def numbers(self) -> Numbers:
        """The size of the plan, for every place that shows it."""
        return Numbers(
            hosts=len(self.changed),
            certificates=sum(len(self.made_anew(share)) for share in self.due),
            commands=sum(map(self.changes, self.due)),
            restarts=sum(len(self.restarts(share)) for share in self.due),
        )

    def made_anew(self, share: Share) -> list[str]:
        """Return the aliases of the certificates that a share renews."""
        if share.step != MAKES:
            return []
        subjects = dict.fromkeys(subject for one in share.work if one.changes for subject in one.subjects)
        known = self._due.get((share.step, share.host)) if self._due is not None else None
        return [one for one in subjects if known is None or one in known.subjects]

    @property
    def is_rollback(self) -> bool:
        """True if it is the plan of a rollback."""
        return any(share.step.startswith(WAY_BACK) for share in self.steps)

    def role(self, host: str) -> str:
        """Return a host's role in the inventory's words; empty if it has none."""
        return str(self.hosts.get(host, {}).get("role", ""))

    def side(self, host: str) -> str:
        """Return a host's side; empty if it has none."""
        return str(self.hosts.get(host, {}).get("side") or "")

    def change(self, key: str) -> Any:
        """Return the value of a key under `change:` in the inventory; None if it is not given."""
        change = self.inventory.get("change")
        return change.get(key) if isinstance(change, Mapping) else None


_FILE = TypeAdapter(Plan)


def read(folder: Path) -> Plan | None:
    """Return the plan in a change's folder; None if there is none. Raises ValueError for a file that is no plan."""
    try:
        content = read_plain(folder / FILE)
    except FileNotFoundError:
        return None
    return _FILE.validate_json(content)
