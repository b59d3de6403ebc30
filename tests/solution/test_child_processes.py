"""No program that a run starts is handed a password of the run: looked for in /proc while the run goes on."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.runbook.planned import plan_of
from tests.runbook.programs_watch import FILE
from tests.runbook.runs import ROOT, runbook
from tests.runbook.site_lab import SiteLab, site_lab
from tests.solution.processes import Seen, watched

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc tells what other processes have")
LONG = 900.0
# A process of pytest-xdist (which is told its passwords through a pipe), a plan that is made again, Node.
KINDS = ("sys.stdin.readline()", "-m pytest", "allure")


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[SiteLab]:
    with site_lab(tmp_path) as made:
        yield made


def moved_into_variables(lab: SiteLab) -> dict[str, str]:
    """Let the inventory take its passwords from variables; the variables, by their names."""
    content = lab.inventory
    variables = {f"PCCE_{name.upper()}_PASSWORD": name for name in content["credentials"]}
    values = {variable: lab._secret(name) for variable, name in variables.items()}
    for variable, name in variables.items():
        content["credentials"][name]["password"] = {"env": variable}
    content["programs_may_see"] = [FILE]
    lab.inventory_file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return values


def test_no_program_gets_a_password_of_the_run(lab: SiteLab, tmp_path: Path) -> None:
    everything = lab.passwords()
    passwords = moved_into_variables(lab)
    assert len(passwords) >= 3
    assert runbook(lab, tmp_path / "out", "--plan").exit_code == 0
    approved = plan_of(tmp_path / "out")["hash"]
    seen, log = tmp_path / "programs", tmp_path / "log"
    environment = {**os.environ, **passwords, FILE: str(seen)}
    options = [f"--inventory={lab.inventory_file}", f"--evidence={tmp_path / 'out'}", f"--approved-plan={approved}"]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "runbook",
        *options,
        "--change=E1",
        "-n2",
        "-p",
        "tests.runbook.programs_watch",
    ]

    code, tree = watched(command, ROOT, environment, log, LONG)

    assert code == 0, log.read_text(encoding="utf-8")
    assert passwords.keys() <= tree.root.names  # so /proc tells all that there is
    kinds = {kind for kind in KINDS if any(kind in one.command for one in tree.seen.values())}
    assert kinds == set(KINDS)
    assert [leak for one in tree.seen.values() for leak in leaks(one, passwords, everything)] == []
    told = [json.loads(line) for line in seen.read_text(encoding="utf-8").splitlines()]
    assert {one["event"] for one in told} == {"subprocess.Popen"}
    assert [one for one in told if passwords.keys() & set(one["names"])] == []


def leaks(one: Seen, passwords: dict[str, str], everything: set[str]) -> Iterator[str]:
    """What a process has that it should not have."""
    yield from (f"{one.command}: {name}" for name in one.names & passwords.keys())
    yield from (f"{one.command}: a password" for text in everything if text.encode() in one.environment)
