"""Ports of others who hold certificates of the site: what they present is read, and must not expire soon."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import yaml

from tests.checks.listeners import LOOPBACK, listening, tls_answer, tls_context
from tests.checks.made import certificate, key
from tests.runbook.runs import runbook
from tests.runbook.site_lab import DUO, SiteLab, site_lab

CUBE, PROXY, GATEWAY = "cube.duo.example", "proxy.duo.example", "gateway.duo.example"


def watch(lab: SiteLab, **ports: int) -> None:
    content = lab.process.inventory
    content["watch"] = [
        {"fqdn": f"{name}.duo.example", "address": LOOPBACK, "port": port, "kind": f"{name.upper()} SIP"}
        for name, port in ports.items()
    ]
    lab.inventory_file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def test_what_others_present_is_read_every_night_and_must_not_expire_soon(tmp_path: Path) -> None:
    whole, soon = (certificate("any.name", start=datetime.now(UTC), days=days) for days in (399.5, 9.5))
    served = [tls_answer(tls_context(tmp_path, (key("rsa"), [one]))) for one in (whole, soon)]
    with site_lab(tmp_path / "lab", site=DUO) as lab, listening(served[0]) as good, listening(served[1]) as bad:
        watch(lab, cube=good, proxy=bad, gateway=1)
        night = runbook(lab, tmp_path / "out", "-m", "verify", "-k", "watched")
    assert night.exit_code == 1, night.output
    assert f"{PROXY} PROXY SIP certificate on port {bad}: days left: expected 30 or more, found 9" in night.said
    assert f"{GATEWAY}: its port 1 (GATEWAY SIP) does not answer" in night.said
    assert CUBE not in night.said.partition("Trust")[0].partition("Wrong state")[2]
    (file,) = night.evidence.rglob("verification.json")
    told = {one["host"]: one for one in json.loads(file.read_text(encoding="utf-8"))["certificates"]}
    assert {host: one["kind"] for host, one in told.items()} == {CUBE: "CUBE SIP", PROXY: "PROXY SIP"}
    assert told[CUBE]["days_left"] == 399
