"""What the real programs behind a lab get of this machine's environment: what Java needs to start, and nothing else."""

from __future__ import annotations

import os

# Windows opens no socket and makes no random number without the first; Java keeps what is temporary in the others.
_NEEDED = ("SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH")


def environment(**own: str) -> dict[str, str]:
    """The environment of a program that the lab starts, with what it is told besides."""
    return {name: os.environ[name] for name in _NEEDED if name in os.environ} | {"LC_ALL": "C.UTF-8"} | own
