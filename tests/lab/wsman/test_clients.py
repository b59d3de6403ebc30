"""The same commands give the same answers through pywinrm and pypsrp, encrypted over HTTP and over HTTPS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pypsrp.client import Client
from pypsrp.shell import WinRS

from tests.lab.wsman.clients import CLIENTS, Answer, Task, pypsrp
from tests.lab.wsman.machine import PASSWORD, USER

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.lab.wsman.conftest import Served, Start

MEGABYTE = 1024 * 1024

COMMANDS: dict[str, tuple[Task, Answer]] = {
    "output": (Task("echo hello"), Answer(b"hello\r\n", b"", 0)),
    "arguments": (Task("echo", ("one", '"two three"')), Answer(b'one "two three"\r\n', b"", 0)),
    "markup": (Task('echo <a> & "b" ]]> é'), Answer('<a> & "b" ]]> é\r\n'.encode(), b"", 0)),
    "utf-8": (Task("echo 証明書 🔑"), Answer("証明書 🔑\r\n".encode(), b"", 0)),
    "errors": (Task("complain no"), Answer(b"half\r\n", b"no\r\n", 5)),
    "exit code": (Task("exit 7"), Answer(b"", b"", 7)),
    "negative exit code": (Task("exit -2147024894"), Answer(b"", b"", -2147024894)),
    "stdin": (Task("copy .", stdin=b"a\x00\xff\r\nb"), Answer(b"a\x00\xff\r\nb.", b"", 0)),
    "empty stdin": (Task("copy .", stdin=b""), Answer(b".", b"", 0)),
    "environment": (Task("variable STORE", environment=(("STORE", 'a&b<"é'),)), Answer('a&b<"é\r\n'.encode(), b"", 0)),
    "directory": (Task("place", directory="C:\\icm", codepage=437), Answer(b"C:\\icm 437\r\n", b"", 0)),
    "much output": (Task(f"fill {MEGABYTE}"), Answer(bytes(range(256)) * 4096, b"", 0)),
    "late output": (Task("wait 0.05 done"), Answer(b"done\r\n", b"", 0)),
}


@pytest.mark.parametrize("task, expected", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize("client", CLIENTS.values(), ids=CLIENTS)
@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_a_command_answers_alike(
    serve: Start,
    client: Callable[[Served, Task], Answer],
    task: Task,
    expected: Answer,
    *,
    secure: bool,
) -> None:
    served = serve(secure=secure)

    answer = client(served, task)

    assert answer == expected
    (record,) = served.records
    line = " ".join((task.line, *task.arguments))
    assert record[:4] == ("command", USER, line, expected.exit_code)
    assert "STORE=" not in repr(served.records)


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_the_client_of_pypsrp_executes(serve: Start, *, secure: bool) -> None:
    served = serve(secure=secure)
    with Client(
        "127.0.0.1",
        port=served.server.port,
        username=USER,
        password=PASSWORD,
        ssl=secure,
        cert_validation=served.ca_file,
        no_proxy=True,
    ) as client:
        assert client.execute_cmd("complain no") == ("half\r\n", "no\r\n", 5)


def test_messages_may_be_encrypted_within_tls(serve: Start) -> None:
    served = serve(secure=True)
    with Client(
        "127.0.0.1",
        port=served.server.port,
        username=USER,
        password=PASSWORD,
        cert_validation=served.ca_file,
        encryption="always",
        no_proxy=True,
    ) as client:
        assert client.execute_cmd("echo hello")[0] == "hello\r\n"


def test_bare_ntlm_and_spnego_are_both_taken(serve: Start) -> None:
    served = serve()
    for auth in ("ntlm", "negotiate"):
        with pypsrp(served, auth=auth) as wsman, WinRS(wsman) as shell:
            assert shell.owner == USER
