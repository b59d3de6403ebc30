"""The verdict on an edge of the trust table: no edge holds without every part of its proof.

The proof is the chain that the exporter presents, the anchor for it in the importer's store, and the importer's service
that runs with that store: `Holds` refuses to be built without them. If a part is missing, the verdict is `Unknown` with
a reason; if a part proves the contrary, it is `Fails` with violations.
"""

from __future__ import annotations

from dataclasses import dataclass

from checks.keystore import Entries, Entry
from checks.moments import Moment
from checks.trust import anchor
from checks.violation import Violation
from checks.x509.certificate import Certificate


class NoProof(ValueError):
    """A verdict was built without its proof: a fault of this program."""


# -- the importer's service -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RunsWithStore:
    """A service that runs, and whose process started after its store was last written."""

    service: str
    started: Moment
    written: Moment

    def __post_init__(self) -> None:
        """Raises NoProof if the process may have loaded an older store."""
        if not self.started.is_after(self.written):
            raise NoProof(f"{self.service} started {self.started}, the store was written {self.written}")

    def __str__(self) -> str:
        """One line of evidence."""
        return f"{self.service} runs since {self.started}; the store was last written {self.written}"


@dataclass(frozen=True)
class RunsSinceUpload:
    """A running service of an appliance, which has restarted since the last upload of a certificate."""

    service: str
    state: str  # as the node prints it

    def __str__(self) -> str:
        """One line of evidence."""
        return f"{self.service} is {self.state}, and no restart of it is due"


@dataclass(frozen=True)
class ReadAtEachUse:
    """No service keeps the store loaded: each use reads it anew."""

    fact: str

    def __str__(self) -> str:
        """One line of evidence."""
        return self.fact


Reader = RunsWithStore | RunsSinceUpload | ReadAtEachUse


# -- the verdict ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Holds:
    """The importer's service trusts what the exporter presents now.

    >>> Holds((leaf,), Entry("cvp1a", EntryType.TRUSTED, (leaf,)), RunsWithStore("Tomcat9", started, written))
    """

    presented: tuple[Certificate, ...]  # leaf first
    anchor: Entry
    reader: Reader

    def __post_init__(self) -> None:
        """Raises NoProof if the anchor is none for this chain, or if no service is known to use the store."""
        if not isinstance(self.reader, Reader):
            raise NoProof(f"no service is known to use the store: {self.reader}")
        if anchor(Entries((self.anchor,)), self.presented) is None:
            raise NoProof(f"{self.anchor.alias} is no anchor for the presented chain")

    @property
    def lines(self) -> tuple[str, ...]:
        """The proof as evidence: leaf, anchor, service."""
        return (f"presented: {self.presented[0].sha256}", f"anchor: {self.anchor.line}", f"used by: {self.reader}")


@dataclass(frozen=True)
class Fails:
    """The known facts contradict the trust."""

    violations: tuple[Violation, ...]

    def __post_init__(self) -> None:
        """Raises NoProof without any violation."""
        if not self.violations:
            raise NoProof("a failed edge needs a violation")


@dataclass(frozen=True)
class Unknown:
    """Some part of the proof is missing."""

    reason: str

    def __post_init__(self) -> None:
        """Raises NoProof without a reason."""
        if not self.reason.strip():
            raise NoProof("an unknown edge needs a reason")


@dataclass(frozen=True)
class NotInUse:
    """Nobody presents this certificate, or nobody uses the store."""

    reason: str


Verdict = Holds | Fails | Unknown | NotInUse


def edge_verdict(
    presented: tuple[Certificate, ...],
    entries: Entries,
    reader: Reader | Fails | Unknown | NotInUse,
    missing: Violation,
) -> Verdict:
    """Judge an edge by the exporter's chain, the entries of the importer's store, and the service that reads the store.

    `missing` is the violation to report if the store has no anchor for the chain.
    """
    if not presented:
        return Unknown(f"{missing.host}: what {missing.subject} rests on is unknown: nothing is presented")
    found = anchor(entries, presented)
    if found is None:
        return Fails((missing,))
    return Holds(presented, found, reader) if isinstance(reader, Reader) else reader
