"""The restarts of a plan, wave by wave, and their durations in earlier runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from fixtures.run.restart_times import Restart
from reports.plan.content import Plan, Share
from reports.plan.gaps import At


@dataclass(frozen=True)
class Restarting:
    """A host that restarts in a wave. `seconds`: as measured in earlier runs, None if any service never was.

    `calls`, `drain_minutes`, `counted`: see `Share`.
    """

    host: str
    role: str
    side: str
    services: tuple[str, ...]
    seconds: float | None
    calls: str = ""
    drain_minutes: float = 0
    counted: bool = False


@dataclass(frozen=True)
class Wave:
    """Hosts that restart together, numbered in their order. The next wave begins when each of them is healthy."""

    number: int
    step: str
    title: str
    hosts: tuple[Restarting, ...]

    @property
    def seconds(self) -> float | None:
        """The seconds that its slowest host takes; None if one is not known."""
        known = [one.seconds for one in self.hosts if one.seconds is not None]
        return max(known) if len(known) == len(self.hosts) else None

    @property
    def drain_seconds(self) -> float:
        """The seconds allowed for calls to end before it, at most; its hosts drain at the same time."""
        return max(60 * one.drain_minutes for one in self.hosts)


@dataclass(frozen=True)
class InWave:
    """A step on a host with its title and the number of its wave, None if it restarts nothing."""

    step: str
    title: str
    host: str
    number: int | None


def in_wave(at: At, waves: Iterable[Wave]) -> InWave:
    """Return a step on a host with its wave, as a page shows it."""
    known = (one for one in waves if one.step == at.step and at.host in [host.host for host in one.hosts])
    wave = next(known, None)
    return InWave(at.step, wave.title if wave else "", at.host, wave.number if wave else None)


def waves(plan: Plan, measured: Mapping[tuple[str, str], Restart]) -> list[Wave]:
    """Return the waves of restarts, in their order."""
    found: list[Wave] = []
    restarting = (share for share in plan.due if plan.restarts(share))
    for (step, _), group in groupby(restarting, lambda share: (share.step, share.wave)):
        shares = list(group)
        hosts = tuple(_host(plan, share, measured) for share in shares)
        found.append(Wave(len(found) + 1, step, shares[0].title, hosts))
    return found


def _host(plan: Plan, share: Share, measured: Mapping[tuple[str, str], Restart]) -> Restarting:
    host, services = share.host, tuple(plan.restarts(share))
    known = [measured[host, service].seconds for service in services if (host, service) in measured]
    return Restarting(
        host,
        plan.role(host),
        plan.side(host),
        services,
        sum(known) if len(known) == len(services) else None,
        share.calls,
        share.drain_minutes,
        share.counted,
    )
