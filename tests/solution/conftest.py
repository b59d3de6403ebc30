"""The two hosts whose exchange is done, here too."""

from tests.runbook.conftest import duo, exchanged_duo, one_way_duo, one_way_state, staged_duo, staged_state

__all__ = ["duo", "exchanged_duo", "one_way_duo", "one_way_state", "staged_duo", "staged_state"]
