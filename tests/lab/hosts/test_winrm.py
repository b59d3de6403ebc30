"""The whole way: WinRM, cmd.exe, services, audit log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from winrm.exceptions import InvalidCredentialsError
from winrm.protocol import Protocol

from lab.certificates import self_signed
from lab.windows.host.stores import write_key_store
from tests.lab.hosts.labs import ADS, CVP, LabInside, presented


def connect(folder: Path, fqdn: str, password: str | None = None) -> Protocol:
    inventory = folder / "inventory"
    content = yaml.safe_load((inventory / "site.yaml").read_text(encoding="utf-8"))
    [host] = [host for host in content["hosts"] if host["fqdn"] == fqdn]
    login = content["credentials"][content["role_credentials"].get(host["role"], "windows")]
    return Protocol(
        f"https://{host['address']}:{host['ports']['winrm']}/wsman",
        transport="ntlm",
        username=login["username"],
        password=password or (inventory / login["password"]["file"]).read_text(encoding="utf-8"),
        ca_trust_path=str(inventory / content["winrm"]["ca_file"]),
        proxy=None,
    )


def run(protocol: Protocol, line: str) -> tuple[str, int]:
    shell = protocol.open_shell(codepage=65001)
    command = protocol.run_command(shell, line, console_mode_stdin=False)
    out, _, code = protocol.get_command_output(shell, command)
    protocol.cleanup_command(shell, command)
    protocol.close_shell(shell)
    return out.decode(), code


def audit(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "state/audit.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_restart_over_winrm_presents_the_new_certificate(duo: LabInside, tmp_path: Path) -> None:
    layout = duo.host(CVP).layout
    path, new = layout.on_disk(r"C:\Cisco\CVP\conf\security\.keystore"), self_signed([("CN", CVP)])
    path.unlink()
    write_key_store(path, layout.configured_password() or "", {"wsm_certificate": new})
    protocol = connect(tmp_path, CVP)
    assert run(protocol, "sc stop WebServicesManager")[1] == 0
    duo.settled(CVP, "WebServicesManager")
    assert "START_PENDING" in run(protocol, "sc start WebServicesManager")[0]
    duo.settled(CVP, "WebServicesManager")
    assert presented(duo.endpoint(CVP, "wsm")) == new.chain[0]
    assert [(line["text"], line["changed_services"]) for line in audit(tmp_path)] == [
        ("sc stop WebServicesManager", 1),
        ("sc start WebServicesManager", 1),
    ]


def test_the_audit_knows_reading_from_writing(duo: LabInside, tmp_path: Path) -> None:
    assert duo.host(ADS).fqdn == ADS
    protocol = connect(tmp_path, ADS)
    assert run(protocol, "@echo %JAVA_HOME%")[0].strip() == r"C:\Program Files (x86)\Java\jre1.8.0_221"
    run(protocol, r"@echo x> C:\temp\new.txt")
    assert [(line["host"], line["user"], line["changed"]) for line in audit(tmp_path)] == [
        (ADS, r"LAB\runbook", False),
        (ADS, r"LAB\runbook", True),
    ]


def test_five_wrong_passwords_lock_the_account(duo: LabInside, tmp_path: Path) -> None:
    assert duo.host(ADS).account("nobody") is None
    for _ in range(5):
        with pytest.raises(InvalidCredentialsError):
            connect(tmp_path, ADS, "wrong").open_shell()
    with pytest.raises(InvalidCredentialsError):
        connect(tmp_path, ADS).open_shell()
    lines = audit(tmp_path)
    assert len(lines) == 6
    assert {line["kind"] for line in lines} == {"refused"}
