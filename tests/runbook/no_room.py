"""A pytest plugin for tests: evidence needs more room than any disk has."""

from __future__ import annotations

from fixtures.system import free_space as room

vars(room).update(EACH_HOST=10**12)
