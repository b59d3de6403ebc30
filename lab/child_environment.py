"""The environment of the real programs behind a lab: what Java needs to start, and nothing else of this machine's."""

from __future__ import annotations

import os

# Windows needs the first to open sockets and make random numbers; Java keeps temporary files in the others.
_NEEDED = ("SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH")


def environment(**own: str) -> dict[str, str]:
    """Return the environment of a program that the lab starts, with the given variables added."""
    return {name: os.environ[name] for name in _NEEDED if name in os.environ} | {"LC_ALL": "C.UTF-8"} | own
