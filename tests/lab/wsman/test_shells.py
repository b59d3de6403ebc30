"""Shells and commands: their ids, their quotas, their end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from pypsrp.shell import WinRS
from winrm.exceptions import WinRMOperationTimeoutError, WSManFaultError

from lab.wsman import Quotas
from tests.lab.wsman.clients import pypsrp, pywinrm, winrm_shell
from tests.lab.wsman.machine import CONTROL_C, OTHER, USER, command_threads, until

if TYPE_CHECKING:
    from tests.lab.wsman.conftest import Start

SIGNAL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/"
NOBODY = "11111111-1111-1111-1111-111111111111"


def test_an_unknown_shell_is_an_invalid_selector(serve: Start) -> None:
    client = pywinrm(serve())

    with pytest.raises(WSManFaultError) as error:
        client.run_command(NOBODY, "echo x")

    client.transport.close_session()
    assert (error.value.wsman_fault_code, error.value.fault_subcode) == (2150858843, "w:InvalidSelectors")
    assert f"with ShellId {NOBODY} failed because the shell was not found" in str(error.value.response)


def test_an_unknown_command_is_an_invalid_selector_too(serve: Start) -> None:
    with winrm_shell(serve()) as (client, shell):
        command = client.run_command(shell, "echo x")
        client.get_command_output(shell, command)
        client.cleanup_command(shell, command)
        for use in (client.get_command_output_raw, client.cleanup_command):
            with pytest.raises(WSManFaultError) as error:
                use(shell, command)
            assert error.value.wsman_fault_code == 2150858843
            assert "command identifier that does not exist" in str(error.value.response)


def test_another_user_s_shell_is_denied(serve: Start) -> None:
    served = serve()
    with winrm_shell(served) as (_, shell):
        other = pywinrm(served, user=OTHER)
        with pytest.raises(WSManFaultError) as error:
            other.run_command(shell, "echo x")
        other.transport.close_session()
    assert error.value.wsman_fault_code == 5


def test_the_client_s_own_command_id_is_honoured_once(serve: Start) -> None:
    with pypsrp(serve()) as wsman, WinRS(wsman) as shell:
        body = shell.command("echo", ["x"], command_id=NOBODY)
        assert NOBODY in [element.text for element in body.iter()]

        with pytest.raises(Exception, match="The parameter is incorrect"):
            shell.command("echo", ["x"], command_id=NOBODY)


def test_a_silent_command_times_out_and_then_answers(serve: Start) -> None:
    served = serve()
    with winrm_shell(served, operation_timeout_sec=1) as (client, shell):
        command = client.run_command(shell, "copy end")
        with pytest.raises(WinRMOperationTimeoutError):
            client.get_command_output_raw(shell, command)
        client.send_command_input(shell, command, b"the ", end=True)
        assert client.get_command_output(shell, command) == (b"the end", b"", 0)


@pytest.mark.parametrize(
    "quotas, code, words",
    [
        (Quotas(shells_per_user=1), 2150859173, "This user is allowed a maximum number of 1 concurrent shells"),
        (Quotas(operations_per_user=1), 2150859174, "This user is allowed a maximum number of 1 concurrent operations"),
        (Quotas(processes_per_shell=1), 1816, "Not enough quota"),
        (Quotas(commands_per_shell=1), 2150859241, "maximum number of 1 concurrent commands"),
    ],
    ids=["shells", "operations", "processes", "commands"],
)
def test_a_quota_ends_in_its_own_fault(serve: Start, quotas: Quotas, code: int, words: str) -> None:
    served = serve(quotas=quotas)
    with winrm_shell(served) as (client, shell):
        command = client.run_command(shell, "wait 9")
        with pytest.raises(WSManFaultError) as error:
            client.run_command(shell, "echo x") if code != 2150859173 else client.open_shell()
        client.cleanup_command(shell, command)
        assert client.run_command(shell, "echo x")
    assert error.value.wsman_fault_code == code
    assert words in str(error.value.response)


def test_a_terminated_command_ends_and_is_recorded(serve: Start) -> None:
    served = serve()
    with winrm_shell(served) as (client, shell):
        command = client.run_command(shell, "wait 9 never")
        client.cleanup_command(shell, command)
        until(lambda: bool(served.records))
        assert served.records == [("command", USER, "wait 9 never", CONTROL_C, shell)]
    until(lambda: not command_threads())


@pytest.mark.parametrize("code", ["ctrl_c", "ctrl_break"])
def test_an_interrupted_command_still_tells_its_exit_code(serve: Start, code: str) -> None:
    with pypsrp(serve()) as wsman, WinRS(wsman) as shell:
        shell.command("wait", ["9"], command_id=NOBODY)
        shell.signal(SIGNAL + code, NOBODY)

        assert shell.receive(command_id=NOBODY)[1] == CONTROL_C
        with pytest.raises(Exception, match="The parameter is incorrect"):
            shell.signal(SIGNAL + "hang_up", NOBODY)


def test_deleting_a_shell_ends_its_commands_and_who_waits_for_them(serve: Start) -> None:
    served = serve()
    waiting = pywinrm(served)
    with winrm_shell(served) as (client, shell), ThreadPoolExecutor() as pool:
        command = client.run_command(shell, "wait 9")
        answer = pool.submit(waiting.get_command_output_raw, shell, command)
        until(lambda: served.server.shells._requests[USER] == 1)

        client.close_shell(shell, close_session=False)

        with pytest.raises(WSManFaultError) as error:
            answer.result(5)
        assert error.value.wsman_fault_code == 995
    waiting.transport.close_session()
    until(lambda: not command_threads())


def test_an_idle_shell_expires_and_a_used_one_does_not(serve: Start) -> None:
    served = serve(quotas=Quotas(idle_timeout=0.15))
    client = pywinrm(served)
    shell = client.open_shell()
    command = client.run_command(shell, "wait 0.4 done")
    assert client.get_command_output(shell, command)[0] == b"done\r\n"
    assert len(served.server.shells) == 1

    until(lambda: len(served.server.shells) == 0)

    client.transport.close_session()
