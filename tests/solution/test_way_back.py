"""A whole solution: exchanged, everything renewed, both changes taken back; every trust that works is watched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.runbook.conftest import verify
from tests.runbook.kills import ROLLBACK
from tests.runbook.site_lab import SiteLab, site_lab
from tests.runbook.whole import whole
from tests.solution.watched import Watched, assert_few_restarts, assert_gentle, held, untrusting, watched

Verdicts = dict[tuple[str, ...], str]
_EDGE = ("importer", "exporter", "kind", "store")


@dataclass(frozen=True)
class Story:
    """The runs, and what stood in the stores before the first, between them and after the last."""

    lab: SiteLab
    stores: list[dict[str, bytes]]
    verdicts: list[Verdicts]  # in the beginning, and in the end
    untrusting: int  # in the beginning
    exchange: Watched
    renewal: Watched
    renewal_back: Watched
    exchange_back: Watched


def verdicts(lab: SiteLab, evidence: Path) -> Verdicts:
    """Every trust's verdict, by a verification of its own."""
    verify(lab, evidence)
    (file,) = evidence.rglob("verification.json")
    edges = json.loads(file.read_text(encoding="utf-8"))["edges"]
    return {tuple(str(edge[key]) for key in _EDGE): edge["verdict"] for edge in edges}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("there-and-back")
    with site_lab(folder, site="reference") as lab:
        stores, found = [held(lab)], [verdicts(lab, folder / "before")]
        refused = len(untrusting(lab, whole(lab)))
        runs = []
        for arguments in (["--change=CHG-1"], ["--change=CHG-2"], [ROLLBACK, "--change=CHG-2"]):
            runs.append(watched(lab, folder / "out", *arguments))
            stores.append(held(lab))
            lab.edit_inventory(renew="all")
        runs.append(watched(lab, folder / "out", ROLLBACK, "--change=CHG-1"))
        stores.append(held(lab))
        found.append(verdicts(lab, folder / "after"))
        yield Story(lab, stores, found, refused, *runs)


def test_renewing_everything_and_taking_it_back_breaks_no_trust_that_works(story: Story) -> None:
    assert len(whole(story.lab)) == 76
    for one in (story.exchange, story.renewal, story.renewal_back):
        assert_gentle(one)
    for one in (story.renewal, story.renewal_back):
        for cvp in story.lab.of_role("cvp"):
            assert len(one.monitor.presented[cvp]) == 4  # WSM, and one for the VXML and CallServer: old and new


def test_taking_the_exchange_back_ends_what_it_brought_and_nothing_else(story: Story) -> None:
    assert story.exchange_back.finished.exit_code == 0, story.exchange_back.finished.output
    assert 0 < story.untrusting < len(whole(story.lab))
    assert story.verdicts[1] == story.verdicts[0]
    assert {"HOLDS", "FAILS"} <= set(story.verdicts[0].values())


def test_the_ways_back_lead_to_the_bytes_from_before(story: Story) -> None:
    before, exchanged, renewed, exchanged_again, before_again = story.stores
    assert before != exchanged != renewed
    assert exchanged_again == exchanged
    assert before_again == before


def test_each_service_restarts_once_at_most(story: Story) -> None:
    assert_few_restarts(story.renewal)
    ads = [(fqdn.partition(".")[0], '@sc start "Tomcat9"') for fqdn in story.lab.of_role("ads")]
    # On the way back an ADS server trusts both first, and forgets the new ones when nobody presents them.
    assert_few_restarts(story.renewal_back, *ads)
    assert_few_restarts(story.exchange_back, *ads)
