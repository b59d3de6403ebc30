"""The same sites as the samples'."""

from tests.runbook.conftest import duo, exchanged_duo

__all__ = ["duo", "exchanged_duo"]
