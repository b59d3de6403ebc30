"""What stops the lab."""

from __future__ import annotations


class LabError(Exception):
    """Says in one line, to whoever started the lab, why it cannot go on."""


class StoreError(Exception):
    """A store cannot be used as its service would: missing, unreadable, another type, another password."""
