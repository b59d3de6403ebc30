"""The input of a command, and its row in the table of commands."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from lab.vos.cli.pager import show
from lab.vos.cli.terminal import Terminal
from lab.vos.node import Node


class Failed(Exception):
    """Raised if a command fails; the client sees the message before the line on the failure."""


@dataclass
class Settings:
    """The settings of one session that `set cli ...` changes."""

    paged: bool = True


@dataclass
class Call:
    """One command that a client has entered."""

    node: Node
    terminal: Terminal
    settings: Settings
    arguments: Sequence[str]
    changed: bool = False
    notes: list[str] = field(default_factory=list)  # for the audit log: the client's answers and pasted text

    async def show(self, text: str) -> None:
        """Show lines, a screen at a time unless pagination is off."""
        await show(self.terminal, text.removesuffix("\n").split("\n"), paged=self.settings.paged)

    def say(self, text: str) -> None:
        """Show a text at once and unchanged."""
        self.terminal.write(text)

    async def agreed(self, question: str) -> bool:
        """True if the client answers a question with yes."""
        self.say(question)
        answer = (await self.terminal.line()).strip().lower()
        self.notes.append(f"answer {answer!r}")
        return answer in ("yes", "y")

    async def wait(self) -> None:
        """Wait for the time that a command takes."""
        await asyncio.sleep(self.node.pace.answer)


Run = Callable[[Call], Awaitable[None]]  # raises Failed


def everywhere(_node: Node) -> bool:
    """Return True: every node has the command."""
    return True


@dataclass(frozen=True)
class Command:
    """A row of the table: the words, how many arguments follow at least and at most, and which nodes have it."""

    words: str
    run: Run
    least: int = 0
    most: int = 0
    on: Callable[[Node], bool] = everywhere

    def fits(self, entered: Sequence[str], node: Node) -> bool:
        """True if the client entered this command and the node has it."""
        words = self.words.split()
        arguments = len(entered) - len(words)
        return list(entered[: len(words)]) == words and self.least <= arguments <= self.most and self.on(node)
