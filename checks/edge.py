"""The verdict on an edge of the trust table, and what it needs: no edge holds without every part of its proof.

`Holds` cannot be built from anything else than the chain that the exporter presents, the anchor that was found in the
importer's store and the importer's service that runs with that store. What is missing makes `Unknown` with its reason,
what is contradicted `Fails` with its violations.
"""

from __future__ import annotations

from dataclasses import dataclass

from checks.keystore import Entries, Entry
from checks.moments import Moment
from checks.trust import anchor
from checks.violation import Violation
from checks.x509.certificate import Certificate


class NoProof(ValueError):
    """A verdict was about to be built from what does not prove it: a fault of this program."""


# -- the importer's service -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RunsWithStore:
    """A service that runs, and whose process started after its store was last written."""

    service: str
    started: Moment
    written: Moment

    def __post_init__(self) -> None:
        """Raises NoProof where the process may have loaded an older store."""
        if not self.started.is_after(self.written):
            raise NoProof(f"{self.service} started {self.started}, the store was written {self.written}")

    def __str__(self) -> str:
        """One line of evidence."""
        return f"{self.service} runs since {self.started}; the store was last written {self.written}"


@dataclass(frozen=True)
class RunsSinceUpload:
    """A service of an appliance that runs, and whose restart after the last upload is not due any more."""

    service: str
    state: str  # in the node's word

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
        """Raises NoProof where the chain does not rest on the anchor, or nobody is known to use the store."""
        if not isinstance(self.reader, Reader):
            raise NoProof(f"nobody is known to use the store: {self.reader}")
        if anchor(Entries((self.anchor,)), self.presented) is None:
            raise NoProof(f"what is presented does not rest on {self.anchor.alias}")

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
            raise NoProof("an edge fails by what is wrong with it, and nothing is")


@dataclass(frozen=True)
class Unknown:
    """Some part of the proof is missing."""

    reason: str

    def __post_init__(self) -> None:
        """Raises NoProof without a reason."""
        if not self.reason.strip():
            raise NoProof("what is unknown needs a reason")


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
    """Judge an edge by what its exporter presents, what its importer's store holds, and who uses that.

    `missing` is the finding for a store without an anchor.
    """
    if not presented:
        return Unknown(f"{missing.host}: what {missing.subject} rests on is unknown: nothing is presented")
    found = anchor(entries, presented)
    if found is None:
        return Fails((missing,))
    return Holds(presented, found, reader) if isinstance(reader, Reader) else reader
