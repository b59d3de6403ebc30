"""`verification.prom`: the latest verification as gauges, for the node exporter's textfile collector.

An edge that could not be judged, or is not in use, has no `pcce_trust_edge_ok`: neither 1 nor 0 would be true.
`pcce_verification_edges` counts it. All gauges have a `site` label, so that the files of several sites can lie side by
side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from fixtures.evidence import Verdict
from fixtures.system.visible import visible
from reports.pages.files import write_whole
from reports.verification.verification import Result, Verification

_JUDGED = {Verdict.HOLDS.name: 1, Verdict.FAILS.name: 0}
Sample = tuple[list[str], float]  # values of the labels, value of the gauge


def write(path: Path, verification: Verification) -> None:
    """Write the file in one piece, so that the collector never reads half of it. Raises OSError."""
    write_whole(path, text(verification))


def text(verification: Verification) -> bytes:
    """Return the file (Prometheus' text format, UTF-8)."""
    registry = CollectorRegistry()
    registry.register(_Gauges(verification))
    return generate_latest(registry)


class _Gauges:
    """A collector over one verification. The client's own gauges would react to PROMETHEUS_MULTIPROC_DIR."""

    def __init__(self, verification: Verification) -> None:
        self._found = verification

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield each gauge with its samples."""
        found = self._found
        yield self._gauge(
            "pcce_verification_timestamp_seconds",
            "When the latest verification began, in seconds since 1970.",
            (),
            [([], found.when.timestamp())],
        )
        yield self._gauge(
            "pcce_verification_outcome",
            "1 for what the latest verification came to: ALL_RIGHT, WRONG or UNKNOWN; 0 for the other two.",
            ("outcome",),
            [([result.value], float(found.outcome is result)) for result in Result],
        )
        yield self._gauge(
            "pcce_verification_edges",
            "Edges of the trust table by verdict.",
            ("verdict",),
            [([verdict.name], sum(edge.verdict == verdict.name for edge in found.edges)) for verdict in Verdict],
        )
        yield from self._of_edges()
        yield from self._of_certificates()

    def _of_edges(self) -> Iterator[GaugeMetricFamily]:
        yield self._gauge(
            "pcce_trust_edge_ok",
            "1: the importer's store holds what the exporter presents, and its service trusts it; 0: it does not.",
            ("exporter", "kind", "importer", "store", "alias"),
            [
                ([edge.exporter, edge.kind, edge.importer, edge.store, edge.alias], _JUDGED[edge.verdict])
                for edge in self._found.edges
                if edge.verdict in _JUDGED
            ],
        )

    def _of_certificates(self) -> Iterator[GaugeMetricFamily]:
        certificates = self._found.certificates
        where = ("host", "port", "kind")
        named = [([one.host, str(one.port), one.kind], one) for one in certificates]
        yield self._gauge(
            "pcce_certificate_expiry_timestamp_seconds",
            "When the certificate that a port presents expires, in seconds since 1970.",
            where,
            [(labels, one.not_after.timestamp()) for labels, one in named],
        )
        yield self._gauge(
            "pcce_certificate_days_left",
            "Whole days from the verification until the certificate expires; negative when it has.",
            where,
            [(labels, one.days_left) for labels, one in named],
        )

    def _gauge(self, name: str, said: str, labels: tuple[str, ...], samples: Iterable[Sample]) -> GaugeMetricFamily:
        gauge = GaugeMetricFamily(name, said, labels=["site", *labels])
        for values, value in samples:
            gauge.add_metric([self._found.site, *map(visible, values)], value)
        return gauge
