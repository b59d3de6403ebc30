"""Another SSH client than asyncssh's own, from another thread: what the runbook uses."""

from __future__ import annotations

import asyncio
import base64
import time
from pathlib import Path

import paramiko

from tests.lab.vos.nodes import ADDRESS, LIMIT, PASSWORD, PROMPT, USER, running


def talk(port: int, host_key: str, lines: list[str]) -> str:
    """Everything that a shell shows while these lines are typed, one a prompt."""
    client = paramiko.SSHClient()
    kind, encoded = host_key.split()[:2]
    key = paramiko.PKey.from_type_string(kind, base64.b64decode(encoded))
    client.get_host_keys().add(f"[{ADDRESS}]:{port}", kind, key)
    try:
        client.connect(ADDRESS, port, USER, PASSWORD, allow_agent=False, look_for_keys=False, timeout=LIMIT)
        channel = client.invoke_shell("vt100", 200, 40)
        channel.settimeout(LIMIT)
        shown = _until_quiet(channel)
        for line in lines:
            channel.sendall(f"{line}\r".encode())
            shown += _until_quiet(channel)
        return shown
    finally:
        client.close()


def _until_quiet(channel: paramiko.Channel) -> str:
    """Up to a prompt, a question or a pager after which nothing follows."""
    shown, deadline = "", time.monotonic() + LIMIT
    while channel.recv_ready() or not shown.endswith((PROMPT, "? ")):
        assert time.monotonic() < deadline, shown
        shown += channel.recv(4096).decode()
    return shown


def test_a_session_with_paramiko(tmp_path: Path) -> None:
    async def session(release: str) -> str:
        async with running(tmp_path / release, release=release) as node:
            lines = ["set cli pagination off", "set cert regen tomcat", "yes", "show cert own tomcat"]
            shown = await asyncio.to_thread(talk, node.ssh_port, node.host_key, lines)
            assert len(node.texts) == 3
            return shown

    # 12.5 takes a password, 15 asks for one: paramiko finds out by itself.
    for release in ("12.5(1)", "15.0(1)"):
        shown = asyncio.run(session(release))
        assert "Successfully Regenerated Certificate for tomcat.\r\n" in shown
        assert shown.rstrip().endswith(f"-----END CERTIFICATE-----\r\n{PROMPT}")
