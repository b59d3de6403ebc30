"""The place of the live view: lines below pytest's own that vanish before pytest writes, or plain lines."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Sequence
from typing import Protocol

from reports.pages.cells import clipped

DIM, PLAIN = "\x1b[2m", "\x1b[0m"
QUIET = 1.0  # seconds since pytest wrote: before that, tests are quick and nobody waits


class Writer(Protocol):
    """The part of pytest's terminal writer that is used here."""

    fullwidth: int

    def write_raw(self, msg: str, *, flush: bool = False) -> None:
        """Write, whatever is written: all that pytest says comes through here."""

    @property
    def width_of_current_line(self) -> int:
        """The width, so far, of the line that pytest is writing."""


class Screen:
    """The terminal, shared with pytest. It is written to beside pytest's capture, which would swallow it in a test."""

    def __init__(self, writer: Writer, *, redraw: bool) -> None:
        self.redraw = redraw
        self._writer = writer
        self._lock = threading.RLock()
        self._encoding = sys.stdout.encoding or "ascii"
        self._descriptor = os.dup(sys.stdout.fileno())  # raises OSError where there is no such thing
        self._erase = ""  # what takes away the lines that are shown
        self._wrote = time.monotonic()
        self._fresh = False  # a plain line of ours was the last thing written
        self._quiet = False  # somebody else uses the terminal
        self._write_raw = writer.write_raw
        writer.write_raw = self._for_pytest  # type: ignore[method-assign]

    def close(self) -> None:
        """Leave the terminal to pytest."""
        with self._lock:
            if self._descriptor >= 0:
                self.clear()
                self._writer.write_raw = self._write_raw  # type: ignore[method-assign]
                os.close(self._descriptor)
                self._descriptor = -1

    def show(self, lines: Sequence[str]) -> None:
        """Show lines in the place of those that are shown; not while pytest is busy writing."""
        with self._lock:
            width, column = self._writer.fullwidth, self._writer.width_of_current_line
            # A line that is exactly full: the cursor hangs over its end, and no sequence brings it back there.
            if self._quiet or time.monotonic() - self._wrote < QUIET or (column and column % width == 0):
                return
            column %= width
            body = "\r\n".join(clipped(line, width - 1) for line in lines)
            start = "\r\n" if column else ""
            self._put(self._erase + (f"{start}{DIM}{body}{PLAIN}" if lines else ""))
            # Later: from the first of these lines to the end of the screen; then back to where pytest stopped writing.
            back = f"{_up(1)}\x1b[{column + 1}G" if column else ""
            self._erase = f"\r{_up(len(lines) - 1)}\x1b[J{back}" if lines else ""

    def clear(self) -> None:
        """Take away what is shown."""
        with self._lock:
            if self._erase:
                self._put(self._erase)
                self._erase = ""

    def be_quiet(self, quiet: bool) -> None:  # noqa: FBT001 - it is all there is to say
        """Leave the terminal to somebody else from now on; or take it again."""
        with self._lock:
            self.clear()
            self._quiet = quiet

    def say(self, line: str) -> None:
        """Write a line that stays, on a line of its own; nothing while the terminal is somebody else's."""
        with self._lock:
            if self._quiet:
                return
            start = "\n" if self._writer.width_of_current_line and not self._fresh else ""
            self._put(f"{start}{clipped(line, 1000)}\n")
            self._fresh = True

    def _for_pytest(self, msg: str, *, flush: bool = False) -> None:
        """Write for pytest, at once: what lay in a buffer would come out between our lines."""
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
