"""Two independent WinRM clients, over both schemes, get the same answers from a host of the lab."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pypsrp.shell import Process, WinRS
from pypsrp.wsman import WSMan
from winrm.protocol import Protocol

from tests.lab.hosts.labs import CVP, DUO, LabProcess, lab_process

Answer = tuple[str, str, int]
Client = Callable[[dict[str, Any], str, str, str, str], Answer]

LINES = {
    "hostname": ("@hostname", "cvpa\r\n", 0),
    "a variable": ("@echo %CVP_HOME%", "C:\\Cisco\\CVP\r\n", 0),
    "a service": ("@sc query nosuch", "The specified service does not exist as an installed service.", 1060),
    "an unknown command": ("@nosuch", "", 1),
    "non-ASCII": ("@echo 株式会社", "株式会社\r\n", 0),
    "keytool without a password": ('@"%CVP_HOME%\\jre\\bin\\keytool.exe" -list -storetype JCEKS -keystore nope', "", 1),
    "a negative exit code": ("@certutil -hashfile nope SHA256", "0x80070002", -2147024894),
}


def by_pywinrm(host: dict[str, Any], scheme: str, user: str, password: str, line: str) -> Answer:
    """Run a line with pywinrm."""
    protocol = Protocol(
        f"{scheme}://{host['address']}:{host['ports']['winrm']}/wsman",
        transport="ntlm",
        username=user,
        password=password,
        server_cert_validation="ignore",
        proxy=None,
    )
    shell = protocol.open_shell(codepage=65001)
    try:
        out, err, code = protocol.get_command_output(shell, protocol.run_command(shell, line))
    finally:
        protocol.close_shell(shell)
    return out.decode(), err.decode(), code - 2**32 if code >= 2**31 else code


def by_pypsrp(host: dict[str, Any], scheme: str, user: str, password: str, line: str) -> Answer:
    """Run a line with pypsrp."""
    wsman = WSMan(
        host["address"],
        port=host["ports"]["winrm"],
        ssl=scheme == "https",
        auth="ntlm",
        username=user,
        password=password,
        cert_validation=False,
        no_proxy=True,
    )
    with wsman, WinRS(wsman, codepage=65001) as shell:
        process = Process(shell, line)
        process.invoke()
        return process.stdout.decode(), process.stderr.decode(), process.rc or 0


@pytest.fixture(scope="module", params=["https", "http"])
def lab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LabProcess, str]]:
    folder = tmp_path_factory.mktemp("clients")
    site = folder / "duo.yaml"
    site.write_text(DUO, encoding="utf-8")
    with lab_process(folder, "--winrm-scheme", request.param, site=str(site)) as process:
        yield process, request.param


@pytest.mark.parametrize("line, expected, code", LINES.values(), ids=[name.replace(" ", "-") for name in LINES])
def test_both_clients_get_the_same_answer(lab: tuple[LabProcess, str], line: str, expected: str, code: int) -> None:
    process, scheme = lab
    host = next(host for host in process.inventory["hosts"] if host["fqdn"] == CVP)
    password = (process.inventory_file.parent / "secrets" / "cvp_local").read_text(encoding="utf-8").strip()
    user = process.inventory["credentials"]["cvp_local"]["username"]

    answers = [client(host, scheme, user, password, line) for client in (by_pywinrm, by_pypsrp)]

    assert answers[0] == answers[1]
    assert expected in answers[0][0]
    assert answers[0][2] == code
