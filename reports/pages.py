"""HTML pages that stand alone: no script, no request to anywhere; every text is escaped, every name must be known."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from math import isfinite
from typing import Any

import jinja2

from reports.allure_steps import printable
from reports.wording import Words

_MINUTE, _HOUR = 60, 3600
# Control characters that a host printed: HTML has no way to say them.
_CONTROL = (code for code in (*range(32), *range(127, 160)) if code not in b"\t\n\r")
_UNSHOWN = dict.fromkeys(_CONTROL, "\N{REPLACEMENT CHARACTER}") | {ord("\r"): ""}


def render(template: str, words: Words, **content: Any) -> bytes:
    """A page in UTF-8. Raises ValueError for a page that cannot be made."""
    try:
        text = _environment().get_template(template).render(words=words, **content)
    except (jinja2.TemplateError, LookupError, ArithmeticError) as error:
        raise ValueError(f"{template}: {type(error).__name__}: {error}") from error
    return printable(text.translate(_UNSHOWN)).encode()


def moment(when: datetime | None) -> str:
    """A moment in UTC, to the second; a dash for none."""
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if when else "-"


def day(when: datetime | None) -> str:
    """A day in UTC; a dash for none."""
    return f"{when.astimezone(UTC):%Y-%m-%d}" if when else "-"


def span(words: Words, seconds: float) -> str:
    """A duration, as precise as people want it."""
    if not isfinite(seconds):  # a damaged journal
        return "-"
    if seconds < _MINUTE:
        return words("span.seconds", seconds=f"{seconds:.1f}")
    whole = round(seconds)
    if whole < _HOUR:
        return words("span.minutes", minutes=whole // _MINUTE, seconds=f"{whole % _MINUTE:02}")
    return words("span.hours", hours=whole // _HOUR, minutes=f"{whole % _HOUR // _MINUTE:02}")


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"moment": moment, "day": day}
    environment.globals |= {"span": span}
    return environment
