"""Running the runbook as a program of its own, as an engineer does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.checks.made import certificate
from tests.runbook.site_lab import SiteLab

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "inventory.example.yaml"


def example(folder: Path, old: str = "", new: str = "") -> str:
    """The option for the documents' example inventory (with a text replaced), with the CA file that a plan reads."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "crm-ca.pem").write_text(certificate("crm-ca", dns=()).pem, encoding="ascii")
    text = EXAMPLE.read_text(encoding="utf-8")
    assert old in text
    inventory = folder / "example.yaml"
    inventory.write_text(text.replace(old, new), encoding="utf-8")
    return f"--inventory={inventory}"


@dataclass(frozen=True)
class Finished:
    """A run that has ended."""

    exit_code: int
    output: str
    evidence: Path

    @property
    def said(self) -> str:
        """The output with its line breaks undone: the summary wraps."""
        return " ".join(self.output.split())

    @property
    def results(self) -> list[dict[str, Any]]:
        """Allure's raw results of all runs in the evidence folder."""
        return [json.loads(path.read_text(encoding="utf-8")) for path in self.evidence.rglob("*-result.json")]


def runbook(lab: SiteLab | None, evidence: Path, *arguments: str, within: float = 240) -> Finished:
    """Run pytest on the runbook (on the whole of it unless a path is given); without a lab it rehearses."""
    paths = [] if any(argument.startswith("runbook") for argument in arguments) else ["runbook"]
    site = [f"--inventory={lab.inventory_file}"] if lab else []
    command = [sys.executable, "-m", "pytest", *paths, *site, f"--evidence={evidence}", *arguments]
    if "--report" in arguments:
        command.remove("--report")
    else:
        command.append("--no-report")
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "100"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=within,
        check=False,
    )
    return Finished(ended.returncode, ended.stdout + ended.stderr, evidence)
