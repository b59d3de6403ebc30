"""Runs on a whole solution under the watch of what works, and what a client with the importers' stores can reach."""

from __future__ import annotations

import ssl
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.runbook.monitor import Monitor
from tests.runbook.probes import Trust, trusts
from tests.runbook.runs import Finished, runbook
from tests.runbook.site_lab import JRE, SiteLab
from tests.runbook.whole import whole

LONG = 900  # seconds: on a machine that has much else to do


@dataclass(frozen=True)
class Watched:
    """One run, the monitor that watched it, and what restarted: bare host name and command, in their order."""

    finished: Finished
    monitor: Monitor
    restarts: list[tuple[str, str]]

    @property
    def hosts(self) -> list[str]:
        """Whose services restarted, in their order."""
        return list(dict.fromkeys(host for host, _ in self.restarts))


def watched(lab: SiteLab, evidence: Path, *arguments: str) -> Watched:
    """Run the runbook and look all the time at every trust of sections 1 to 4."""
    seen = len(lab.audit())
    with Monitor(lab, whole(lab)) as monitor:
        finished = runbook(lab, evidence, *arguments, within=LONG)
    return Watched(finished, monitor, lab.restarts(seen))


def assert_gentle(one: Watched) -> None:
    """The run ended well, and nothing that worked ended by it, but for the restarts themselves."""
    assert one.finished.exit_code == 0, one.finished.output
    assert dict(one.monitor.broken) == {}
    assert dict(one.monitor.alone) == {}, "a VVB that runs works with the CVP servers of one side at least"
    assert min(one.monitor.tries.values()) > 20
    assert one.monitor.worked == set(one.monitor.edges)


def assert_few_restarts(one: Watched, *twice: tuple[str, str]) -> None:
    """Each service restarts once at most, a VVB's twice; `twice` may do so as well."""
    for (host, command), times in Counter(one.restarts).items():
        most = 2 if command.startswith("utils ") or (host, command) in twice else 1
        assert times <= most, (host, command)


def untrusting(lab: SiteLab, edges: Iterable[Trust]) -> list[Trust]:
    """The trusts in vain: a client with the importer's anchors alone refuses the exporter, or its name."""
    return [
        edge for edge in edges if not trusts(anchors(lab, edge), edge.exporter, *lab.endpoint(edge.exporter, edge.port))
    ]


def anchors(lab: SiteLab, edge: Trust) -> list[bytes]:
    """What the importer's store holds on its disk, or a VVB's trust list."""
    if edge.importer not in lab.of_role("vvb"):
        return [*lab.trusted(edge.importer, edge.store).values()]
    texts = (content.decode("ascii") for content in lab.trust_list(edge.importer).values())
    return [ssl.PEM_cert_to_DER_cert(text[text.index("-----BEGIN") :]) for text in texts]


def held(lab: SiteLab) -> dict[str, bytes]:
    """Every live store, and every entry of the VVBs' trust lists."""
    stores = {fqdn: lab.store_file(fqdn).read_bytes() for fqdn in lab.keepers}
    stores |= {f"{fqdn}/jre": lab.store_file(fqdn, JRE).read_bytes() for fqdn in lab.of_role("cvp", "cvp_reporting")}
    return stores | {f"{vvb}/{name}": pem for vvb in lab.of_role("vvb") for name, pem in lab.trust_list(vvb).items()}
