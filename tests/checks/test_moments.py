"""Moments of one clock have an order; moments of two have none."""

from __future__ import annotations

import pytest

from checks.moments import Moment

EARLY, LATE = 134085312345678901, 134085312345678902


def test_a_tick_makes_the_difference() -> None:
    assert Moment("awa", LATE).is_after(Moment("awa", EARLY))
    assert not Moment("awa", EARLY).is_after(Moment("awa", EARLY))
    assert not Moment("awa", EARLY).is_after(Moment("awa", LATE))


def test_two_clocks_are_never_compared() -> None:
    with pytest.raises(ValueError, match="moments of two clocks, awa and awb, have no order"):
        Moment("awa", LATE).is_after(Moment("awb", EARLY))


def test_a_moment_is_shown_in_utc() -> None:
    assert str(Moment("awa", 116444736000000000)) == "1970-01-01 00:00:00 UTC"
    assert str(Moment("awa", 299999999999999999)) == "2551-08-31 05:19:59 UTC"
