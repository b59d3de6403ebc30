"""verification.prom: read back by the client library's own parser."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from fixtures.evidence import Verdict
from fixtures.system.visible import visible
from reports.journal import history
from reports.verification import prometheus, verification
from reports.verification.verification import Edge, Result, Verification
from tests.reports import sample
from tests.reports.nights import RUN, Judged, night

STORE = r'%JAVA_HOME%\new "store"'
TEXT = st.text(st.characters(codec="utf-8"), max_size=20)


def found(site: Path, *records: Judged, outcome: str = "done") -> Verification:
    """What a night has found."""
    night(site, *records, outcome=outcome)
    made = verification.of([history.of(site / "runs" / RUN)])
    assert made is not None
    return made


def samples(text: bytes, name: str) -> dict[tuple[str, ...], float]:
    """The samples of a gauge: the values of its labels but the site's, in the order of their names."""
    families = {family.name: family for family in text_string_to_metric_families(text.decode("utf-8"))}
    assert families[name].type == "gauge"
    assert families[name].documentation
    assert {one.labels["site"] for one in families[name].samples} <= {"Vienna"}
    return {
        tuple(value for label, value in sorted(one.labels.items()) if label != "site"): one.value
        for one in families[name].samples
    }


def test_the_gauges_say_what_the_night_has_found(tmp_path: Path) -> None:
    leaf = sample.leaf(100)
    text = prometheus.text(
        found(
            tmp_path,
            sample.handshake(kind="WSM", leaf=leaf),
            sample.edge(alias="a", store=STORE, leaf=leaf),
            sample.edge(Verdict.FAILS, alias="b"),
            sample.edge(Verdict.UNKNOWN, alias="c"),
            sample.edge(Verdict.UNKNOWN, alias="d"),
            sample.edge(Verdict.NOT_IN_USE, alias="e"),
            outcome="failed",
        )
    )
    assert samples(text, "pcce_trust_edge_ok") == {
        ("a", sample.CVP, sample.AW, "WSM", STORE): 1,
        ("b", sample.CVP, sample.AW, "WSM", ""): 0,
    }
    assert samples(text, "pcce_verification_edges") == {
        ("HOLDS",): 1,
        ("FAILS",): 1,
        ("UNKNOWN",): 2,
        ("NOT_IN_USE",): 1,
    }
    where = (sample.CVP, "WSM", "8111")
    assert samples(text, "pcce_certificate_days_left") == {where: 100}
    assert samples(text, "pcce_certificate_expiry_timestamp_seconds") == {where: leaf.not_after.timestamp()}
    assert samples(text, "pcce_verification_timestamp_seconds") == {(): sample.NOON.timestamp()}
    assert samples(text, "pcce_verification_outcome") == {("ALL_RIGHT",): 0, ("WRONG",): 1, ("UNKNOWN",): 0}


def test_a_night_without_a_certificate_has_its_gauges_all_the_same(tmp_path: Path) -> None:
    text = prometheus.text(found(tmp_path, outcome="could not find out"))
    assert samples(text, "pcce_trust_edge_ok") == {}
    assert samples(text, "pcce_certificate_days_left") == {}
    assert samples(text, "pcce_verification_outcome")["UNKNOWN",] == 1


@given(exporter=TEXT, store=TEXT)
def test_whatever_a_name_holds_it_comes_back_as_it_may_be_shown(exporter: str, store: str) -> None:
    edge = Edge(exporter, "WSM", "i", store, "a", "1.2.c", "", "HOLDS", (), None, None, None)
    night = Verification(1, "Vienna", "", "", "verify", RUN, sample.NOON, "1", Result.ALL_RIGHT, (edge,), (), ())
    shown = ("a", visible(exporter), "i", "WSM", visible(store))
    assert samples(prometheus.text(night), "pcce_trust_edge_ok") == {shown: 1}


def test_the_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    night = found(tmp_path)
    path = tmp_path / "pcce.prom"
    prometheus.write(path, night)
    before = path.read_bytes()

    def fail(self: Path, content: bytes) -> int:
        with self.open("wb") as file:
            file.write(content[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(OSError, match="No space left"):
        prometheus.write(path, night)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.glob("*.prom")] == ["pcce.prom"]
