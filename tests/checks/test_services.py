"""A service runs with its stores' latest content, or there is a finding."""

from __future__ import annotations

import pytest

from checks.moments import Moment
from checks.services import (
    ServiceTimes,
    Stale,
    is_too_old,
    not_activated_violations,
    not_rolled_back_violations,
    not_running_violations,
    staleness,
)

EARLY, LATE = Moment("awa", 134085312345678901), Moment("awa", 134085312345678902)
CASES: dict[str, tuple[ServiceTimes | None, bool, Stale | None]] = {
    "it started after the write": (ServiceTimes(LATE, EARLY), False, None),
    "it started before the write": (ServiceTimes(EARLY, LATE), False, Stale(EARLY)),
    "it started in the same moment": (ServiceTimes(EARLY, EARLY), False, Stale(EARLY)),
    "it does not run": (None, False, Stale(None)),
    "it is off on purpose": (None, True, None),
}


@pytest.mark.parametrize("times, off, stale", CASES.values(), ids=CASES)
def test_a_service_is_stale_unless_it_started_after_the_last_write(
    times: ServiceTimes | None, stale: Stale | None, *, off: bool
) -> None:
    assert staleness(times, off=off) == stale


@pytest.mark.parametrize("finding, old", [(None, False), (Stale(None), False), (Stale(EARLY), True)])
def test_only_a_service_that_runs_can_be_too_old(finding: Stale | None, *, old: bool) -> None:
    assert is_too_old(finding) is old


def test_each_stale_service_is_named() -> None:
    stale = {"Tomcat9": Stale(None), "W3SVC": Stale(EARLY)}
    activated = not_activated_violations("awa", "cacerts", stale, "1.2.d")
    back = not_rolled_back_violations("awa", stale)
    assert [one.subject for one in activated] == [one.subject for one in back] == [*stale]
    assert [one.found for one in back] == ["not running", f"started {EARLY}"]
    assert [one.subject for one in not_running_violations("awa", ["Tomcat9"])] == ["Tomcat9"]
