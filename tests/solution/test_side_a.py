"""A person's word on side A: without it side B is not touched, with it the change goes on and the record has it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.runbook.runs import runbook
from tests.runbook.site_lab import DUO, SiteLab, site_lab
from tests.terminals import NEEDED, at_a_terminal

A, B = "cvpa.duo.example", "cvpb.duo.example"
SITE = DUO + f"  - {{fqdn: {B}, role: cvp, side: B, also_trusted_by: []}}\n"
ASKED = "Make a test call through side A."


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[SiteLab]:
    with site_lab(tmp_path, site=SITE) as lab:
        content = yaml.safe_load(lab.inventory_file.read_text(encoding="utf-8"))
        content["confirmations"] = {"after_side_A": ASKED}
        lab.inventory_file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
        yield lab


def restarted(lab: SiteLab, fqdn: str) -> bool:
    return any(one["changed_services"] for one in lab.audit() if one["host"] == fqdn and one["kind"] == "command")


def test_side_b_waits_for_a_word_on_side_a_and_the_change_is_resumed_with_it(lab: SiteLab, tmp_path: Path) -> None:
    planned = runbook(lab, tmp_path / "out", "runbook/section1", "--change=S1", "--plan")
    assert f"a person confirms before side B is touched: {ASKED}" in planned.said
    before = lab.store_file(B).read_bytes()

    waiting = runbook(lab, tmp_path / "out", "runbook/section1", "--change=S1")

    assert waiting.exit_code == 1, waiting.output
    assert "nobody has confirmed it: there is no terminal" in waiting.said
    assert '--confirmed="1.4.iii:NAME:RESULT"' in waiting.said
    assert (restarted(lab, A), restarted(lab, B)) == (True, False)
    assert lab.store_file(B).read_bytes() == before
    refused = runbook(lab, tmp_path / "out", "runbook/section1", "--change=S1", "--confirmed=1.4.iii:nobody:")
    assert (refused.exit_code, "expected HOST:WHO" in refused.said) == (4, True)

    word = "--confirmed=1.4.iii:A. Example:test call 02:10, agent answered"
    done = runbook(lab, tmp_path / "out", "runbook/section1", "--change=S1", word)

    assert done.exit_code == 0, done.output
    assert restarted(lab, B)
    said = f"step 1.4.iii, side A: {ASKED} A. Example: test call 02:10, agent answered"
    assert said in done.said, done.output
    record = (tmp_path / "out/S1/change-record.html").read_text(encoding="utf-8")
    assert said in record
    assert "Nobody has confirmed it" in record  # what the first run was told stays in the list


@NEEDED
def test_at_a_terminal_it_is_asked_once_whatever_the_number_of_workers(lab: SiteLab, tmp_path: Path) -> None:
    evidence, inventory = f"--evidence={tmp_path / 'out'}", f"--inventory={lab.inventory_file}"
    options = [inventory, evidence, "--change=S2", "-n2", "--no-report"]
    typed = {"[yes/no]": b"yes\n", "name:": b"B. Example\n", "words:": b"ok\n"}

    exit_code, said = at_a_terminal([sys.executable, "-m", "pytest", "runbook/section1", *options], typed, "Evidence")

    assert exit_code == 0, said
    assert said.count("[yes/no]") == 1
    events = [
        json.loads(line) for file in (tmp_path / "out").rglob("journal-*.jsonl") for line in file.open(encoding="utf-8")
    ]
    (found,) = (event["record"] for event in events if event["event"] == "confirmation")
    assert (found["host"], found["name"], found["result"], found["passed"]) == (B, "B. Example", "ok", True)
