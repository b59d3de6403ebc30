"""A whole solution, half exchanged as real ones are: the first change, a second run, nights' verifications.

Renewing everything of it, and taking everything back: `test_way_back.py`.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jsonschema
import pytest

from fixtures.tables.steps import STAGES
from tests.runbook.conftest import verify
from tests.runbook.kills import OWN
from tests.runbook.planned import planned, unplanned
from tests.runbook.probes import leaf
from tests.runbook.runs import ROOT, Finished, runbook
from tests.runbook.site_lab import JRE, SiteLab, site_lab
from tests.runbook.whole import whole
from tests.solution.asked import asked_twice
from tests.solution.watched import LONG, Watched, assert_gentle, untrusting, watched

# What must stand in the stores afterwards, by the procedure's sections 1 to 4: alias -> whose port presents it.
Places = dict[str, tuple[str, ...]]  # alias -> host, port and, if not RSA, kind of key
_NODES = ("ucmpub", "ucmsub", "fin1", "fin2", "cuic1", "cuic2", "cc1", "vvb1", "ccp")
_CENTRAL = ("awa", "awb", "rgra", "rgrb", "pg1a", "pg1b")
_VOS = {node: (node, "tomcat") for node in _NODES}
_CCE = {f"{host}_{port}": (host, port) for host in _CENTRAL for port in ("iis", "dfp")}
_WSM = {host: (host, "wsm") for host in ("cvp1a", "cvp1b", "cvprpt")}
_ADS: Places = {ads: (ads, "iis") for ads in ("awa", "awb")}
_CVP: Places = {**_ADS, "cc1": ("cc1", "tomcat"), "vvb1": ("vvb1", "tomcat")}
_WEB: Places = {"tickets": ("tickets", "")}
_SECOND = {"ucmpub_ec": ("ucmpub", "tomcat", "ECDSA")}  # the one node that presents a second leaf
EXPECTED: dict[tuple[str, str], Places] = {
    **{(ads, ""): {**_WSM, **_VOS, **_SECOND, **_CCE, "ece": ("ece", "iis")} for ads in ("awa", "awb")},
    **{(rogger, ""): {"awa_iis": ("awa", "iis"), "awb_iis": ("awb", "iis")} for rogger in ("rgra", "rgrb")},
    **{(pg, ""): {"ucmpub": ("ucmpub", "tomcat"), **_SECOND} for pg in ("pg1a", "pg1b")},
    **{(cvp, ""): _CVP for cvp in ("cvp1a", "cvp1b")},
    ("cvprpt", ""): _ADS,
    **{(cvp, JRE): _WEB for cvp in ("cvp1a", "cvp1b")},
    ("studio", ""): _WEB,
}
DROPPED = ("cc1.example.com", "awb.example.com")  # whose entry somebody deletes, and where
# The site's own beginning: servers have got other certificates since, and nobody has removed the old ones.
SUPERSEDED = {"awa": "util-rgra-7890", "awb": "util-fin1-8443", "cvp1b": "aw_cert", "cvp1a": "vb_cert"}


def fqdn(name: str) -> str:
    return f"{name}.example.com"


def alias_of(short: str) -> str:
    host, separator, port = short.partition("_")
    return fqdn(host) + separator + port


@dataclass
class Story:
    """One lab through its first change, a second run and a verification."""

    lab: SiteLab
    before: dict[tuple[str, str], dict[str, str]]
    change: Watched
    begun: int  # so many trusts worked already
    second: Finished
    second_audit: list[dict[str, Any]]
    untouched: bool
    verification: Finished
    verification_audit: list[dict[str, Any]]
    dropped: Finished  # a verification after somebody has deleted an entry by hand
    unplanned: list[tuple[str, str]]  # what the first run has changed, and its plan does not say

    @property
    def first(self) -> Finished:
        """The run of the change."""
        return self.change.finished


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("reference")
    with site_lab(folder, site="reference") as lab:
        before = {(host, store): lab.entries(fqdn(host), store) for host, store in EXPECTED}
        begun = len(whole(lab)) - len(untrusting(lab, whole(lab)))
        plan, seen = planned(lab, folder / "plan"), len(lab.audit())
        change = watched(lab, folder / "out", "--change=CHG-1", "--report")
        surprises = unplanned(plan, lab.audit()[seen:])
        drives, seen = lab.drives(), len(lab.audit())
        second = runbook(lab, folder / "out", "--change=CHG-1", within=LONG)
        second_audit, untouched = lab.audit()[seen:], lab.drives() == drives
        seen = len(lab.audit())
        night = verify(lab, folder / "out")
        audit = lab.audit()[seen:]
        assert untrusting(lab, whole(lab)) == []
        lab.keytool(DROPPED[1], f"-delete -alias {DROPPED[0]}")
        dropped = verify(lab, folder / "dropped")
        yield Story(lab, before, change, begun, second, second_audit, untouched, night, audit, dropped, surprises)


def test_the_run_ends_well_and_says_where_the_evidence_is(story: Story) -> None:
    assert story.first.exit_code == 0, story.first.output
    report = story.first.evidence / "CHG-1" / "allure-report" / "index.html"
    assert report.stat().st_size > 100_000
    assert str(report) in story.first.output.replace("\n", "")


def test_everything_that_it_has_changed_stands_in_the_plan(story: Story) -> None:
    assert story.unplanned == []


def test_no_host_is_asked_the_same_twice_in_a_stage(story: Story) -> None:
    waves = frozenset(stage.step for stage in STAGES if stage.waves)
    journals = [*story.first.evidence.glob("*/runs/*/journal-*.jsonl")]
    assert journals
    assert [twice for journal in journals for twice in asked_twice(journal, waves)] == []


def test_what_worked_before_works_at_every_moment_of_it(story: Story) -> None:
    assert story.begun == 8  # of the twelve that somebody had exchanged: factory certificates of CVP name no FQDN
    assert_gentle(story.change)


def test_every_store_holds_every_certificate_under_its_documented_alias(story: Story) -> None:
    lab = story.lab
    for (host, store), expected in EXPECTED.items():
        held = lab.trusted(fqdn(host), store)
        if fqdn(host) == DROPPED[1]:
            held[DROPPED[0]] = leaf(*lab.endpoint(DROPPED[0], "tomcat"))  # it was there until somebody deleted it
        for short, (exporter, port, *key) in expected.items():
            assert held[alias_of(short)] == leaf(*lab.endpoint(fqdn(exporter), port), *key), (host, short)


def test_nothing_else_is_brought_what_is_superseded_goes_and_nothing_else_is_touched(story: Story) -> None:
    for (host, store), expected in EXPECTED.items():
        entries, before = story.lab.entries(fqdn(host), store), story.before[host, store]
        of_the_table = {*map(alias_of, expected), *([] if store else OWN)}
        foreign = {alias: one for alias, one in before.items() if alias not in of_the_table}
        if not store and host in SUPERSEDED:
            del foreign[SUPERSEDED[host]]
        others = {alias: entries[alias] for alias in entries.keys() - of_the_table - foreign.keys()}
        assert {alias: entries[alias] for alias in foreign} == foreign
        assert len(others) == (2 if expected is _WEB else 0), (host, store)
        for alias, fingerprint in others.items():  # of the private CA that has issued the other web service's
            assert alias.startswith("example private ")
            assert alias.endswith(f"_{fingerprint[:8]}")
            assert fingerprint in story.lab.authorities(fqdn("crm"))


def test_a_client_with_what_the_stores_hold_trusts_every_server_but_one_that_was_dropped(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    edges = whole(story.lab)
    with capsys.disabled():
        print(f"\nreference: {len(edges)} trusts", end=" ")
    assert len(edges) == 76
    assert [(edge.exporter, edge.importer) for edge in untrusting(story.lab, edges)] == [DROPPED]


def test_an_entry_that_is_dropped_by_hand_makes_its_own_trust_fail_and_no_other(story: Story) -> None:
    assert story.dropped.exit_code == 1, story.dropped.output
    (file,) = story.dropped.evidence.rglob("verification.json")
    edges = json.loads(file.read_text(encoding="utf-8"))["edges"]
    assert [(one["exporter"], one["importer"]) for one in edges if one["verdict"] == "FAILS"] == [DROPPED]
    # Of the same store nobody knows what Tomcat has loaded of it: it was written since, as the finding says.
    assert {one["importer"] for one in edges if one["verdict"] == "UNKNOWN"} == {DROPPED[1]}
    assert {one["verdict"] for one in edges if one["importer"] != DROPPED[1]} == {"HOLDS", "NOT_IN_USE"}
    assert f"{DROPPED[1]} Tomcat9: live: expected started after the last write" in story.dropped.said


def test_each_service_restarts_once_at_most_and_side_a_before_side_b(story: Story) -> None:
    assert set(Counter(story.change.restarts).values()) == {1}
    assert story.change.hosts == ["awb", "awa", "rgra", "rgrb", "cvp1a", "cvprpt", "vvb1", "cvp1b"]


def test_a_second_run_changes_nothing(story: Story) -> None:
    assert story.second.exit_code == 0, story.second.output
    assert story.untouched
    assert changes(story.second_audit) == []
    assert story.second_audit


def changes(audit: list[dict[str, Any]]) -> list[str]:
    return [line["text"] for line in audit if line["changed"] or line.get("changed_services")]


def test_a_verification_changes_nothing_and_finds_nothing_wrong(story: Story) -> None:
    assert story.verification.exit_code == 0, story.verification.output
    assert changes(story.verification_audit) == []
    assert {line["channel"] for line in story.verification_audit} == {"winrm", "ssh", "https"}


def test_a_verification_leaves_its_files_and_a_change_too(story: Story) -> None:
    lab = story.lab
    (night,) = story.verification.evidence.glob("verify-*")
    schema = json.loads((ROOT / "docs" / "verification.schema.json").read_text(encoding="utf-8"))
    for folder, kind in ((night, "verify"), (story.first.evidence / "CHG-1", "change")):
        found = json.loads((folder / "verification.json").read_text(encoding="utf-8"))
        jsonschema.validate(found, schema)
        assert (found["kind"], found["outcome"], found["findings"]) == (kind, "ALL_RIGHT", [])
        in_use = [edge for edge in found["edges"] if edge["verdict"] != "NOT_IN_USE"]
        assert {edge["kind"] for edge in found["edges"] if edge not in in_use} == {"tomcat-ECDSA"}
        edges = {(edge["exporter"], edge["importer"], edge["kind"]) for edge in in_use}
        assert {edge[:2] for edge in edges} == {(edge.exporter, edge.importer) for edge in whole(lab)}
        assert len(edges) == len(in_use) == len(whole(lab)) + 4  # a second leaf on two ADS servers and two PGs
        assert {edge["verdict"] for edge in in_use} == {"HOLDS"}
        for cvp in lab.of_role("cvp", "cvp_reporting"):
            own = lab.entries(cvp)["wsm_certificate"]
            told = {one["fingerprint"] for one in found["certificates"] if (one["host"], one["kind"]) == (cvp, "WSM")}
            assert [one.replace(":", "").lower() for one in told] == [own]
            assert {edge["days_left"] for edge in found["edges"] if edge["exporter"] == cvp} <= {1092, 1093, 1094}
        assert (folder / "verification.prom").read_text(encoding="utf-8").count("pcce_trust_edge_ok{") == len(edges)
        calendar = (folder / "expiry.ics").read_bytes()
        assert calendar.count(b"TRIGGER:-P60D") == len({one["fingerprint"] for one in found["certificates"]})
    (run,) = (night / "runs").iterdir()
    assert 'name="outcome" value="done"' in (run / "junit.xml").read_text(encoding="utf-8")
    assert list((run / "allure-results").glob("*-result.json"))


def test_no_password_of_the_lab_is_in_the_evidence_the_output_or_a_command(story: Story) -> None:
    passwords = story.lab.passwords()
    assert len(passwords) >= 8
    written = [path.read_bytes() for path in story.first.evidence.rglob("*") if path.is_file()]
    written += [finished.output.encode() for finished in (story.first, story.second, story.verification)]
    written += [str(line["text"]).encode() for line in story.lab.audit()]
    assert len(written) > 500
    found = [password for password in passwords if any(password.encode() in content for content in written)]
    assert found == []


def test_no_private_key_leaves_its_host(story: Story) -> None:
    written = [path.read_bytes() for path in story.first.evidence.rglob("*") if path.is_file()]
    assert not any(b"PRIVATE KEY" in content for content in written)
    everything = unwrapped(b"|".join(written))
    for cvp in story.lab.of_role("cvp", "cvp_reporting"):
        store = base64.encodebytes(b"x" + story.lab.store_file(cvp).read_bytes())
        for protected, private in dict.fromkeys(story.lab.keys(cvp)):
            # The first would be in any copy of the keystore, the second (of the private exponent) in any bare key.
            pieces = (protected[200:233], private[400:433])
            assert holds(unwrapped(store), pieces[0])
            assert not [piece for piece in pieces if holds(everything, piece)]


def unwrapped(content: bytes) -> bytes:
    """Without blanks and line breaks, as they are or escaped."""
    return content.translate(None, b" \t\r\n\v\f").replace(b"\\r", b"").replace(b"\\n", b"")


def holds(content: bytes, piece: bytes) -> bool:
    """Whether a piece stands in unwrapped content: as it is, or in base64 of any alignment."""
    forms = (unwrapped(piece), *(base64.b64encode(piece[start : start + 30]) for start in range(3)))
    return any(form in content for form in forms)
