"""The two Python clients of WinRM behind one face, so that one table of commands runs through both."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pypsrp.shell import Process, WinRS
from pypsrp.wsman import WSMan
from winrm.protocol import Protocol

from tests.lab.wsman.machine import PASSWORD, USER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.lab.wsman.conftest import Served


@dataclass(frozen=True)
class Answer:
    stdout: bytes
    stderr: bytes
    exit_code: int


@dataclass(frozen=True)
class Task:
    """A command for either client."""

    line: str
    arguments: tuple[str, ...] = ()
    stdin: bytes | None = None
    environment: tuple[tuple[str, str], ...] = ()
    directory: str | None = None
    codepage: int = 65001


def pywinrm(served: Served, user: str = USER, password: str = PASSWORD, **settings: Any) -> Protocol:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return Protocol(
            served.url,
            **{
                "transport": "ntlm",
                "username": user,
                "password": password,
                "proxy": None,
                "ca_trust_path": served.ca_file,
                "read_timeout_sec": 12,
                "operation_timeout_sec": 10,
                **settings,
            },
        )


def pypsrp(served: Served, user: str = USER, password: str = PASSWORD, **settings: Any) -> WSMan:
    return WSMan(
        "127.0.0.1",
        port=served.server.port,
        username=user,
        password=password,
        ssl=served.server.secure,
        cert_validation=served.ca_file,  # type: ignore[arg-type]  # a path is documented, only not annotated
        no_proxy=True,
        **{"auth": "negotiate", "operation_timeout": 10, "read_timeout": 12, **settings},
    )


@contextmanager
def winrm_shell(served: Served, **settings: Any) -> Iterator[tuple[Protocol, str]]:
    """A shell through pywinrm, closed in the end unless the server closed it already."""
    client = pywinrm(served, **settings)
    shell_id = client.open_shell(codepage=65001)
    try:
        yield client, shell_id
    finally:
        if len(served.server.shells):
            client.close_shell(shell_id)
        client.transport.close_session()


def run_pywinrm(served: Served, task: Task) -> Answer:
    client = pywinrm(served)
    shell = client.open_shell(
        codepage=task.codepage, env_vars=dict(task.environment) or None, working_directory=task.directory
    )
    command = client.run_command(shell, task.line, task.arguments, console_mode_stdin=task.stdin is None)
    if task.stdin is not None:
        client.send_command_input(shell, command, task.stdin[:2])
        client.send_command_input(shell, command, task.stdin[2:], end=True)
    answer = Answer(*client.get_command_output(shell, command))
    client.cleanup_command(shell, command)
    client.close_shell(shell)
    return answer


def run_pypsrp(served: Served, task: Task) -> Answer:
    with pypsrp(served) as wsman, WinRS(wsman, **_shell_settings(task)) as shell:
        process = Process(shell, task.line, list(task.arguments))
        process.begin_invoke()
        if task.stdin is not None:
            process.send(task.stdin[:2], end=False)
            process.send(task.stdin[2:], end=True)
        process.end_invoke()
        process.signal("http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/terminate")
        return Answer(process.stdout, process.stderr, process.rc if process.rc is not None else -1)


def _shell_settings(task: Task) -> dict[str, Any]:
    return {
        "codepage": task.codepage,
        "environment": dict(task.environment) or None,
        "working_directory": task.directory,
        "no_profile": True,
        "idle_time_out": 60,
    }


CLIENTS: dict[str, Callable[[Served, Task], Answer]] = {"pywinrm": run_pywinrm, "pypsrp": run_pypsrp}
