"""The two hosts whose exchange is done, and servers for the clients alone, here too."""

from tests.fixtures.conftest import authority, ca_file, issue, run, serve
from tests.fixtures.connections.conftest import installed, serve_node, serve_talk
from tests.runbook.conftest import (
    duo,
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
    "authority",
    "ca_file",
    "duo",
    "exchanged_duo",
    "impostor_states",
    "installed",
    "issue",
    "one_way_duo",
    "one_way_state",
    "renewed_duo",
    "renewed_state",
    "run",
    "serve",
    "serve_node",
    "serve_talk",
    "staged_duo",
    "staged_state",
]
