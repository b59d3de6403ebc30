"""Judge whether a service runs with the current content of its stores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from checks.kinds import services as kinds
from checks.moments import Moment
from checks.violation import Violation


@dataclass(frozen=True)
class ServiceTimes:
    """The start time of a service's process and the last write to its files, both by its host's clock."""

    started: Moment
    written: Moment

    @property
    def up_to_date(self) -> bool:
        """True if the process started after the last write, and so has loaded the files as they are."""
        return self.started.is_after(self.written)


@dataclass(frozen=True)
class Stale:
    """A service that should have loaded the current content of its stores and has not.

    `started`: its start time, which is before the last write; None if it does not run.
    """

    started: Moment | None

    def __str__(self) -> str:
        """The finding in words."""
        return f"started {self.started}" if self.started else "not running"


def is_too_old(finding: Stale | None) -> bool:
    """True if a service runs, and started before its stores were last written."""
    return finding is not None and finding.started is not None


def staleness(times: ServiceTimes | None, *, off: bool) -> Stale | None:
    """Return the reason why a service may not have loaded its stores; None if it has, or if it is off on purpose.

    `times` is None for a service that does not run.
    """
    if times is None:
        return None if off else Stale(None)
    return None if times.up_to_date else Stale(times.started)


def not_activated_violations(host: str, store: str, stale: Mapping[str, Stale], step: str) -> list[Violation]:
    """Return a violation for each service that does not run with the activated store."""
    return [
        kinds.NOT_ACTIVATED.at(host, service=name, store=store, found=found, step=step) for name, found in stale.items()
    ]


def not_rolled_back_violations(host: str, stale: Mapping[str, Stale]) -> list[Violation]:
    """Return a violation for each service that does not run with the store from before."""
    return [kinds.NOT_ROLLED_BACK.at(host, service=name, found=found) for name, found in stale.items()]


def not_running_violations(host: str, names: Iterable[str]) -> list[Violation]:
    """Return a violation for each of these services; the caller knows that they should run and do not."""
    return [kinds.DOES_NOT_RUN.at(host, service=name) for name in names]
