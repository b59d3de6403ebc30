"""A release, a role and a trust that nobody has: each is added to one table of the product and one of the lab, no more.

Everything else follows from the tables: inventory, plan, steps, verification, documentation.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.runbook.runs import ROOT

RELEASE, ROLE, SERVER, ADS = "16.0(1)", "survey", "srva.made-up.example", "awa.made-up.example"
ALIAS = f"{SERVER}_survey"
ROW = 'Row((Role.SURVEY,), "IIS", (Role.ADS,), "{fqdn}_survey", "3.3", "3.1", "survey{name}.cer", "surveys")'
JAVA = 'Release(_OPENJDK + "500.01-hotspot", "1.8.0_500", {"CCE_JAVA_HOME": "{java_home}"}, password_source=SEALED)'
# File -> where, by the text that stands behind it, and what is added.
EDITS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "fixtures/tables/releases.py": (
        ("\n}\n\n\ndef default_port", f'\n    "{RELEASE}": Release(OF_ICM, DECRYPT_KEYSTORE_UTIL),'),
    ),
    "fixtures/tables/roles.py": (
        ("\n\n\nclass Platform", f'\n    SURVEY = "{ROLE}"'),
        ("\n    Role.ECE: Duties", "\n    Role.SURVEY: _CCE,"),
    ),
    "fixtures/tables/trust.py": (("\n)\n", f"\n    {ROW},"),),
    "lab/tables/releases.py": (
        ("\n}\n# 12.5(1) with the", f'\n    "{RELEASE}": {JAVA.replace("SEALED", "PasswordSource.SEALED")},'),
    ),
    "lab/tables/roles.py": (('\n    "ece": Role(', f'\n    "{ROLE}": _cce(tomcat=False, own_password=False),'),),
}
SITE = f"""
site: made-up
release: "{RELEASE}"
certificate:
  {{organizational_unit: Contact Center, organization: Made up, locality: San Jose, state: California, country: US,
   validity_days: 1095, san: required, renew: needed, renew_below_days: 180}}
credentials: {{windows: {{username: 'LAB\\runbook'}}}}
hosts:
  - {{fqdn: {ADS}, role: ads, side: A, principal: true}}
  - {{fqdn: {SERVER}, role: {ROLE}, side: A}}
"""


@dataclass(frozen=True)
class MadeUp:
    """The project with these rows, and a rehearsal of a site that has them."""

    project: Path
    evidence: Path
    code: int
    said: str


def project_with(folder: Path) -> Path:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in listed.splitlines():
        if name.split("/")[0] in ("fixtures", "checks", "reports", "lab", "runbook", "conftest.py", "pytest.ini"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    for name, edits in EDITS.items():
        text = (folder / name).read_text(encoding="utf-8")
        for before, added in edits:
            start = text.rindex(before) if name.endswith("trust.py") else text.index(before)
            text = text[:start] + added + text[start:]
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def started(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPYCACHEPREFIX"}
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=project,
        env={**environment, "COLUMNS": "150"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> MadeUp:
    folder = tmp_path_factory.mktemp("made-up")
    project, site = project_with(folder / "project"), folder / "site.yaml"
    site.write_text(SITE, encoding="utf-8")
    out = folder / "out"
    ended = started(project, "pytest", "runbook", "-n0", f"--rehearse={site}", f"--evidence={out}", "--no-report")
    return MadeUp(project, out, ended.returncode, ended.stdout + ended.stderr)


def test_it_is_rehearsed_from_end_to_end(made_up: MadeUp) -> None:
    assert made_up.code == 0, made_up.said
    assert f"release {RELEASE}" in made_up.said


def test_its_steps_are_performed_on_it_and_its_trust_is_verified(made_up: MadeUp) -> None:
    (file,) = made_up.evidence.rglob("verification.json")
    content = json.loads(file.read_text(encoding="utf-8"))
    edges = [one for one in content["edges"] if one["exporter"] == SERVER and one["alias"] == ALIAS]
    assert [(one["importer"], one["step"], one["verdict"]) for one in edges] == [(ADS, "3.3", "HOLDS")]
    (journal,) = made_up.evidence.rglob("journal-*.jsonl")
    events = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    steps = {(one["step"]["id"], one["step"]["host"]) for one in events if one["event"] == "step"}
    assert ("3.1", SERVER) in steps


def test_its_inventory_is_taken_and_it_stands_in_the_plan(made_up: MadeUp) -> None:
    """The lab writes the inventory, from its own table."""
    out = made_up.evidence.parent / "plans"
    site = f"--rehearse={out.parent / 'site.yaml'}"
    planned = started(made_up.project, "pytest", "runbook", "--plan", site, f"--evidence={out}", "--no-report")
    assert planned.returncode == 0, planned.stdout
    (file,) = out.glob("*/plan.json")
    plan = json.loads(file.read_text(encoding="utf-8"))
    assert {"fqdn": SERVER, "role": ROLE}.items() <= next(
        one for one in plan["inventory"]["hosts"] if one["fqdn"] == SERVER
    ).items()
    (imports,) = (one for one in plan["steps"] if one["step"] == "3.3")
    assert ALIAS in {subject for work in imports["work"] for subject in work["subjects"]}


def test_it_stands_in_the_documentation(made_up: MadeUp) -> None:
    page = started(made_up.project, "fixtures.tables.trust_page")
    assert re.search(r"3\.3 \| survey \| IIS \| 3\.1 \| `survey\{name\}\.cer` \| ads", page.stdout), page.stdout
