"""The screen of the live view: lines below pytest's own that are erased before pytest writes, or plain lines."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Sequence
from typing import Protocol

from reports.pages.cells import clipped

DIM, PLAIN = "\x1b[2m", "\x1b[0m"
QUIET = 1.0  # seconds without output of pytest until lines are shown: quick tests need none


class Writer(Protocol):
    """The part of pytest's terminal writer that is used here."""

    fullwidth: int

    def write_raw(self, msg: str, *, flush: bool = False) -> None:
        """Write text unchanged: all output of pytest passes through here."""

    @property
    def width_of_current_line(self) -> int:
        """The width, so far, of the line that pytest is writing."""


class Screen:
    """The terminal, shared with pytest. It is written to directly: pytest's capture would swallow text in a test."""

    def __init__(self, writer: Writer, *, redraw: bool) -> None:
        self.redraw = redraw
        self._writer = writer
        self._lock = threading.RLock()
        self._encoding = sys.stdout.encoding or "ascii"
        self._descriptor = os.dup(sys.stdout.fileno())  # raises OSError if there is none
        self._erase = ""  # the sequence that erases the lines shown
        self._wrote = time.monotonic()
        self._fresh = False  # a plain line of the live view was written last
        self._quiet = False  # somebody else has the terminal
        self._write_raw = writer.write_raw
        writer.write_raw = self._for_pytest  # type: ignore[method-assign]

    def close(self) -> None:
        """Erase the lines and leave the terminal to pytest."""
        with self._lock:
            if self._descriptor >= 0:
                self.clear()
                self._writer.write_raw = self._write_raw  # type: ignore[method-assign]
                os.close(self._descriptor)
                self._descriptor = -1

    def show(self, lines: Sequence[str]) -> None:
        """Show lines in place of those shown now; do nothing while pytest or a question has the terminal."""
        with self._lock:
            width, column = self._writer.fullwidth, self._writer.width_of_current_line
            # After an exactly full line the cursor hangs over its end, and no sequence brings it back there.
            if self._quiet or time.monotonic() - self._wrote < QUIET or (column and column % width == 0):
                return
            column %= width
            body = "\r\n".join(clipped(line, width - 1) for line in lines)
            start = "\r\n" if column else ""
            self._put(self._erase + (f"{start}{DIM}{body}{PLAIN}" if lines else ""))
            # Later: erase from the first of these lines to the screen's end, then go back to where pytest stopped.
            back = f"{_up(1)}\x1b[{column + 1}G" if column else ""
            self._erase = f"\r{_up(len(lines) - 1)}\x1b[J{back}" if lines else ""

    def clear(self) -> None:
        """Erase the lines that are shown."""
        with self._lock:
            if self._erase:
                self._put(self._erase)
                self._erase = ""

    def be_quiet(self, quiet: bool) -> None:  # noqa: FBT001 - its only argument
        """Leave the terminal to somebody else (True), or use it again (False)."""
        with self._lock:
            self.clear()
            self._quiet = quiet

    def say(self, line: str) -> None:
        """Write a line that stays, on a line of its own; do nothing while somebody else has the terminal."""
        with self._lock:
            if self._quiet:
                return
            start = "\n" if self._writer.width_of_current_line and not self._fresh else ""
            self._put(f"{start}{clipped(line, 1000)}\n")
            self._fresh = True

    def _for_pytest(self, msg: str, *, flush: bool = False) -> None:
        """Write for pytest and flush: buffered text would appear between the lines of the live view."""
        del flush
        with self._lock:
            self.clear()
            self._write_raw(msg, flush=True)
            self._wrote = time.monotonic()
            self._fresh = False

    def _put(self, text: str) -> None:
        data = text.encode(self._encoding, "replace")
        try:
            while data:
                data = data[os.write(self._descriptor, data) :]
        except OSError:  # the terminal is gone: the run goes on without it
            self._erase = ""


def _up(lines: int) -> str:
    return f"\x1b[{lines}A" if lines else ""
