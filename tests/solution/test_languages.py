"""Hosts in eight languages side by side: exchanged, verified, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lab.windows.spoken import LANGUAGES
from tests.runbook.conftest import verify
from tests.runbook.kills import ROLLBACK
from tests.runbook.runs import Finished, runbook
from tests.runbook.site_lab import SiteLab, site_lab
from tests.runbook.whole import whole
from tests.solution.test_sites import cvp, site
from tests.solution.watched import LONG, Watched, assert_few_restarts, assert_gentle, held, untrusting, watched

_EXPORTERS, _IMPORTERS = ("en", "fr", "ja", "zh-cn"), ("de", "es", "pt", "zh-tw")


def in_every_language() -> str:
    """Four ADS and four CVP servers, each of which speaks another language."""
    ads = [
        f"aw{number} role: ads, side: {'AB'[number % 2]}, language: {language}" + ", principal: true" * (not number)
        for number, language in enumerate(_IMPORTERS)
    ]
    cvps = [
        f"{cvp(f'cvp{number}', 'AB'[number % 2])}, language: {language}" for number, language in enumerate(_EXPORTERS)
    ]
    return site("languages", "12.5(1)", "languages.example", *ads, *cvps)


@dataclass(frozen=True)
class Story:
    """The runs, and what stood in the stores before the first, between them and after the last."""

    lab: SiteLab
    stores: list[dict[str, bytes]]
    exchange: Watched
    verified: Finished
    distrusted: int  # by a client with what the stores hold, when all was exchanged
    back: Finished


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder: Path = tmp_path_factory.mktemp("languages")
    with site_lab(folder, site=in_every_language()) as lab:
        stores = [held(lab)]
        exchange = watched(lab, folder / "out", "--change=CHG-1")
        verified, distrusted = verify(lab, folder / "night"), len(untrusting(lab, whole(lab)))
        stores.append(held(lab))
        back = runbook(lab, folder / "out", ROLLBACK, "--change=CHG-1", within=LONG)
        stores.append(held(lab))
        yield Story(lab, stores, exchange, verified, distrusted, back)


def test_every_language_has_its_host() -> None:
    assert sorted((*_EXPORTERS, *_IMPORTERS)) == sorted(LANGUAGES)


def test_what_is_exchanged_is_verified_and_trusted(story: Story) -> None:
    assert_gentle(story.exchange)
    assert_few_restarts(story.exchange)
    assert story.verified.exit_code == 0, story.verified.output
    assert (len(whole(story.lab)), story.distrusted) == (64, 0)


def test_the_way_back_leads_to_the_bytes_from_before(story: Story) -> None:
    before, exchanged, before_again = story.stores
    assert before != exchanged
    assert before_again == before
    assert story.back.exit_code == 0, story.back.output
