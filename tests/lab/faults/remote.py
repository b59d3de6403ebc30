"""A lab whose faults are rewritten while it runs, and pywinrm as its client."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from winrm.protocol import Protocol

from lab.windows.host.host import Host
from tests.lab.hosts.labs import LabInside


@dataclass(frozen=True)
class Answer:
    out: str
    err: str
    code: int

    @property
    def text(self) -> str:
        return self.out + self.err


def connect(folder: Path, fqdn: str) -> Protocol:
    """A client with what the inventory in this folder says of a host."""
    content = yaml.safe_load((folder / "site.yaml").read_text(encoding="utf-8"))
    [host] = [host for host in content["hosts"] if host["fqdn"] == fqdn]
    login = content["credentials"][content["role_credentials"].get(host["role"], "windows")]
    return Protocol(
        f"https://{host['address']}:{host['ports']['winrm']}/wsman",
        transport="ntlm",
        username=login["username"],
        password=(folder / login["password"]["file"]).read_text(encoding="utf-8"),
        ca_trust_path=str(folder / content["winrm"]["ca_file"]),
        proxy=None,
    )


def run(client: Protocol, line: str, variables: Mapping[str, str] | None = None) -> Answer:
    """One line in a shell of its own."""
    shell = client.open_shell(codepage=65001, env_vars=dict(variables or {}) or None)
    command = client.run_command(shell, line, console_mode_stdin=False)
    out, err, code = client.get_command_output(shell, command)
    client.cleanup_command(shell, command)
    client.close_shell(shell)
    return Answer(out.decode(), err.decode(), code)


@dataclass(frozen=True)
class Failing:
    """A lab in this process, and its file of faults."""

    lab: LabInside
    folder: Path

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def file(self) -> Path:
        return self.state / "faults.json"

    def fail(self, *faults: Mapping[str, Any]) -> None:
        """These faults and no others, from now on."""
        half = self.file.with_suffix(".new")
        half.write_text(json.dumps({"faults": faults}), encoding="utf-8")
        half.replace(self.file)

    def recover(self) -> None:
        self.file.unlink(missing_ok=True)

    def host(self, fqdn: str) -> Host:
        return self.lab.host(fqdn)

    def client(self, fqdn: str) -> Protocol:
        return connect(self.folder / "inventory", fqdn)

    def run(self, fqdn: str, line: str, variables: Mapping[str, str] | None = None) -> Answer:
        return run(self.client(fqdn), line, variables)

    def audit(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.state / "audit.jsonl").read_text(encoding="utf-8").splitlines()]

    def said(self, kind: str) -> list[str]:
        """The texts of all audit lines of a kind."""
        return [line["text"] for line in self.audit() if line["kind"] == kind]
