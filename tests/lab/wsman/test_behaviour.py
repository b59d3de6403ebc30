"""The bad habits that the lab can switch on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import pytest
import requests

from lab.wsman import Behaviour, start_wsman
from tests.lab.wsman.clients import CLIENTS, Answer, Task, pywinrm, winrm_shell
from tests.lab.wsman.conftest import Served
from tests.lab.wsman.machine import USER, FakeHost

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.lab.wsman.conftest import Start
from tests.loops import Run


def test_characters_are_torn_between_two_answers(serve: Start) -> None:
    with winrm_shell(serve(behaviour=Behaviour(split_characters=True))) as (client, shell):
        command = client.run_command(shell, "echo 証明書")
        first = client.get_command_output_raw(shell, command)[0]
        with pytest.raises(UnicodeDecodeError):
            first.decode()
        rest = client.get_command_output(shell, command)[0]
    assert (first + rest).decode() == "証明書\r\n"


@pytest.mark.parametrize("client", CLIENTS.values(), ids=CLIENTS)
def test_torn_characters_are_whole_in_the_end(serve: Start, client: Callable[[Served, Task], Answer]) -> None:
    served = serve(behaviour=Behaviour(split_characters=True))

    assert client(served, Task("echo 証é明🔑")).stdout.decode() == "証é明🔑\r\n"


def test_a_connection_is_dropped_once_and_nothing_is_lost(serve: Start) -> None:
    served = serve(behaviour=Behaviour(drop_after=1))
    client = pywinrm(served)
    shell = client.open_shell()
    first = client.run_command(shell, "echo first")
    assert client.get_command_output(shell, first)[0] == b"first\r\n"
    second = client.run_command(shell, "echo second")

    with pytest.raises(requests.ConnectionError):
        client.get_command_output_raw(shell, second)

    client.transport.close_session()
    assert served.server.behaviour.drop_after is None
    again = pywinrm(served)
    assert again.get_command_output(shell, second)[0] == b"second\r\n"
    again.close_shell(shell)
    assert [record[2] for record in served.records] == ["echo first", "echo second"]


def test_a_silent_command_may_hide_its_exit_code(serve: Start) -> None:
    served = serve(behaviour=Behaviour(silent_exit_zero=True))

    assert CLIENTS["pywinrm"](served, Task("exit 7")) == Answer(b"", b"", 0)
    assert CLIENTS["pywinrm"](served, Task("complain no")).exit_code == 5
    assert served.records[0][:4] == ("command", USER, "exit 7", 7)


@pytest.mark.parametrize("skew", [0, -86400])
def test_every_answer_carries_the_host_s_clock(serve: Start, skew: float) -> None:
    served = serve(behaviour=Behaviour(clock_skew_seconds=skew))

    answer = requests.post(served.url, timeout=5)

    expected = datetime.now(UTC) + timedelta(seconds=skew)
    assert abs(parsedate_to_datetime(answer.headers["Date"]) - expected) < timedelta(seconds=5)
    assert answer.headers["Server"] == "Microsoft-HTTPAPI/2.0"


def test_an_audit_log_is_not_required(run: Run, tmp_path: Path) -> None:
    host = FakeHost(tmp_path / "users")
    host.write_users()
    served = Served(run(start_wsman(host, "127.0.0.1", 0, tls=None)), host, run, "")

    assert CLIENTS["pypsrp"](served, Task("echo x")).exit_code == 0

    run(served.server.close())
