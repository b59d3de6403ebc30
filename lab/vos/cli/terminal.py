"""The terminal of a client: its keys, one at a time, and the text it is shown."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque

import asyncssh

ENTER = "\r\n"
BACKSPACE = "\x08\x7f"
INTERRUPT = "\x03"
CLEAR_LINE = "\x15"
CHUNK = 4096
FIRST_ROWS = 24


class Gone(Exception):
    """Raised if the client has left, or was silent for too long."""


class Idle(Gone):
    """Raised if the client was silent for too long."""


class Interrupted(Exception):
    """Raised if the client pressed Ctrl-C."""


class Terminal:
    """A reader of keys and writer of text. Both carriage return and line feed are Enter, as on a real terminal line."""

    def __init__(self, process: asyncssh.SSHServerProcess[bytes], idle: float) -> None:
        self._process = process
        self._idle = idle
        self._keys: deque[str] = deque()
        self._unsent: list[str] = []
        self._muted = False
        self._interjection = ""
        self._silent_for = 0  # characters still to be shown before the interjection

    @property
    def rows(self) -> int:
        """The height of the screen; 24 if the client does not say."""
        return self._process.term_size[1] or FIRST_ROWS

    def write(self, text: str) -> None:
        """Show a text; a line feed becomes carriage return and line feed. Text written in one go is sent in one go."""
        if self._muted:
            return
        if self._interjection and len(text) > self._silent_for:
            at, said, self._interjection = self._silent_for, self._interjection, ""
            text = f"{text[:at]}{said}{text[at:]}"
        self._silent_for -= len(text)
        if not self._unsent:
            asyncio.get_running_loop().call_soon(self.flush)
        self._unsent.append(text)

    def show_half(self) -> None:
        """Discard the second half of the text that is not sent yet."""
        text = "".join(self._unsent)
        self._unsent = [text[: len(text) // 2]]

    def interject(self, text: str, after: int) -> None:
        """Insert another sender's text after `after` more characters; an empty text cancels that."""
        self._interjection, self._silent_for = text, after

    def mute(self) -> None:
        """Send what was written and show nothing more: the connection is about to be dropped."""
        self.flush()
        self._muted = True

    def flush(self) -> None:
        """Send what was written; nothing is sent to a client that has left."""
        text, self._unsent = "".join(self._unsent), []
        with contextlib.suppress(OSError, asyncssh.Error):
            self._process.stdout.write(text.replace("\n", "\r\n").encode())

    async def drain(self) -> None:
        """Wait until the client has taken most of the text. Raises Gone."""
        self.flush()
        try:
            await self._process.stdout.drain()
        except (OSError, asyncssh.Error) as error:
            raise Gone from error

    async def key(self) -> str:
        """Return the next character. Raises Gone or Idle."""
        while not self._keys:
            await self.drain()
            await self._read(self._idle)
        return self._keys.popleft()

    async def line(self) -> str:
        """Return a line, echoed as it is typed, without its end. Raises Gone, Idle, Interrupted."""
        typed: list[str] = []
        while (key := await self.key()) not in ENTER:
            if key == INTERRUPT:
                self.write("^C\n")
                raise Interrupted
            self._edit(typed, key)
        self.write("\n")
        return "".join(typed)

    async def forget_typed(self, seconds: float) -> None:
        """Discard what the client types within so many seconds, and what it typed before. Raises Gone."""
        end = time.monotonic() + seconds
        if seconds:
            self._keys.clear()
        while (left := end - time.monotonic()) > 0:
            try:
                await self._read(left)
            except Idle:
                break
            self._keys.clear()

    async def end(self) -> None:
        """Wait for the connection to end, whatever the client types. Raises Gone, never returns."""
        while True:
            await self.key()

    def _edit(self, typed: list[str], key: str) -> None:
        if key in BACKSPACE:
            if typed:
                typed.pop()
                self.write("\b \b")
        elif key == CLEAR_LINE:
            self.write("\b \b" * len(typed))
            typed.clear()
        elif key.isascii() and key.isprintable():  # a VOS console accepts nothing else
            typed.append(key)
            self.write(key)

    async def _read(self, seconds: float) -> None:
        try:
            data = await asyncio.wait_for(self._process.stdin.read(CHUNK), seconds)
        except TimeoutError as error:
            raise Idle from error
        except (asyncssh.BreakReceived, asyncssh.SignalReceived):
            data = INTERRUPT.encode()
        except asyncssh.TerminalSizeChanged:
            return
        except (OSError, asyncssh.Error) as error:
            raise Gone from error
        if not data:
            raise Gone
        self._keys.extend(data.decode("ascii", errors="replace"))
