"""A made site of 300 hosts, as the journal of one change tells of it: two sides, with a failure on the second."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fixtures.evidence import EdgeRecord, HandshakeRecord, LeafRecord, ListingRecord, Verdict, When
from tests.reports import sample
from tests.reports.changes import STORE, Book

CVPS, ADSES, GATEWAYS = 200, 20, 80
HOSTS = CVPS + ADSES + GATEWAYS
KINDS = ("WSM", "VXML", "CallServer")
SERVICES = ("callserver", "vxmlserver", "WebServicesManager")
BROKEN = "cvp101b.example.com"  # the first of side B: its CallServer does not start again


def _names(role: str, number: int) -> list[str]:
    """Half of them on each side, side A first."""
    sides = ("a", "b")
    return [f"{role}{count:03}{side}.example.com" for side in sides for count in _share(number, side)]


def _share(number: int, side: str) -> range:
    return range(1, number // 2 + 1) if side == "a" else range(number // 2 + 1, number + 1)


CVP, ADS, PG = _names("cvp", CVPS), _names("ads", ADSES), _names("pg", GATEWAYS)


def change(site: Path) -> None:
    """Write the journal."""
    sides = {host: "A" if host.partition(".")[0].endswith("a") else "B" for host in (*CVP, *ADS, *PG)}
    book = Book(site, sides=sides, options={"paths": "runbook"})
    book.say("collected", tests=3 * CVPS + 2 * ADSES + GATEWAYS, names={})
    for host in (*CVP, *PG):
        book.step("0.5", host, *(_shaken(host, kind, new=False) for kind in KINDS), phase="look")
    for host in ADS:
        book.step("0.5", host, *_edges(host, When.BEFORE), phase="look")
    for host in CVP:
        _stage(book, host)
    for place, host in enumerate(CVP):
        _activate(book, host, CVP.index(BROKEN) - place)
    for host in ADS:
        book.step("v1.trust", host, *_edges(host, When.AFTER), phase="verify", outcome="failed", said="a trust fails")
    book.end(1)


def _leaf(host: str, kind: str, *, new: bool) -> LeafRecord:
    last = f"{sum(map(ord, f'{host}{kind}')) % 256:02X}"
    return sample.leaf(1095 if new else 60, host, last if new else f"{int(last, 16) ^ 1:02X}")


def _shaken(host: str, kind: str, *, new: bool) -> HandshakeRecord:
    port = 8000 + KINDS.index(kind)
    return sample.handshake(port, host=host, kind=kind, subject=kind, leaf=_leaf(host, kind, new=new))


def _edges(importer: str, when: When) -> Iterator[EdgeRecord]:
    for exporter in (*CVP, *PG):
        bad = (exporter == BROKEN) if when is When.AFTER else exporter.endswith("5b.example.com")
        said = ("the port is closed",) if bad else ()
        told = {"when": when, "alias": exporter.partition(".")[0], "messages": said}
        yield sample.edge(Verdict.FAILS if bad else Verdict.HOLDS, exporter, importer, **told)


def _stage(book: Book, host: str) -> None:
    folder = r"%CVP_HOME%\conf\runbook-%RUNBOOK_CHANGE%"
    made = [
        book.command(host, f'@mkdir "{folder}\\staged" && echo created', "make the change's folder", stdout="created")
    ]
    made += [
        book.command(
            host,
            f'@keytool -genkeypair -alias {kind} -keystore "{folder}\\staged\\.keystore" -sigalg SHA256withRSA',
            f"generate {kind}",
            stdout="Generating 2,048 bit RSA key pair and self-signed certificate (SHA256withRSA)",
        )
        for kind in KINDS
    ]
    looks = [
        book.command(host, f"@keytool -list -alias {number}", f"look {number}", changes=False) for number in range(12)
    ]
    book.step("1.1.pre.2", host, *made, *looks)


def _activate(book: Book, host: str, before_broken: int) -> None:
    """`before_broken`: how many hosts come before the one that fails; below 0 they are blocked."""
    if before_broken < 0:
        why = f"Blocked: step 1.4.iii on {BROKEN} did not succeed"
        book.step("1.4.iii", host, phase="activate", outcome="blocked", said=why)
        return
    work = [one for service in SERVICES for one in book.restart(host, service)]
    listings = [
        ListingRecord(host, STORE, when, tuple(f"{kind}, key, {when}" for kind in KINDS))
        for when in (When.BEFORE, When.AFTER)
    ]
    if before_broken:
        shaken = [_shaken(host, kind, new=True) for kind in KINDS]
        book.step("1.4.iii", host, *work, *listings, *shaken, phase="activate")
        return
    said = f"{host}: wait until callserver has started: unexpected answer: STATE : 2 START_PENDING"
    book.step("1.4.iii", host, *work[:3], phase="activate", outcome="failed", said=said)
