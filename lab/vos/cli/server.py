"""The SSH server of a node."""

from __future__ import annotations

import asyncio
import contextlib

import asyncssh
from asyncssh.auth import KbdIntChallenge, KbdIntResponse

from lab.faults.kinds import Unreachable
from lab.vos.cli.session import STARTING, Session
from lab.vos.cli.terminal import Terminal
from lab.vos.node import Event, Node

# The algorithms that clients of real nodes offer.
KEY_EXCHANGES = (
    "ecdh-sha2-nistp256",
    "diffie-hellman-group14-sha256",
    "diffie-hellman-group-exchange-sha256",
    "diffie-hellman-group14-sha1",
)
CIPHERS = ("aes256-ctr", "aes192-ctr", "aes128-ctr", "aes256-cbc", "aes128-cbc")
MACS = ("hmac-sha2-512", "hmac-sha2-256", "hmac-sha1")
ATTEMPTS = 6
USERAUTH = b"ssh-userauth"
TOO_MANY = "Too many authentication failures"
PASSWORD = "Password: "  # noqa: S105  # the prompt
CLOSING = 1.0  # seconds for clients to receive the last text


class _Login(asyncssh.SSHServer):
    """The authentication of one connection."""

    def __init__(self, node: Node, connections: set[asyncssh.SSHServerConnection]) -> None:
        self._node = node
        self._connections = connections
        self._refused = 0
        self._connection: asyncssh.SSHServerConnection

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._connections.add(conn)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncssh's signature
        self._connections.discard(self._connection)

    def begin_auth(self, username: str) -> bool:  # noqa: ARG002
        self._may_begin_anew()
        return True

    def password_auth_supported(self) -> bool:
        return self._node.about.release_data.password_method

    def kbdint_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return self._allowed(username, password)

    def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> KbdIntChallenge:  # noqa: ARG002
        self._may_begin_anew()
        return ("", "", "", [(PASSWORD, False)])

    def validate_kbdint_response(self, username: str, responses: KbdIntResponse) -> bool:
        return len(responses) == 1 and self._allowed(username, responses[0])

    def _may_begin_anew(self) -> None:
        """Let the client request the service again between two attempts, as paramiko does (OpenSSH does not)."""
        self._connection._next_service = USERAUTH  # noqa: SLF001  # else asyncssh would disconnect

    def _allowed(self, user: str, password: str) -> bool:
        if self._node.accounts.login(user, password):
            return True
        self._node.audit(Event("ssh", user, "log-in", kind="refused"))
        self._refused += 1
        if self._refused >= ATTEMPTS:
            self._connection.disconnect(asyncssh.DISC_PROTOCOL_ERROR, TOO_MANY)
        return False


class CliServer:
    """The SSH server of a node's command line. It is powered on and off with the appliance."""

    def __init__(self, node: Node, address: str, port: int) -> None:
        self._node = node
        self._address = address
        self._port = port
        self._connections: set[asyncssh.SSHServerConnection] = set()
        self._acceptor: asyncssh.SSHAcceptor | None = None
        self._sessions: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        await self.power_on()
        self._node.attach(self)

    async def close(self) -> None:
        """Stop listening and drop every connection."""
        self._node.detach(self)
        await self.power_off()

    async def power_on(self) -> None:
        """Start to listen. Raises OSError when the port is taken."""
        self._acceptor = await asyncssh.listen(
            self._address,
            self._port,
            server_factory=lambda: _Login(self._node, self._connections),
            server_host_keys=[str(self._node.host_key_file)],
            process_factory=self._serve,
            encoding=None,
            line_editor=False,
            allow_scp=False,
            agent_forwarding=False,
            kex_algs=KEY_EXCHANGES,
            encryption_algs=CIPHERS,
            mac_algs=MACS,
            compression_algs=["none"],
        )

    async def power_off(self) -> None:
        """Drop every connection and stop answering."""
        if self._acceptor is None:
            return
        self._acceptor.close()
        connections = list(self._connections)
        for connection in connections:
            connection.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSING):
                await asyncio.gather(*(connection.wait_closed() for connection in connections))
        for connection in connections:
            connection.abort()
        sessions = list(self._sessions)  # a session need not be waiting for its client
        for session in sessions:
            session.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)
        self._acceptor = None

    async def follow(self) -> None:
        """Listen or stop listening, as the faults require now. Raises OSError when the port is taken."""
        wanted = self._node.faults is None or self._node.faults.find(Unreachable) is None
        if wanted and self._acceptor is None and self._node.booted:
            await self.power_on()
        elif not wanted:
            await self.power_off()

    async def _serve(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
        session = asyncio.create_task(self._converse(process))
        self._sessions.add(session)
        session.add_done_callback(self._sessions.discard)
        with contextlib.suppress(asyncio.CancelledError):
            await session

    async def _converse(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
        terminal = Terminal(process, self._node.pace.idle)
        if process.term_type is None or process.command is not None:
            # A client that requests no terminal, or sends a command to run, gets only this text.
            terminal.write(STARTING)
            terminal.flush()
            process.exit(1)
            return
        await Session(self._node, terminal, str(process.get_extra_info("username"))).run()
        with contextlib.suppress(OSError, asyncssh.Error):
            process.exit(0)
