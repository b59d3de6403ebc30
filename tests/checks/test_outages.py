"""Guards: no change and no rollback ends a trust that works, without a word."""

from __future__ import annotations

import itertools

import pytest

from checks.keystore import Entries
from checks.outages import (
    Exporter,
    Importer,
    activation_violations,
    exporter_violations,
    rollback_violations,
)
from checks.x509.certificate import Certificate
from tests.checks.made import certificate, store, trusted

NOW, OLD = certificate(), certificate(kind="other")


@pytest.mark.parametrize("works, holds, ready", [*itertools.product((False, True), repeat=3)])
def test_a_trust_that_works_goes_on_only_with_a_service_that_runs_with_the_other_certificate(
    *, works: bool, holds: bool, ready: bool
) -> None:
    importer = Importer("ads", "WSM", works, holds, ready)
    ends = works and not (holds and ready)
    found = activation_violations("cvp1a", "1.2.c", importer), rollback_violations("cvp1a", importer)
    assert [len(one) for one in found] == [ends, ends]
    if ends:
        (coming,), (back,) = found
        assert "ads" in coming.property
        assert back.found == ("a service that has not loaded it" if holds else "none")


EXPORTERS: dict[str, tuple[Certificate | None, Entries, Entries, bool]] = {
    "it was not rolled back yet": (NOW, store(trusted("x", NOW)), store(trusted("x", OLD)), True),
    "nothing is presented": (None, store(trusted("x", NOW)), store(trusted("x", OLD)), False),
    "it presents the one from before": (OLD, store(trusted("x", OLD)), store(), False),
    "it does not work now": (NOW, store(), store(), False),
    "it works with the store from before too": (NOW, store(trusted("x", NOW)), store(trusted("y", NOW)), False),
}


@pytest.mark.parametrize("presented, live, before, ends", EXPORTERS.values(), ids=EXPORTERS)
def test_a_store_is_not_rolled_back_before_its_exporters(
    presented: Certificate | None, live: Entries, before: Entries, *, ends: bool
) -> None:
    found = exporter_violations("ads", live, before, Exporter("cvp1a", "WSM", presented, OLD))
    assert [one.found for one in found] == ([NOW.sha256] if ends else [])
