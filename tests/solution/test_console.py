"""Nobody may log in to a server: its certificate's SHA-256 is read on its console while the run waits."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.lab.hosts.labs import presented, sha256
from tests.runbook.runs import runbook
from tests.runbook.site_lab import DUO, SiteLab, site_lab
from tests.terminals import NEEDED, at_a_terminal

ECE = "ece.duo.example"
SITE = DUO + f"  - {{fqdn: {ECE}, role: ece, side: A, managed: false}}\n"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[SiteLab]:
    with site_lab(tmp_path, site=SITE) as lab:
        content = yaml.safe_load(lab.inventory_file.read_text(encoding="utf-8"))
        next(host for host in content["hosts"] if host["fqdn"] == ECE)["sha256"] = "console"
        lab.inventory_file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
        yield lab


@NEEDED
@pytest.mark.parametrize("right", [True, False], ids=["right", "another"])
def test_only_what_is_read_on_the_console_is_imported(lab: SiteLab, tmp_path: Path, *, right: bool) -> None:
    alone = runbook(lab, tmp_path / "out", "runbook/section3", "--change=C1")
    assert alone.exit_code == 1, alone.output
    assert "its SHA-256 must be read on its console, and nobody has done so in this change" in alone.said
    leaf = sha256(presented(lab.endpoint(ECE, "iis")))
    read = leaf if right else "0" * 64
    options = [f"--evidence={tmp_path / 'out'}", f"--inventory={lab.inventory_file}", "--change=C1", "--no-report"]
    typed = {"[SHA-256/no]": f"{read}\n".encode(), "name:": b"A. Example\n"}

    command = [sys.executable, "-m", "pytest", "runbook/section3", *options]
    exit_code, said = at_a_terminal(command, typed, "Evidence")

    assert exit_code == (0 if right else 1), said
    assert said.count("[SHA-256/no]") == 1
    events = [
        json.loads(line) for file in (tmp_path / "out").rglob("journal-*.jsonl") for line in file.open(encoding="utf-8")
    ]
    found = [event["record"] for event in events if event["event"] == "confirmation"]
    assert {(one["host"], one["name"], one["passed"]) for one in found if one["name"]} == {(ECE, "A. Example", right)}
    assert (leaf in lab.entries("awa.duo.example").values()) is right
    if not right:
        assert "its console says 00:00:" in " ".join(said.split())
