"""No verdict without its proof: what each can be built from, and what it makes of what is missing."""

from __future__ import annotations

from typing import Any

import pytest

from checks.edge import (
    Fails,
    Holds,
    NoProof,
    NotInUse,
    ReadAtEachUse,
    Reader,
    RunsSinceUpload,
    RunsWithStore,
    Unknown,
    Verdict,
    edge_verdict,
)
from checks.keystore import Entries
from checks.kinds.trusts import NO_ANCHOR
from checks.moments import Moment
from checks.x509.certificate import Certificate
from tests.checks.made import certificate, own, store, trusted

LEAF, OTHER = certificate(), certificate(kind="other")
ROOT = certificate("Root", dns=(), kind="ca")
ISSUED = certificate(issuer="Root", signer="ca")
EARLY, LATE = Moment("awa", 134085312345678901), Moment("awa", 134085312345678902)
RUNS = RunsWithStore("Tomcat9", LATE, EARLY)
AT_EACH_USE = ReadAtEachUse("no service keeps it loaded")
MISSING = NO_ANCHOR.at(
    "awa", store="cacerts", exporter="cvp1a", wanted="certificate", sha256="A", instead="no entry", step="1.2.c"
)

# -- what cannot be built ----------------------------------------------------------------------------------------------

NO_PROOFS: dict[str, Any] = {
    "a service that started before the store was written": lambda: RunsWithStore("Tomcat9", EARLY, LATE),
    "a service that started in the same moment": lambda: RunsWithStore("Tomcat9", EARLY, EARLY),
    "an anchor on which nothing rests": lambda: Holds((LEAF,), trusted("x", OTHER), RUNS),
    "an anchor that is behind a key": lambda: Holds((ISSUED,), own("x", LEAF, ROOT), RUNS),
    "nothing presented": lambda: Holds((), trusted("x", LEAF), RUNS),
    "nobody known to use the store": lambda: Holds((LEAF,), trusted("x", LEAF), Unknown("why")),  # type: ignore[arg-type]
    "no reader at all": lambda: Holds((LEAF,), trusted("x", LEAF), None),  # type: ignore[arg-type]
    "a failure without a violation": lambda: Fails(()),
    "unknown without a reason": lambda: Unknown(" "),
}


@pytest.mark.parametrize("build", NO_PROOFS.values(), ids=NO_PROOFS)
def test_a_verdict_cannot_be_built_without_its_proof(build: Any) -> None:
    with pytest.raises(NoProof):
        build()


def test_no_order_between_the_clocks_of_two_hosts_is_any_proof() -> None:
    with pytest.raises(ValueError, match="two clocks"):
        RunsWithStore("Tomcat9", LATE, Moment("awb", EARLY.ticks))


# -- what is made of the facts -----------------------------------------------------------------------------------------

STALE, OFF = Unknown("it may have loaded an older store"), NotInUse("Tomcat9 is disabled")
STOPPED = Fails((MISSING,))
HELD = store(trusted("x", LEAF))
# what is presented, what the store holds, who reads it -> the kind of verdict
VERDICTS: dict[str, tuple[tuple[Certificate, ...], Entries, Reader | Fails | Unknown | NotInUse, type[Verdict]]] = {
    "leaf, anchor and service": ((LEAF,), HELD, RUNS, Holds),
    "a chain to a CA in the store": ((ISSUED, ROOT), store(trusted("ca", ROOT)), RUNS, Holds),
    "a store that is read at each use": ((LEAF,), HELD, AT_EACH_USE, Holds),
    "a list that an appliance runs with": ((LEAF,), HELD, RunsSinceUpload("Engine", "STARTED"), Holds),
    "nothing is presented": ((), HELD, RUNS, Unknown),
    "an empty store": ((LEAF,), store(), RUNS, Fails),
    "another certificate in the store": ((LEAF,), store(trusted("x", OTHER)), RUNS, Fails),
    "the leaf of a key": ((LEAF,), store(own("x", LEAF)), RUNS, Holds),  # which Java trusts as well
    "a key's CA": ((ISSUED, ROOT), store(own("x", LEAF, ROOT)), RUNS, Fails),
    "a service of which nobody knows what it has loaded": ((LEAF,), HELD, STALE, Unknown),
    "a service that does not run": ((LEAF,), HELD, STOPPED, Fails),
    "a service that nobody wants to run": ((LEAF,), HELD, OFF, NotInUse),
    "no anchor, whoever reads the store": ((LEAF,), store(), STALE, Fails),
}


@pytest.mark.parametrize("presented, entries, reader, kind", VERDICTS.values(), ids=VERDICTS)
def test_an_edge_is_judged_by_facts_alone(
    presented: tuple[Certificate, ...],
    entries: Entries,
    reader: Reader | Fails | Unknown | NotInUse,
    kind: type[Verdict],
) -> None:
    assert isinstance(edge_verdict(presented, entries, reader, MISSING), kind)


def test_the_proof_is_told_as_evidence() -> None:
    verdict = edge_verdict((LEAF,), HELD, RUNS, MISSING)
    assert isinstance(verdict, Holds)
    assert verdict.lines == (
        f"presented: {LEAF.sha256}",
        f"anchor: x, trustedCertEntry, {LEAF.sha256}",
        f"used by: Tomcat9 runs since {LATE}; the store was last written {EARLY}",
    )
