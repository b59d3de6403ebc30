"""Section 1 from an installer's certificates to an exchanged site, and what it leaves behind."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.runbook.conftest import verify
from tests.runbook.probes import Monitor, section_1, trusts
from tests.runbook.runs import Finished, runbook
from tests.runbook.site_lab import SiteLab, site_lab


@dataclass
class Story:
    """One lab through its first exchange, a second run, a verification and a renewal of everything."""

    lab: SiteLab
    before: list[bool]
    first: Finished
    after: list[bool]
    untouched: bool
    second: Finished
    second_audit: list[dict[str, Any]]
    verification: Finished
    verification_audit: list[dict[str, Any]]


def trust_on_disk(lab: SiteLab) -> list[bool]:
    """For every edge: whether a client with what the importer's store on disk holds would trust the exporter."""
    return [
        trusts(
            lab.trusted(edge.importer).values(),
            edge.exporter,
            lab.hosts[edge.exporter]["address"],
            lab.hosts[edge.exporter]["ports"][edge.port],
        )
        for edge in section_1(lab)
    ]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("minimal")
    with site_lab(folder) as lab:
        before = trust_on_disk(lab)
        first = runbook(lab, folder / "out", "--change=CHG-1", "--report")
        after = trust_on_disk(lab)
        drives, seen = lab.drives(), len(lab.audit())
        second = runbook(lab, folder / "out", "--change=CHG-1")
        second_audit = lab.audit()[seen:]
        untouched, seen = lab.drives() == drives, len(lab.audit())
        verification = verify(lab, folder / "out")
        yield Story(lab, before, first, after, untouched, second, second_audit, verification, lab.audit()[seen:])


def test_a_fresh_site_trusts_nobody(story: Story) -> None:
    assert story.before == [False] * len(story.before)
    assert len(story.before) == 12


def test_the_run_ends_well_and_says_where_the_evidence_is(story: Story) -> None:
    assert story.first.exit_code == 0, story.first.output
    report = story.first.evidence / "CHG-1" / "allure-report" / "index.html"
    assert report.stat().st_size > 100_000
    assert str(report) in story.first.output.replace("\n", "")


def test_afterwards_an_independent_client_with_the_stores_on_disk_trusts_every_server(story: Story) -> None:
    assert story.after == [True] * len(story.after)


def test_each_cvp_keystore_holds_each_ads_certificate_under_its_fqdn(story: Story) -> None:
    for cvp in story.lab.of_role("cvp", "cvp_reporting"):
        assert set(story.lab.of_role("ads")) <= story.lab.trusted(cvp).keys()


def test_a_second_run_changes_nothing(story: Story) -> None:
    assert story.second.exit_code == 0, story.second.output
    assert story.untouched
    assert [line["text"] for line in story.second_audit if line["changed"] or line["changed_services"]] == []
    assert story.second_audit


def test_a_verification_changes_nothing_and_finds_nothing_wrong(story: Story) -> None:
    assert story.verification.exit_code == 0, story.verification.output
    assert [line["text"] for line in story.verification_audit if line["changed"] or line["changed_services"]] == []
    assert story.verification_audit


def test_no_password_of_the_lab_is_in_the_evidence_the_output_or_a_command(story: Story) -> None:
    passwords = story.lab.passwords()
    assert len(passwords) >= 7
    written = [path.read_bytes() for path in story.first.evidence.rglob("*") if path.is_file()]
    written += [finished.output.encode() for finished in (story.first, story.second, story.verification)]
    written += [str(line["text"]).encode() for line in story.lab.audit()]
    assert len(written) > 500
    found = [password for password in passwords if any(password.encode() in content for content in written)]
    assert found == []


def test_no_private_key_leaves_its_host(story: Story) -> None:
    written = [path.read_bytes() for path in story.first.evidence.rglob("*") if path.is_file()]
    assert not any(b"PRIVATE KEY" in content for content in written)
    for cvp in story.lab.of_role("cvp", "cvp_reporting"):
        store = story.lab.store_file(cvp).read_bytes()
        for protected, private in story.lab.keys(cvp):
            # The first would be in any copy of the keystore, the second (of the private exponent) in any bare key.
            pieces = (protected[200:233], private[400:433])
            assert holds(base64.encodebytes(b"x" + store), pieces[0])
            assert not [piece for piece in pieces if any(holds(content, piece) for content in written)]


def holds(content: bytes, piece: bytes) -> bool:
    """Whether a piece stands in a content: as it is, or in base64 of any alignment, with or without line breaks."""
    joined = re.sub(rb"(\\r|\\n|\s)+", b"", content)
    encoded = [base64.b64encode(piece[start : start + 30]) for start in range(3)]
    return piece in content or any(one in joined for one in encoded)


def test_renewing_everything_breaks_no_trust_that_works_and_restarts_each_service_once(
    story: Story, tmp_path: Path
) -> None:
    lab = story.lab
    seen = len(lab.audit())
    lab.edit_inventory(renew="all")
    with Monitor(lab) as monitor:
        renewed = runbook(lab, tmp_path, "--change=CHG-2")
    assert renewed.exit_code == 0, renewed.output
    assert dict(monitor.broken) == {}
    assert min(monitor.tries.values()) > 20
    assert set(monitor.tries) == set(section_1(lab))
    cvps = lab.of_role("cvp", "cvp_reporting")
    assert {cvp: len(monitor.presented[cvp]) for cvp in cvps} == dict.fromkeys(cvps, 2)
    starts = Counter(
        (line["host"], line["text"]) for line in lab.audit()[seen:] if line["text"].startswith("@sc start")
    )
    assert len(starts) == 2 * 1 + 2 * 3 + 2
    assert set(starts.values()) == {1}
    assert trust_on_disk(lab) == [True] * 12
    assert [alias for fqdn in lab.hosts for alias in lab.entries(fqdn) if alias.endswith("_old")] == []
    assert verify(lab, tmp_path).exit_code == 0
