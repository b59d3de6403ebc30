"""The gate before a CVP server whose certificates a CUBE holds: closed without a word, open when a person says so."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import yaml

from tests.runbook.runs import runbook
from tests.runbook.site_lab import CVP, SiteLab
from tests.terminals import NEEDED, at_a_terminal

HOLDER = {"who": "cube1", "how": "SIP TLS trustpoint", "done_by": "voice team"}


def hold(lab: SiteLab) -> None:
    """All certificates are to be renewed, and cube1 holds the CVP server's."""
    lab.edit_inventory(renew="all")
    content = yaml.safe_load(lab.inventory_file.read_text(encoding="utf-8"))
    next(host for host in content["hosts"] if host["fqdn"] == CVP)["also_trusted_by"] = [HOLDER]
    lab.inventory_file.write_text(yaml.safe_dump(content), encoding="utf-8")


@NEEDED
def test_nothing_is_presented_before_a_person_has_said_that_the_holder_has_it(duo: SiteLab, tmp_path: Path) -> None:
    hold(duo)
    before, seen = duo.store_file(CVP).read_bytes(), len(duo.audit())

    closed = runbook(duo, tmp_path / "out", "--change=G1")

    assert closed.exit_code == 1, closed.output
    assert f"{CVP} gate not passed: cube1 (SIP TLS trustpoint; done by voice team)" in closed.said
    assert f'--confirmed "{CVP}:cube1"' in closed.said
    assert duo.store_file(CVP).read_bytes() == before
    assert not [one for one in duo.audit()[seen:] if one["host"] == CVP and one["changed_services"]]

    evidence, inventory = f"--evidence={tmp_path / 'out'}", f"--inventory={duo.inventory_file}"
    command = [sys.executable, "-m", "pytest", "runbook", inventory, evidence, "--change=G1", "-n2", "--no-report"]
    exit_code, said = at_a_terminal(command, {"[yes/no]": b"yes\n"}, "Evidence")

    assert exit_code == 0, said
    assert said.count("[yes/no]") == 1
    assert "cube1 holds the new certificates (SIP TLS trustpoint; done by voice team): confirmed by" in " ".join(
        said.split()
    )
    folder = tmp_path / "out" / "G1"
    assert (folder / "certificates" / "callservercvpa.crt").is_file()
    events = [json.loads(line) for file in folder.rglob("journal-*.jsonl") for line in file.open(encoding="utf-8")]
    gates = [event["record"] for event in events if event["event"] == "gate"]
    assert sorted((gate["passed"], gate["means"]) for gate in gates) == [(False, "terminal"), (True, "terminal")]
    new = duo.entries(CVP)["callserver_certificate"]
    assert [
        gate for gate in gates if any(new in line.replace(":", "").lower() for line in gate["certificates"])
    ] == gates
    steps = [step["name"] for result in closed.results for step in result.get("steps", [])]
    assert [name for name in steps if name.startswith("Gate: cube1 holds") and ": confirmed by" in name]


def test_a_confirmation_that_fits_nobody_is_refused_before_anything_is_sent(duo: SiteLab, tmp_path: Path) -> None:
    hold(duo)
    seen = len(duo.audit())

    refused = runbook(duo, tmp_path / "out", "--change=G1", f"--confirmed={CVP}:cube2")

    assert refused.exit_code == 4
    assert f"--confirmed {CVP}:cube2: expected HOST:WHO of an also_trusted_by" in refused.said
    assert duo.audit()[seen:] == []


def test_the_plan_states_the_gate_and_begins_with_what_the_inventory_does_not_say(duo: SiteLab, tmp_path: Path) -> None:
    hold(duo)
    planned = runbook(duo, tmp_path / "out", "--plan")
    assert planned.exit_code == 0, planned.output
    assert "(rule) gate: before certificates of cvpa.duo.example change" in planned.output

    content = yaml.safe_load(duo.inventory_file.read_text(encoding="utf-8"))
    next(host for host in content["hosts"] if host["fqdn"] == CVP).pop("also_trusted_by")
    duo.inventory_file.write_text(yaml.safe_dump(content), encoding="utf-8")
    planned = runbook(duo, tmp_path / "out", "--plan")
    lines = planned.output.splitlines()
    warning = f"warning: {CVP}: also_trusted_by is missing"
    first = next(number for number, line in enumerate(lines) if line.startswith("1.1.pre.1"))
    assert any(line.startswith(warning) for line in lines[first - 2 : first])
    assert "cube1" not in planned.output
