"""A terminal reduced to what the live view and pytest need of one: lines, wrapping, and a few escape sequences."""

from __future__ import annotations

import io
import os
import re
import sys

import pytest
from _pytest._io import TerminalWriter

from reports.pages.cells import width
from reports.terminal import screen
from reports.terminal.screen import Screen

_PIECE = re.compile(r"\x1b\[(\d*)([A-Za-z])|([\r\n])|(.)", re.DOTALL)


class Terminal:
    """Endless downwards: what scrolls out of sight is kept. `wrapped`: the cursor hangs over the end of a full line."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.rows = [[" "] * width]
        self.row = self.column = 0
        self.wrapped = False

    def feed(self, text: str) -> None:
        for count, command, control, character in _PIECE.findall(text):
            if command:
                self._command(command, int(count or 1))
            elif control == "\r":
                self.column, self.wrapped = 0, False
            elif control == "\n":
                self._down()
                self.column, self.wrapped = 0, False
            else:
                self._print(character)

    def text(self) -> str:
        return "\n".join("".join(row).rstrip() for row in self.rows).rstrip()

    def _command(self, command: str, count: int) -> None:
        if command == "A":
            self.row, self.wrapped = max(0, self.row - count), False
        elif command == "G":
            self.column, self.wrapped = min(count, self.width) - 1, False
        elif command == "J":
            self.rows[self.row][self.column :] = [" "] * (self.width - self.column)
            self.rows[self.row + 1 :] = []

    def _down(self) -> None:
        self.row += 1
        if self.row == len(self.rows):
            self.rows.append([" "] * self.width)

    def _print(self, character: str) -> None:
        cells = width(character)
        if self.wrapped or self.column + cells > self.width:
            self._down()
            self.column, self.wrapped = 0, False
        self.rows[self.row][self.column : self.column + cells] = [character, *[""] * (cells - 1)]
        self.wrapped = self.column + cells == self.width
        self.column = self.width - 1 if self.wrapped else self.column + cells


class Shared:
    """A screen and pytest's writer on one terminal."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, redraw: bool = True, width: int = 20) -> None:
        self.terminal = Terminal(width)
        reading, self.writing = os.pipe()
        monkeypatch.setattr(os, "dup", lambda _: self.writing)
        monkeypatch.setattr(sys.stdout, "fileno", lambda: 1, raising=False)
        monkeypatch.setattr(screen, "QUIET", -1)
        monkeypatch.setattr(os, "write", self._take)
        os.close(reading)
        file = io.StringIO()
        file.write = self._write  # type: ignore[method-assign]
        self.writer = TerminalWriter(file)
        self.writer.fullwidth = width
        self.screen = Screen(self.writer, redraw=redraw)

    def _take(self, _: int, data: bytes) -> int:
        self.terminal.feed(data.decode())
        return len(data)

    def _write(self, text: str) -> int:
        self.terminal.feed(text)
        return len(text)
