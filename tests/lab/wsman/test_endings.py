"""Commands, connections, hosts and the server itself may end at any time: what is kept, told and recorded then."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
import requests
from winrm.exceptions import WSManFaultError

from lab.wsman import Quotas
from tests.lab.wsman.clients import pywinrm, winrm_shell
from tests.lab.wsman.machine import CONTROL_C, USER, command_threads, until

if TYPE_CHECKING:
    from tests.lab.wsman.conftest import Start

SIGNAL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/"
NOBODY = "11111111-1111-1111-1111-111111111111"


def test_closing_the_server_ends_commands_waits_and_connections(serve: Start) -> None:
    served = serve()
    client = pywinrm(served)
    shell = client.open_shell()
    command = client.run_command(shell, "wait 9")
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(client.get_command_output_raw, shell, command)
        until(lambda: served.server.shells._requests[USER] == 1)
        served.run(served.server.close())
        with pytest.raises(Exception, match="Connection"):
            answer.result(5)
    client.transport.close_session()
    assert not command_threads()
    assert served.records == [("command", USER, "wait 9", CONTROL_C, shell)]


def test_a_command_that_ignores_its_end_is_recorded_without_an_exit_code(serve: Start) -> None:
    served = serve(quotas=Quotas(closing_timeout=0.05))
    client = pywinrm(served)
    released = threading.Event()

    class Deaf:
        def run(self, line: str, execution: object) -> int:
            del line, execution
            released.wait(5)
            return 0

    served.host.commands = Deaf()
    shell = client.open_shell()
    client.run_command(shell, "stay")
    served.run(served.server.close())
    released.set()
    client.transport.close_session()
    assert served.records == [("command", USER, "stay", None, shell)]
    until(lambda: not command_threads())
    assert len(served.records) == 1


def test_a_fault_of_the_command_processor_is_an_exit_code(serve: Start, caplog: pytest.LogCaptureFixture) -> None:
    with winrm_shell(serve()) as (client, shell):
        assert client.get_command_output(shell, client.run_command(shell, "crash now")) == (b"", b"", 1)
    assert "the command processor" in caplog.text


def test_input_after_its_end_is_an_error_and_after_the_command_is_not(serve: Start) -> None:
    with winrm_shell(serve()) as (client, shell):
        waiting = client.run_command(shell, "wait 9")
        client.send_command_input(shell, waiting, b"", end=True)
        with pytest.raises(WSManFaultError) as error:
            client.send_command_input(shell, waiting, b"more")
        assert error.value.wsman_fault_code == 87

        ended = client.run_command(shell, "echo x")
        client.get_command_output(shell, ended)
        client.send_command_input(shell, ended, b"unread", end=True)


def test_an_answer_keeps_to_the_size_its_client_named(serve: Start) -> None:
    with winrm_shell(serve()) as (client, shell):
        command = client.run_command(shell, "fill 409600")
        sizes, done = [], False
        while not done:
            output, _, _, done = client.get_command_output_raw(shell, command)
            sizes.append(len(output))
    assert sum(sizes) == 409600
    assert max(sizes) * 4 / 3 < 153600


def test_output_waits_for_a_client_that_lost_its_connection(serve: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    served = serve()
    client = pywinrm(served)
    shell = client.open_shell()
    command = client.run_command(shell, "wait 0.3 done")
    monkeypatch.setattr(client.transport, "read_timeout_sec", 0.05)
    with pytest.raises(requests.ReadTimeout):
        client.get_command_output_raw(shell, command)
    client.transport.close_session()

    again = pywinrm(served)

    assert again.get_command_output(shell, command)[0] == b"done\r\n"
    again.close_shell(shell)


def test_a_fault_of_the_host_costs_one_connection(
    serve: Start, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = serve()

    def broken(user: str) -> None:
        raise KeyError(user)

    monkeypatch.setattr(served.host, "account", broken)
    client = pywinrm(served)
    with pytest.raises(requests.ConnectionError):
        client.open_shell()
    client.transport.close_session()
    assert "a connection to pg1a.lab.example failed" in caplog.text

    monkeypatch.undo()
    with winrm_shell(served) as (_, shell):
        assert shell


def test_a_handshake_that_ends_after_the_server_closed_leads_nowhere(serve: Start) -> None:
    served = serve(secure=True)
    with socket.create_connection(("127.0.0.1", served.server.port), timeout=5) as connection:
        served.run(asyncio.sleep(0.02))  # until it is accepted
        served.run(served.server.close())
        context = ssl.create_default_context(cafile=served.ca_file)
        with suppress(OSError), context.wrap_socket(connection, server_hostname="127.0.0.1") as late:
            assert late.recv(1) == b""
    with pytest.raises(RuntimeError, match="does not listen"):
        assert served.server.port
