"""One command of a shell: it runs on a thread of its own and exchanges data with the event loop through its buffers."""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from lab.contract import Execution

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lab.contract import CommandLine, Shell

_log = logging.getLogger(__name__)


class Input:
    """The input that the client sends to a command. Implements `contract.Stdin`."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._ended = threading.Event()
        self._lock = threading.Lock()

    @property
    def ended(self) -> bool:
        """True if the client has announced the end of its input."""
        return self._ended.is_set()

    def write(self, data: bytes, *, end: bool) -> None:
        """Take the data of one Send."""
        with self._lock:
            self._received += data
        if end:
            self._ended.set()

    def cancel(self) -> None:
        """Release the reader, which gets nothing."""
        with self._lock:
            self._received.clear()
        self._ended.set()

    def read(self) -> bytes:
        """Return everything up to the end of the input; blocks until then. A second call returns nothing."""
        self._ended.wait()
        with self._lock:
            data = bytes(self._received)
            self._received.clear()
        return data


class Command:
    """A command line that runs. The event loop calls everything but `stdout` and `stderr`, which the command calls."""

    def __init__(self, command_id: str, line: str, shell: Shell, ended: Callable[[Command], None]) -> None:
        self.command_id = command_id
        self.line = line
        self.shell = shell
        self.input = Input()
        self.exit_code: int | None = None
        self.printed = False
        self.discarded = False
        self._announce = ended
        self._cancelled = threading.Event()
        self._streams = {"stdout": bytearray(), "stderr": bytearray()}
        self._lock = threading.Lock()
        self._changed = asyncio.Event()
        self._over = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """True while its exit code is not known."""
        return self.exit_code is None

    def start(self, commands: CommandLine) -> None:
        """Run the line on a daemon thread: a command that ignores its cancellation must not keep the process alive."""
        name = f"wsman {self.command_id}"
        self._thread = threading.Thread(target=self._run, args=(commands,), name=name, daemon=True)
        self._thread.start()

    def _run(self, commands: CommandLine) -> None:
        try:
            code = commands.run(self.line, Execution(self.shell, self.input, self, self._cancelled))
        except Exception:  # noqa: BLE001 - see below
            # Any exception is a fault of the lab: the client sees a command that failed, the log says why.
            _log.exception("the command processor of shell %s failed", self.shell.shell_id)
            code = 1
        self._call(self._end, code)

    def _call(self, function: Callable[..., None], *arguments: object) -> None:
        with suppress(RuntimeError):  # the loop is closed: nothing waits for the command any more
            self._loop.call_soon_threadsafe(function, *arguments)

    def _end(self, code: int) -> None:
        self.exit_code = code
        self.input.cancel()  # no one reads it any more: a thread that waits for the client's input ends too
        try:
            self._announce(self)
        finally:
            self._over.set()
            self._changed.set()

    def stdout(self, data: bytes) -> None:
        """Take a piece of the command's standard output."""
        self._write("stdout", data)

    def stderr(self, data: bytes) -> None:
        """Take a piece of the command's standard error."""
        self._write("stderr", data)

    def _write(self, name: str, data: bytes) -> None:
        if not data:
            return
        with self._lock:
            first = not any(self._streams.values())
            self._streams[name] += data
            self.printed = True
        if first:  # a reader that was woken takes everything: waking it for every line would only cost time
            self._call(self._changed.set)

    def cancel(self) -> None:
        """Tell the command to end: a terminate or ctrl_c signal, or the end of its shell or of the server."""
        self._cancelled.set()
        self.input.cancel()

    def discard(self) -> None:
        """Cancel it, forget its output and wake its waiters."""
        self.discarded = True
        self.cancel()
        self._changed.set()

    def _ready(self, names: Iterable[str]) -> bool:
        with self._lock:
            return self.discarded or not self.running or any(self._streams[name] for name in names)

    async def wait(self, names: Iterable[str], timeout: float) -> bool:  # noqa: ASYNC109 - the client sets the time
        """Wait `timeout` seconds; True once these streams have output or the command has ended or been discarded."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while not self._ready(names):
                    self._changed.clear()
                    await self._changed.wait()
        return self._ready(names)

    async def over(self) -> None:
        """Wait until the thread has ended."""
        await self._over.wait()
        if self._thread is not None:
            self._thread.join()  # the thread has done its work: this takes no time

    def take(self, names: Iterable[str], limit: int, *, split: bool) -> dict[str, bytes]:
        """Remove and return at most `limit` bytes of output, by stream. With `split` the cut falls into a character."""
        taken: dict[str, bytes] = {}
        with self._lock:
            for name in names:
                data = bytes(self._streams[name][:limit])
                if split:
                    data = data[: _inside_last_character(data)]
                del self._streams[name][: len(data)]
                limit -= len(data)
                taken[name] = data
        return taken

    def drained(self, names: Iterable[str]) -> bool:
        """True if the command has ended and nothing is left in these streams."""
        with self._lock:
            return not self.running and not any(self._streams[name] for name in names)


def _inside_last_character(data: bytes) -> int:
    """Return where to cut to tear the last multi-byte UTF-8 character: behind its lead byte, else at the end."""
    return next((at + 1 for at in reversed(range(len(data))) if data[at] >= 0xC0), len(data))
