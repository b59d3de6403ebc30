"""The errors that stop the lab."""

from __future__ import annotations


class LabError(Exception):
    """The lab cannot go on; the message says why, in one line for the person who started it."""


class StoreError(Exception):
    """A service could not use this store: it is missing, unreadable, of another type or has another password."""
