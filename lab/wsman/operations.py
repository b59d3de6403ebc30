"""The operations of the remote shell protocol (MS-WSMV): Create, Command, Send, Receive, Signal, Delete."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from lab.wsman import faults, messages
from lab.wsman.faults import FaultError
from lab.wsman.messages import CMD, SHELL, TRANSFER, tag

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET
    from collections.abc import Awaitable, Callable, Collection

    from lab.contract import Account, WinRmHost
    from lab.wsman.commands import Command
    from lab.wsman.messages import Envelope
    from lab.wsman.settings import Behaviour, Quotas
    from lab.wsman.shells import OpenShell, Shells

_STREAMS: Final = ("stdout", "stderr")
_DONE = f"{SHELL}/CommandState/Done"
_RUNNING = f"{SHELL}/CommandState/Running"
_COMMAND_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_OVERHEAD = 4096  # bytes of an envelope around its streams


class DroppedError(Exception):
    """Raised if the connection must be dropped without an answer."""


@dataclass(frozen=True)
class Caller:
    """The client of a request: account, address, the endpoint it used, and whether its connection is gone."""

    account: Account
    address: str
    endpoint: str
    gone: Callable[[], bool]


class Operations:
    """The operations of one host. Each answers with an envelope or raises FaultError or DroppedError."""

    def __init__(self, host: WinRmHost, shells: Shells, quotas: Quotas, behaviour: Behaviour) -> None:
        self._host = host
        self._shells = shells
        self._quotas = quotas
        self._behaviour = behaviour
        self._table: Final[dict[str, Callable[[Envelope, Caller], Awaitable[bytes]]]] = {
            f"{TRANSFER}/Create": self._create,
            f"{TRANSFER}/Delete": self._delete,
            f"{SHELL}/Command": self._command,
            f"{SHELL}/Send": self._send,
            f"{SHELL}/Receive": self._receive,
            f"{SHELL}/Signal": self._signal,
        }

    async def perform(self, request: Envelope, caller: Caller) -> bytes:
        """Return the answer to a request. Raises FaultError, NotUnderstoodError, DroppedError."""
        request.check_understood()
        if request.size > self._quotas.envelope_bytes:
            raise FaultError(faults.ENVELOPE_TOO_LARGE)
        operation = self._table.get(request.text("a:Action"))
        if operation is None:
            raise FaultError(faults.UNKNOWN_ACTION)
        if request.text("w:ResourceURI") != CMD:
            raise FaultError(faults.UNKNOWN_RESOURCE)
        user = caller.account.name
        if operation in (self._signal, self._delete):  # cleaning up must be possible when a quota is used up
            return await operation(request, caller)
        with self._shells.operation(user):
            return await operation(request, caller)

    async def _create(self, request: Envelope, caller: Caller) -> bytes:
        wanted = _element(request, "rsp:Shell")
        variables = wanted.findall(f"{tag('rsp:Environment')}/{tag('rsp:Variable')}")
        environment = {variable.get("Name", ""): variable.text or "" for variable in variables}
        codepage = request.options.get("WINRS_CODEPAGE", "437")
        if not codepage.isascii() or not codepage.isdigit() or len(codepage) > 5 or "" in environment:
            raise FaultError(faults.INVALID_PARAMETER)
        idle = wanted.findtext(tag("rsp:IdleTimeOut"))
        directory = wanted.findtext(tag("rsp:WorkingDirectory"))
        timeout = messages.seconds(idle) if idle else None
        opened = self._shells.create(caller.account, environment, directory, int(codepage), timeout)
        shell_id = escape(opened.shell.shell_id)
        return messages.answer(
            f"{TRANSFER}/CreateResponse",
            request.message_id,
            f"<x:ResourceCreated><a:Address>{escape(caller.endpoint)}</a:Address><a:ReferenceParameters>"
            f'<w:ResourceURI>{CMD}</w:ResourceURI><w:SelectorSet><w:Selector Name="ShellId">{shell_id}</w:Selector>'
            "</w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>"
            f'<rsp:Shell xmlns:rsp="{SHELL}"><rsp:ShellId>{shell_id}</rsp:ShellId>'
            f"<rsp:ResourceUri>{CMD}</rsp:ResourceUri>"
            f"<rsp:Owner>{escape(opened.owner)}</rsp:Owner><rsp:ClientIP>{caller.address}</rsp:ClientIP>"
            f"<rsp:IdleTimeOut>PT{opened.idle_timeout:.3f}S</rsp:IdleTimeOut><rsp:InputStreams>stdin</rsp:InputStreams>"
            "<rsp:OutputStreams>stdout stderr</rsp:OutputStreams><rsp:ShellRunTime>P0DT0H0M0S</rsp:ShellRunTime>"
            "<rsp:ShellInactivity>P0DT0H0M0S</rsp:ShellInactivity></rsp:Shell>",
        )

    async def _delete(self, request: Envelope, caller: Caller) -> bytes:
        self._shells.delete(_shell_id(request), caller.account.name)
        return messages.answer(f"{TRANSFER}/DeleteResponse", request.message_id, "", "s a w p")

    async def _command(self, request: Envelope, caller: Caller) -> bytes:
        wanted = _element(request, "rsp:CommandLine")
        parts = [
            wanted.findtext(tag("rsp:Command")) or "",
            *(e.text or "" for e in wanted.findall(tag("rsp:Arguments"))),
        ]
        # WINRS_SKIP_CMD_SHELL is accepted and ignored: newer hosts run every line through cmd.exe as well.
        line, command_id = " ".join(parts), wanted.get("CommandId", "") or messages.new_id()
        if not line.strip() or not _COMMAND_ID.fullmatch(command_id):
            raise FaultError(faults.INVALID_PARAMETER)
        with self._shells.use(_shell_id(request), caller.account.name) as opened:
            self.before_command(line, opened)
            allowed = self._behaviour.operations_for_life
            if allowed is not None and self._shells.started(opened.owner) >= allowed:
                raise FaultError(faults.too_many_operations(allowed))
            command = self._shells.start(opened, command_id, line, self._host.commands)
        body = f"<rsp:CommandResponse><rsp:CommandId>{escape(command.command_id)}</rsp:CommandId></rsp:CommandResponse>"
        return messages.answer(f"{SHELL}/CommandResponse", request.message_id, body)

    async def _send(self, request: Envelope, caller: Caller) -> bytes:
        wanted = _element(request, "rsp:Send")
        with self._shells.use(_shell_id(request), caller.account.name) as opened:
            for stream in wanted.findall(tag("rsp:Stream")):
                command = opened.command(_command_id(stream))
                if stream.get("Name") != "stdin" or (command.input.ended and command.running):
                    raise FaultError(faults.INVALID_PARAMETER)
                command.input.write(_decoded(stream), end=stream.get("End", "").lower() in {"true", "1"})
        return messages.answer(f"{SHELL}/SendResponse", request.message_id, "<rsp:SendResponse/>")

    async def _receive(self, request: Envelope, caller: Caller) -> bytes:
        desired = _element(request, "rsp:Receive").find(tag("rsp:DesiredStream"))
        if desired is None:
            raise FaultError(faults.invalid_schema("no element DesiredStream"))
        names = tuple(name for name in _STREAMS if name in (desired.text or "").split())
        if not names:
            raise FaultError(faults.INVALID_PARAMETER)
        timeout = request.operation_timeout
        with self._shells.use(_shell_id(request), caller.account.name) as opened:
            command = opened.command(_command_id(desired))
            self._drop_now_and_then()
            seconds = self._quotas.operation_timeout if timeout is None else timeout
            ready = await self.output_of(command, names, seconds, opened)
        if caller.gone():  # output that is taken now would be lost: the client may come back and ask again
            raise DroppedError
        if command.discarded:
            raise FaultError(faults.ABORTED)
        if not ready:
            raise FaultError(faults.TIMED_OUT)
        room = min(request.max_envelope_size or self._quotas.envelope_bytes, self._quotas.envelope_bytes)
        limit = max((room - _OVERHEAD) * 3 // 4, 1)  # base64 makes four bytes out of three
        chunks = command.take(names, limit, split=self._behaviour.split_characters)
        exit_code = None
        if command.drained(names):
            exit_code = 0 if self._behaviour.silent_exit_zero and not command.printed else command.exit_code
        body = _received(escape(command.command_id), chunks, exit_code)
        return messages.answer(f"{SHELL}/ReceiveResponse", request.message_id, body, "s a w rsp p")

    def before_command(self, line: str, opened: OpenShell) -> None:
        """Called before a line runs; an override may raise FaultError or DroppedError instead."""

    async def output_of(
        self,
        command: Command,
        names: Collection[str],
        seconds: float,
        opened: OpenShell,  # noqa: ARG002 - for others
    ) -> bool:
        """Wait at most `seconds`; True if a command has output, has ended or was discarded.

        May raise FaultError or DroppedError instead.
        """
        return await command.wait(names, seconds)

    def _drop_now_and_then(self) -> None:
        match self._behaviour.drop_after:
            case None:
                return
            case 0:
                self._behaviour.drop_after = None
                raise DroppedError
            case left:
                self._behaviour.drop_after = left - 1

    async def _signal(self, request: Envelope, caller: Caller) -> bytes:
        wanted = _element(request, "rsp:Signal")
        with self._shells.use(_shell_id(request), caller.account.name) as opened:
            command = opened.command(_command_id(wanted))
            match (wanted.findtext(tag("rsp:Code")) or "").strip().rpartition("/signal/")[2]:
                case "terminate":
                    opened.forget(command.command_id)
                case "ctrl_c" | "ctrl_break":
                    command.cancel()
                case _:
                    raise FaultError(faults.INVALID_PARAMETER)
        return messages.answer(f"{SHELL}/SignalResponse", request.message_id, "<rsp:SignalResponse/>")


def _received(command_id: str, chunks: dict[str, bytes], exit_code: int | None) -> str:
    """Return the body of a Receive's answer. Without an exit code the command is not finished."""
    start = "<rsp:ReceiveResponse>" + "".join(
        f'<rsp:Stream Name="{name}" CommandId="{command_id}">{base64.b64encode(data).decode("ascii")}</rsp:Stream>'
        for name, data in chunks.items()
        if data
    )
    if exit_code is None:
        return f'{start}<rsp:CommandState CommandId="{command_id}" State="{_RUNNING}"/></rsp:ReceiveResponse>'
    ends = "".join(f'<rsp:Stream Name="{name}" CommandId="{command_id}" End="true"></rsp:Stream>' for name in chunks)
    return (
        f'{start}{ends}<rsp:CommandState CommandId="{command_id}" State="{_DONE}"><rsp:ExitCode>{exit_code}'
        "</rsp:ExitCode></rsp:CommandState></rsp:ReceiveResponse>"
    )


def _element(request: Envelope, name: str) -> ET.Element:
    element = request.body.find(tag(name))
    if element is None:
        raise FaultError(faults.invalid_schema(f"no element {name.partition(':')[2]}"))
    return element


def _shell_id(request: Envelope) -> str:
    return request.selectors.get("ShellId", "")


def _command_id(element: ET.Element) -> str:
    command_id = element.get("CommandId")
    if command_id is None:
        raise FaultError(faults.INVALID_PARAMETER)
    return command_id


def _decoded(stream: ET.Element) -> bytes:
    try:
        return base64.b64decode("".join((stream.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        raise FaultError(faults.invalid_schema("an element Stream that is invalid")) from None
