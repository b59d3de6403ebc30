"""A pytest plugin for tests: a fault of the runbook's own, in the middle of a step."""

from __future__ import annotations

from typing import NoReturn

from fixtures.actions.renewal import Renewal


def _broken(_: Renewal) -> NoReturn:
    raise LookupError("a fault of\nthe runbook's own")


Renewal.list_keystore = _broken  # type: ignore[assignment]
