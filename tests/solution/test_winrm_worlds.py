"""Whole runs over WinRM where somebody stands between, and where hosts are harmless and odd."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.connections.between import Forge, Message, answer, between
from tests.fixtures.connections.test_winrm_impostors import FORGED, SOAP, welcome
from tests.runbook.conftest import verify
from tests.runbook.runs import runbook
from tests.runbook.site_lab import ADS, CVP, DUO, SiteLab, site_lab

NETSH = "@netsh http show sslcert"


def forging_netsh(lab: SiteLab) -> Forge:
    """Relay everything to the host, but for what it says of its certificates."""

    def forge(_: int, request: Message, reply: Message) -> Message:
        last: dict[str, Any] = next((one for one in reversed(lab.audit()) if one["host"] == ADS), {})
        return answer("200 OK", FORGED, SOAP) if request.is_sealed and last.get("text") == NETSH else reply

    return forge


@pytest.mark.parametrize("relays", [True, False], ids=["one-that-relays-and-forges-netsh", "one-in-clear"])
def test_an_impostor_gets_nothing_imported_and_blocks_the_whole_site(
    exchanged_duo: Path,
    tmp_path: Path,
    relays: bool,  # noqa: FBT001
) -> None:
    with site_lab(tmp_path, "--winrm-scheme", "http", like=exchanged_duo, site=DUO) as lab:
        address, port = lab.endpoint(ADS, "winrm")
        lab.edit_inventory(renew="all")
        stores, seen = {fqdn: lab.store_file(fqdn).read_bytes() for fqdn in lab.hosts}, len(lab.audit())
        listener, forge = ((address, port), forging_netsh(lab)) if relays else (None, welcome)
        with between(listener, forge, at=address) as thief:
            lab.move(ADS, "winrm", thief.port)
            done = runbook(lab, tmp_path / "out", "--change=between", "--keep-going")

        assert done.exit_code == 1, done.output
        assert f"{ADS}: WinRM on {address}:{thief.port}" in done.said
        assert "it is not that host" in done.said
        assert "Use scheme: https" in done.said
        assert "Traceback" not in done.output
        assert {fqdn: lab.store_file(fqdn).read_bytes() for fqdn in lab.hosts} == stores
        lines = lab.audit()[seen:]
        assert not [line for line in lines if "-import" in line["text"] or line.get("changed_services")]
        [blocked] = (tmp_path / "out").rglob("blocked/everything")  # although --keep-going was asked for
        assert "it is not that host" in blocked.read_text(encoding="utf-8")
        if not relays:
            assert not [line for line in lines if line.get("changed")]


def test_odd_hosts_are_worked_on_as_any_other(duo: SiteLab, tmp_path: Path) -> None:
    """AutoRun prints before every answer, operations count for a shell's life, and shells end while nobody looks."""
    for fqdn, line in ((ADS, "chcp 65001"), (CVP, "nosuch.bat")):
        duo.set_registry(fqdn, r"HKLM\SOFTWARE\Microsoft\Command Processor", "AutoRun", line)
    duo.edit_inventory(renew="all")
    odd = {"host": "*", "kind": "counted_operations", "allowed": 9}
    duo.fail_in_many_ways(odd, {"host": "*", "kind": "shell_ends", "match": "-genkeypair|move /y", "times": 3})
    seen = len(duo.audit())

    done = runbook(duo, tmp_path / "out", "--change=odd")

    assert done.exit_code == 0, done.output
    assert "«Active code page: 65001»" in done.said
    assert "'nosuch.bat' is not recognized" in done.said
    generated = [line["text"] for line in duo.audit()[seen:] if "-genkeypair" in line["text"]]
    assert len(generated) == len(set(generated)) == 3  # once each
    looked = verify(duo, tmp_path / "look")
    assert looked.exit_code == 0, looked.output
    assert "AutoRun" in looked.said
