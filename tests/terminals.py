"""Programs at a pseudo-terminal, and somebody who types there."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NEEDED = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX's")


def at_a_terminal(command: list[str], typed: Mapping[str, bytes], ends_with: str) -> tuple[int, str]:
    """Exit code and output of a program that is typed at: each answer once its question is shown."""
    import pty

    child, terminal = pty.fork()
    if child == 0:  # pragma: no cover - the child becomes the program
        os.chdir(ROOT)
        os.execv(command[0], command)  # noqa: S606 - our own interpreter
    said = ""
    for asked, line in typed.items():
        said += _until(terminal, asked)
        os.write(terminal, line)
    said += _until(terminal, ends_with)
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), said


def _until(terminal: int, words: str, seconds: float = 90) -> str:
    """What is shown until these words."""
    said, deadline = "", time.monotonic() + seconds
    while words not in said and time.monotonic() < deadline:
        try:
            said += os.read(terminal, 4096).decode(errors="replace")
        except OSError:  # the other end has closed
            break
    assert words in said, said
    return said
