"""A pytest plugin for tests: a fault of the runbook's own, in the middle of a step."""

from __future__ import annotations

from typing import NoReturn

from fixtures.hosts.cvp import CvpHost


def _broken(_: CvpHost) -> NoReturn:
    raise LookupError("a fault of\nthe runbook's own")


CvpHost.list_keystore = _broken  # type: ignore[assignment]
