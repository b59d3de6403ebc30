"""One session at the command line: banner, prompts, commands, an event in the audit log for each."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence

from lab.faults.kinds import Answers, DropConnection, PowerCut, Slow
from lab.faults.vos import Broadcast
from lab.vos.cli import certificate_commands, service_commands, system_commands
from lab.vos.cli.call import Call, Command, Failed, Settings
from lab.vos.cli.terminal import Gone, Idle, Interrupted, Terminal
from lab.vos.node import Event, Node

PROMPT = "admin:"
STARTING = "Command Line Interface is starting up, please wait ...\n"
WELCOME = "\n   Welcome to the Platform Command Line Interface\n"
MACHINE = "\nVMware Installation:\n\t2 vCPU: Intel(R) Xeon(R) CPU E7- 2830  @ 2.13GHz\n"
DISK_AND_MEMORY = "\tDisk 1: 146GB, Partitions aligned\n\t8192 Mbytes RAM\n"
# The parts of the banner, each after a fraction of the time to the first prompt (8.6 s on a real node).
BANNER = ((0.08, STARTING), (0.63, WELCOME), (0.19, MACHINE))
BEFORE_PROMPT = 0.1
NOT_VALID = "No valid command entered\n"
DASH = "Invalid command, a dash character must be preceded by a valid parameter\n"
UNSUCCESSFUL = "Executed command unsuccessfully\n"
TIMED_OUT = "\nSession timed out.\n"
LEAVE = ("exit", "quit")
COMMANDS: tuple[Command, ...] = (
    *certificate_commands.COMMANDS,
    *service_commands.COMMANDS,
    *system_commands.COMMANDS,
)


class Session:
    """A client that has logged in."""

    def __init__(self, node: Node, terminal: Terminal, user: str) -> None:
        self._node = node
        self._terminal = terminal
        self._user = user
        self._settings = Settings()
        self._id = secrets.token_hex(4)

    async def run(self) -> None:
        """Serve the client until it leaves."""
        try:
            await self._greet()
            await self._serve()
        except Idle:
            self._terminal.write(TIMED_OUT)
        except Gone:
            pass
        self._terminal.flush()

    async def _greet(self) -> None:
        wait = self._node.pace.first_prompt
        for part, text in BANNER:
            await asyncio.sleep(wait * part)
            self._terminal.write(text)
        if self._node.role != "cucm":
            self._terminal.write(DISK_AND_MEMORY)
        await asyncio.sleep(wait * BEFORE_PROMPT)
        self._terminal.write("\n")
        if self._node.quirks.prompt_after_newline:
            while await self._terminal.key() not in "\r\n":
                pass
        if self._node.quirks.prompt_twice:
            self._terminal.write(f"{PROMPT}\n\r")

    async def _serve(self) -> None:
        line = ""
        while True:
            self._terminal.write(PROMPT)
            if behind := self._broadcast("after", line):
                self._terminal.write(behind.text)
            self._interject(self._broadcast("echo", ""))
            try:
                line = (await self._terminal.line()).strip()
            except Interrupted:
                line = ""
                continue
            if line in LEAVE:
                return
            if line:
                await self._wait(line)
                await self._execute(line)

    async def _execute(self, line: str) -> None:
        call = Call(self._node, self._terminal, self._settings, ())
        cut = self._node.faults and self._node.faults.take(PowerCut, lambda fault: fault.fits(line))
        dropped = "during" if cut else self._dropped(line)
        if cut and not cut.after:
            self._node.lose_power(cut)
            raise Gone
        if dropped == "before":
            raise Gone
        if dropped:
            self._terminal.mute()
        instead = self._node.faults and self._node.faults.take(Answers, lambda fault: fault.fits(line))
        self._interject(self._broadcast("during", line))
        try:
            if instead and not instead.cut:
                self._terminal.write(instead.says)
            else:
                await _run(call, line.split())
            if instead and instead.cut:
                self._terminal.show_half()
        except Failed as failure:
            self._terminal.write(f"{failure}\n{UNSUCCESSFUL}")
        except Interrupted:
            call.notes.append("interrupted")
        finally:
            self._terminal.interject("", 0)
            text = "; ".join([line, *call.notes])
            self._node.audit(Event("ssh", self._user, text, call.changed, session=self._id))
        if cut:
            self._node.lose_power(cut)
        if dropped:
            raise Gone

    async def _wait(self, line: str) -> None:
        slow = self._node.faults and self._node.faults.take(Slow, lambda fault: fault.fits(line))
        await asyncio.sleep(slow.seconds if slow else 0)

    def _broadcast(self, when: str, line: str) -> Broadcast | None:
        """Return the broadcast that a fault asks for at this moment (and for this line); None if there is none."""
        faults = self._node.faults
        if not faults or (not line and when != "echo"):
            return None
        return faults.take(Broadcast, lambda fault: fault.when == when and (not line or fault.fits(line)))

    def _interject(self, broadcast: Broadcast | None) -> None:
        if broadcast:
            self._terminal.interject(broadcast.text, broadcast.at)

    def _dropped(self, line: str) -> str:
        """Return when a fault logs the client out (before, during or after this line); empty if none does."""
        faults = self._node.faults
        fault = faults and faults.take(DropConnection, lambda drop: drop.fits(line))
        return fault.when if fault else ""


async def _run(call: Call, entered: Sequence[str]) -> None:
    command = next((one for one in COMMANDS if one.fits(entered, call.node)), None)
    if command:
        call.arguments = entered[len(command.words.split()) :]
        await call.wait()
        await command.run(call)
    else:
        dashed = any(word.startswith("-") for word in entered)
        raise Failed((DASH if dashed else NOT_VALID).removesuffix("\n"))
