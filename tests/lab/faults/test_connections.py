"""Faults on the way to a host: ports, certificates, log-ins, answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import pytest
import requests
from winrm.exceptions import InvalidCredentialsError, WSManFaultError

from tests.lab.faults.remote import Failing
from tests.lab.hosts.labs import ADS, CVP, presented, wait_for


@pytest.mark.parametrize(
    "fault, error, says",
    [
        ({"kind": "wrong_password", "account": r"lab\runbook"}, InvalidCredentialsError, "rejected"),
        ({"kind": "locked_account"}, InvalidCredentialsError, "rejected"),
        ({"kind": "shell_ends"}, WSManFaultError, "2150858843"),
        ({"kind": "shell_ends", "when": "during"}, WSManFaultError, "2150858843"),
        ({"kind": "winrm_certificate"}, requests.exceptions.SSLError, "unable to get local issuer certificate"),
        ({"kind": "winrm_certificate", "ca": "lab", "name": "x.example"}, requests.exceptions.SSLError, "mismatch"),
        ({"kind": "quota"}, WSManFaultError, "2150859173"),
        ({"kind": "quota", "code": 2150859174}, WSManFaultError, "2150859174"),
        ({"kind": "quota", "code": 2150859241}, WSManFaultError, "2150859241"),
        ({"kind": "drop_connection", "match": "ech[o]", "when": "before"}, requests.ConnectionError, ""),
        ({"kind": "drop_connection", "when": "during"}, requests.ConnectionError, ""),
        ({"kind": "drop_connection", "when": "after"}, requests.ConnectionError, ""),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else "",
)
def test_a_client_fails_on_demand_as_often_as_asked(
    lab: Failing, fault: Mapping[str, Any], error: type[Exception], says: str
) -> None:
    lab.fail({"host": "*", "times": 2, **fault}, {"host": CVP, "kind": "not_elevated"})
    for _ in range(2):
        with pytest.raises(error) as raised:
            lab.run(ADS, "@echo x")
        assert says in str(raised.value)
    assert lab.run(ADS, "@echo x").out == "x\r\n"


@pytest.mark.parametrize(
    "how, error",
    [
        ("kerberos_alone", InvalidCredentialsError),
        ("nothing_offered", InvalidCredentialsError),
        ("unchallenged", PermissionError),
        ("blocked", InvalidCredentialsError),
    ],
)
def test_ntlm_is_not_to_be_had(lab: Failing, how: str, error: type[Exception]) -> None:
    before = len(lab.audit())
    lab.fail({"host": ADS, "kind": "no_ntlm", "how": how})
    with pytest.raises(error):
        lab.run(ADS, "@echo x")
    lab.recover()
    assert lab.run(ADS, "@echo x").out == "x\r\n"
    assert [line["kind"] for line in lab.audit()[before:]] == ["command"]  # nothing counts for the lock


def test_operations_count_until_their_shell_ends(lab: Failing) -> None:
    lab.fail({"host": CVP, "kind": "counted_operations", "allowed": 2})
    client = lab.client(CVP)
    for _ in range(2):
        shell = client.open_shell()
        for _ in range(2):
            client.cleanup_command(shell, client.run_command(shell, "@echo x"))
        with pytest.raises(WSManFaultError) as error:
            client.run_command(shell, "@echo y")
        assert error.value.wsman_fault_code == 2150859174
        client.close_shell(shell)
    assert "@echo y" not in lab.said("command")


@pytest.mark.parametrize("when, ran", [("before", False), ("during", True)])
def test_a_shell_ends_before_a_line_runs_or_while_it_does(lab: Failing, when: str, ran: bool) -> None:  # noqa: FBT001
    line = f"@echo {when} the end of its shell"
    lab.fail({"host": ADS, "kind": "shell_ends", "match": when, "when": when, "times": 1})
    client = lab.client(ADS)
    shell = client.open_shell()
    with pytest.raises(WSManFaultError):
        client.get_command_output(shell, client.run_command(shell, line))
    with pytest.raises(WSManFaultError):
        client.run_command(shell, line)
    client.transport.close_session()
    if ran:
        wait_for(lambda: line in lab.said("command"))
    assert (line in lab.said("command")) is ran


def test_a_changed_password_counts_for_the_lock(lab: Failing) -> None:
    before = len(lab.audit())
    lab.fail({"host": ADS, "kind": "wrong_password"})
    with pytest.raises(InvalidCredentialsError):
        lab.run(ADS, "@echo x")
    assert '"lab\\\\runbook": 1' in (lab.state / "refusals.json").read_text()
    assert lab.run(CVP, "@echo x").code == 0
    lab.fail({"host": ADS, "kind": "wrong_password", "account": "somebody"}, {"host": ADS, "kind": "locked_account"})
    with pytest.raises(InvalidCredentialsError):
        lab.run(ADS, "@echo x")
    lab.recover()
    assert lab.run(ADS, "@echo x").code == 0
    texts = [(line["kind"], line["text"]) for line in lab.audit()[before:]]
    done = ("command", "@echo x")
    assert texts == [("refused", "wrong password"), done, ("refused", "locked out"), done]


def test_a_port_is_closed_and_opened_again(lab: Failing) -> None:
    endpoint = lab.lab.endpoint(ADS, "winrm")
    client = lab.client(ADS)
    shell = client.open_shell()
    lab.fail({"host": ADS, "kind": "unreachable"})
    with pytest.raises(requests.ConnectionError):  # at once, on the connection that is open
        client.run_command(shell, "@echo x")
    wait_for(lambda: presented(endpoint) is None)
    with pytest.raises(requests.ConnectionError, match="refused"):
        lab.run(ADS, "@echo x")
    assert lab.run(CVP, "@echo x").code == 0
    lab.recover()
    wait_for(lambda: presented(endpoint) is not None)
    again = lab.client(ADS)
    command = again.run_command(shell, "@echo x", console_mode_stdin=False)  # the shell is still there
    assert again.get_command_output(shell, command)[0] == b"x\r\n"
    again.close_shell(shell)


@pytest.mark.parametrize("when, ran", [("before", False), ("during", True), ("after", True)])
def test_the_audit_log_knows_what_really_happened(lab: Failing, when: str, ran: bool) -> None:  # noqa: FBT001
    before = len(lab.audit())
    line = rf"@echo {when}> C:\{when} & echo done & exit 7"
    lab.fail(
        {"host": ADS, "kind": "drop_connection", "match": when, "when": when, "times": 1},
        {"host": ADS, "kind": "slow", "seconds": 0.5},
    )
    client = lab.client(ADS)
    shell = client.open_shell()
    with pytest.raises(requests.ConnectionError):
        client.get_command_output(shell, client.run_command(shell, line, console_mode_stdin=False))
    # Lost in the middle: it has not happened yet. Lost at the end: it has.
    assert (lab.host(ADS).drive / when).exists() is (when == "after")
    lab.client(ADS).close_shell(shell) if not ran else wait_for(lambda: len(lab.audit()) > before)
    assert [(entry["text"], entry["exit_code"]) for entry in lab.audit()[before:]] == ([(line, 7)] if ran else [])


def test_a_lost_answer_is_not_given_twice(lab: Failing) -> None:
    lab.fail({"host": ADS, "kind": "drop_connection", "when": "after", "times": 1})
    client = lab.client(ADS)
    shell = client.open_shell()
    command = client.run_command(shell, "@echo x & exit 3", console_mode_stdin=False)
    with pytest.raises(requests.ConnectionError):
        client.get_command_output(shell, command)
    again = lab.client(ADS)
    assert again.get_command_output(shell, command) == (b"", b"", 3)
    again.close_shell(shell)


def test_the_clock_is_wrong(lab: Failing) -> None:
    address, port = lab.lab.endpoint(ADS, "winrm")
    for seconds in (600, -600.5, 0):
        lab.fail({"host": ADS, "kind": "clock", "seconds": seconds})
        answer = requests.post(
            f"https://{address}:{port}/wsman", verify=str(lab.folder / "inventory" / "winrm-ca.pem"), timeout=5
        )
        ahead = (parsedate_to_datetime(answer.headers["Date"]) - datetime.now(UTC)).total_seconds()
        assert abs(ahead - seconds) < 5


def test_characters_are_torn(lab: Failing) -> None:
    lab.fail({"host": ADS, "kind": "split_output"})
    client = lab.client(ADS)
    shell = client.open_shell(codepage=65001)
    command = client.run_command(shell, "@echo 証", console_mode_stdin=False)
    first = client.get_command_output_raw(shell, command)[0]
    assert first == "証".encode()[:1]
    client.close_shell(shell)


def test_a_certificate_is_that_of_every_new_connection(lab: Failing) -> None:
    endpoint = lab.lab.endpoint(ADS, "winrm")
    own = presented(endpoint)
    client = requests.Session()
    client.trust_env = False  # REQUESTS_CA_BUNDLE would win over what follows
    client.verify = str(lab.folder / "inventory" / "winrm-ca.pem")
    url = "https://{}:{}/wsman".format(*endpoint)
    assert client.get(url, timeout=5).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    lab.fail({"host": ADS, "kind": "winrm_certificate"})
    other = presented(endpoint)
    assert other != own
    assert presented(endpoint) == other
    assert client.get(url, timeout=5).status_code == HTTPStatus.METHOD_NOT_ALLOWED  # its connection is an old one
    client.close()
    lab.fail({"host": ADS, "kind": "winrm_certificate", "name": "x.example"})
    assert presented(endpoint) not in (own, other)
    lab.recover()
    assert presented(endpoint) == own
