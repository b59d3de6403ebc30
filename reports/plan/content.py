"""plan.json as data: what would be sent, to whom, in which order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from reports.outages import restarted
from reports.plan.trusted import Observed

FILE = "plan.json"
WAY_BACK = "r."  # how the ids of the steps of the way back begin


@dataclass(frozen=True)
class Form:
    """A command that a rule can come to; what only the host, or the run, can tell is a {placeholder} in it."""

    text: str
    purpose: str = ""
    changes: bool = False


@dataclass(frozen=True)
class Work:
    """One line of a step: a command, or the rule by which a host's content decides on commands."""

    text: str = ""
    rule: str = ""
    purpose: str = ""
    changes: bool = False
    host: str = ""
    subjects: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    forms: tuple[Form, ...] = ()  # of a rule: all that it can come to


@dataclass(frozen=True)
class Share:
    """What a step would send on one host. `wave`: the number of its restart wave within the step, 0 for none."""

    step: str
    title: str
    host: str
    work: tuple[Work, ...]
    phase: str = ""
    wave: int = 0

    @property
    def restarts(self) -> list[str]:
        """The services (or the whole appliance) that it restarts."""
        return restarted(one.text for one in self.work)

    @property
    def changes(self) -> int:
        """How many of its commands change something."""
        return sum(one.changes for one in self.work)


@dataclass(frozen=True)
class Lock:
    """What is sent for the lock of a host."""

    host: str
    work: tuple[Work, ...]


@dataclass(frozen=True)
class Procedure:
    """A step as people know it, also one that sends nothing, and the hosts it is done on."""

    title: str
    section: str
    phase: str
    description: str
    hosts: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """The whole file. The inventory stands in it as it was written, but for its passwords."""

    hash: str
    version: str
    inventory: Mapping[str, Any]
    options: Mapping[str, Any]
    steps: tuple[Share, ...]
    warnings: tuple[str, ...] = ()
    procedure: Mapping[str, Procedure] | None = None
    observed: Observed | None = None  # None: nobody has looked
    locks: tuple[Lock, ...] = ()

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
    def changed(self) -> list[str]:
        """The hosts to which anything is sent that changes something, in the order in which they come."""
        return list(dict.fromkeys(share.host for share in self.steps if share.changes))

    @property
    def goes_back(self) -> bool:
        """Whether it is the plan of a way back."""
        return any(share.step.startswith(WAY_BACK) for share in self.steps)

    def role(self, host: str) -> str:
        """A host's role in the inventory's words; empty where it has none."""
        return str(self.hosts.get(host, {}).get("role", ""))

    def side(self, host: str) -> str:
        """A host's side; empty where it has none."""
        return str(self.hosts.get(host, {}).get("side") or "")

    def change(self, key: str) -> Any:
        """What the inventory says under `change:`; None where it says nothing."""
        change = self.inventory.get("change")
        return change.get(key) if isinstance(change, Mapping) else None


_FILE = TypeAdapter(Plan)


def read(folder: Path) -> Plan | None:
    """The plan in a change's folder; None if there is none. Raises ValueError for a file that is no plan."""
    try:
        content = (folder / FILE).read_bytes()
    except FileNotFoundError:
        return None
    return _FILE.validate_json(content)
