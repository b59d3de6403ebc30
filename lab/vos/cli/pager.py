"""The two pagers: one after every screen of a command's output, the other one of `file view`."""

from __future__ import annotations

from collections.abc import Sequence

from lab.vos.cli.terminal import ENTER, INTERRUPT, Terminal

BOLD, PLAIN, ERASE = "\x1b[1m", "\x1b[0m", "\x1b[K"
QUESTION = f"{BOLD}Press <enter> for 1 line, <space> for one page, or <q> to quit{PLAIN}{ERASE}"
FILE_PAGE = 20
FILE_END = "end of the file reached"
SPACE, QUIT = " ", "q"


async def show(terminal: Terminal, lines: Sequence[str], *, paged: bool) -> None:
    """Show the lines, a screen at a time if `paged`. Raises Gone."""
    page = max(terminal.rows - 1, 1) if paged else len(lines)
    left = page
    for number, line in enumerate(lines):
        if left == 0:
            left = await _more(terminal, page)
            if left == 0:
                return
        terminal.write(f"{line}\n")
        left -= 1
        if number % 100 == 0:
            await terminal.drain()


async def _more(terminal: Terminal, page: int) -> int:
    """Return the number of lines the client wants to see; 0 to quit."""
    terminal.write(QUESTION)
    wanted: int | None = None
    while wanted is None:
        key = await terminal.key()
        wanted = 1 if key in ENTER else {SPACE: page, QUIT: 0, INTERRUPT: 0}.get(key)
    terminal.write(f"\r{ERASE}")
    return wanted


async def view(terminal: Terminal, lines: Sequence[str]) -> None:
    """Page through a file, forwards and backwards, until the client quits. Raises Gone."""
    last = max((len(lines) - 1) // FILE_PAGE * FILE_PAGE, 0)
    first: int | None = 0
    while first is not None:
        end = min(first + FILE_PAGE, len(lines))
        shown = "".join(f"{line}\n" for line in lines[first:end])
        at_end = f"{FILE_END}\n" if end == len(lines) else ""
        options = f"options: q=quit, n=next, p=prev, b=begin, e=end (lines {first + 1} - {end} of {len(lines)}) : "
        terminal.write(f"{shown}{at_end}{BOLD}\n{options}{PLAIN}")
        first = await _turn(terminal, first, last)
    terminal.write("\n")


async def _turn(terminal: Terminal, first: int, last: int) -> int | None:
    """Return the first line of the page that the client asks for; None to quit."""
    places = {"n": min(first + FILE_PAGE, last), "p": max(first - FILE_PAGE, 0), "b": 0, "e": last}
    while True:
        key = (await terminal.key()).lower()
        if key in (QUIT, INTERRUPT):
            return None
        if key in places:
            return places[key]
