"""Trusts that do not work for a while, because the restarts are in the documents' order (`fixtures.scope.gaps`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class At:
    """A step on a host."""

    step: str
    host: str


@dataclass(frozen=True)
class Gap:
    """A trust, the step on a host that interrupts it, and the one after which it works again."""

    exporter: str
    kind: str
    importer: str
    store: str
    since: At
    until: At
