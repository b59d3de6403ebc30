"""The findings of a plan made with --observe: the certificates that will be trusted, the entries of the stores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reports.plan.gaps import Gap

_DAY = 10  # characters of an ISO date


@dataclass(frozen=True)
class Place:
    """An alias in a store of a host, and the step that writes it."""

    host: str
    store: str
    alias: str
    step: str
    there: bool = False  # the store holds it already


@dataclass(frozen=True)
class Places:
    """One alias in one store of several hosts."""

    hosts: tuple[str, ...]
    store: str
    alias: str
    step: str


@dataclass(frozen=True)
class Seen:
    """A certificate as it was observed. Times are ISO 8601 in UTC; all fields but `host` are empty if there is none."""

    host: str
    subject: str
    sha256: str
    not_before: str
    not_after: str

    @property
    def begins(self) -> str:
        """The day from which it is valid."""
        return self.not_before[:_DAY]

    @property
    def ends(self) -> str:
        """The day until which it is valid."""
        return self.not_after[:_DAY]


@dataclass(frozen=True)
class Brought(Seen):
    """A certificate that importers will trust."""

    kind: str
    into: tuple[Place, ...]

    @property
    def places(self) -> Iterator[Places]:
        """The stores into which it is imported, hosts with the same alias and store together."""
        found: dict[tuple[str, str, str], list[str]] = {}
        for one in self.into:
            found.setdefault((one.store, one.alias, one.step), []).append(one.host)
        return (Places(tuple(hosts), *rest) for rest, hosts in found.items())


@dataclass(frozen=True)
class Trusted(Brought):
    """A certificate that is imported as it is."""

    port: int
    issuer: str
    self_signed: bool
    authority: bool  # not the leaf that the port presents, but a CA's certificate above it
    second: bool  # an ECDSA leaf, presented beside the RSA one

    @property
    def what(self) -> str:
        """The catalogue key for its kind: `authority`, `self_signed` or `signed`."""
        return "authority" if self.authority else "self_signed" if self.self_signed else "signed"


@dataclass(frozen=True)
class Renewed(Brought):
    """A certificate that the change renews; the values observed are those of the old one."""

    alias: str


@dataclass(frozen=True)
class Held(Seen):
    """An entry of a store, and its fate: kept (under the alias `becomes`), replaced or removed."""

    store: str
    alias: str
    step: str
    fate: str
    becomes: str


@dataclass(frozen=True)
class Due:
    """A share that has something to do now; `commands`: the number of changing ones, without those of its rules."""

    step: str
    host: str
    subjects: tuple[str, ...] = ()
    commands: int = 0


@dataclass(frozen=True)
class Unknown:
    """A fact that could not be observed."""

    host: str
    what: str
    remedy: str


@dataclass(frozen=True)
class Observed:
    """All findings."""

    trusted: tuple[Trusted, ...] = ()
    renewed: tuple[Renewed, ...] = ()
    held: tuple[Held, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    due: tuple[Due, ...] | None = None  # None: in a plan of a version that did not observe it
    gaps: tuple[Gap, ...] | None = None  # trusts that work now and do not for a while; None: not observed
    elsewhere: tuple[str, ...] = ()  # certificates that change, in stores that the run does not write, a line each

    @property
    def coming(self) -> tuple[Trusted, ...]:
        """The certificates that at least one store does not hold yet."""
        return tuple(one for one in self.trusted if not all(place.there for place in one.into))
