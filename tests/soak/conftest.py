"""The same sites as the samples'."""

from tests.runbook.conftest import (
    exchanged_duo,
    impostor_states,
    one_way_duo,
    one_way_state,
    renewed_duo,
    renewed_state,
    staged_duo,
    staged_state,
)

__all__ = [
    "exchanged_duo",
    "impostor_states",
    "one_way_duo",
    "one_way_state",
    "renewed_duo",
    "renewed_state",
    "staged_duo",
    "staged_state",
]
