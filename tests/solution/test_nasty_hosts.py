"""Hosts and an inventory that try to steer the operator's terminal, and everything else that people read of a run."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

import pytest

from reports import verify
from tests.fixtures.bombs import gigabytes
from tests.fixtures.nasty import ALL, FORBIDDEN
from tests.runbook.runs import ROOT, runbook
from tests.runbook.site_lab import ADS, CVP, SiteLab
from tests.terminals import NEEDED, at_a_terminal

SAID = "".join(one for one in ALL if not "\ud800" <= one <= "\udfff")  # a host cannot send half a character
SEEN = r"a\x1b]0;owned\x07b"
READ = ("*.txt", "*.html", "*.xml", "*.json", "*.jsonl", "*.prom", "*.ics", "*.properties", "*.sha256")


def spoilt(lab: SiteLab) -> None:
    """A host prints what it should not before every answer, another in place of one; the inventory is no better."""
    lab.set_registry(ADS, r"HKLM\SOFTWARE\Microsoft\Command Processor", "AutoRun", "echo a\x1b]0;owned\x07b\u202e")
    lab.fail_in_many_ways({"host": CVP, "kind": "answers", "match": "keytool", "code": 1, "says": f"{SAID}\r\n"})
    lab.edit_inventory(organization="Duo\u202e")


def test_a_log_and_all_documents_hide_nothing(duo: SiteLab, tmp_path: Path) -> None:
    spoilt(duo)
    done = runbook(duo, tmp_path / "out", "-m", "verify", "--junitxml", str(tmp_path / "out" / "j.xml"), "-rA", "-l")
    assert done.exit_code in (1, 10), done.output
    assert SEEN in done.output
    assert r"O=Duo\u202e" in done.output
    assert FORBIDDEN.findall(done.output) == []
    files = [path for kind in READ for path in (tmp_path / "out").rglob(kind) if path.is_file()]
    assert {path.suffix for path in files} >= {".txt", ".html", ".xml", ".json", ".jsonl", ".properties"}
    for path in files:
        text = path.read_bytes().decode().replace("\r\n", "\n")
        assert FORBIDDEN.findall(text) == [], path
    evidence = [json.loads(line) for path in (tmp_path / "out").rglob("journal-*.jsonl") for line in path.open()]
    assert any("\x1b]0;owned\x07" in line["record"]["stderr"] for line in evidence if line["event"] == "command")


def test_a_bomb_that_a_host_prints_is_set_aside_and_said(duo: SiteLab, tmp_path: Path) -> None:
    says = base64.b64encode(gigabytes(4)).decode()
    assert len(says) < 20_000
    duo.fail_in_many_ways({"host": CVP, "kind": "answers", "match": "keytool", "code": 1, "says": f"{says}\r\n"})
    done = runbook(duo, tmp_path / "out", "-m", "verify")
    assert done.exit_code == 1, done.output
    (site,) = (path for path in (tmp_path / "out").iterdir() if path.name != ".set-aside")
    assert "could not be searched for secrets (it unpacks to more than is searched); it was set aside" in done.said
    assert "set aside" in (site / "set-aside.txt").read_text(encoding="utf-8")
    assert (tmp_path / "out" / ".set-aside" / site.name).is_dir()
    assert "Manifest (" in done.said
    assert verify.verify(site).differing == []


def test_what_is_refused_is_refused_visibly(duo: SiteLab, tmp_path: Path) -> None:
    done = runbook(duo, tmp_path / "out", "--confirmed=\x1b[2J\u202e:cube", "-m", "verify")
    assert done.exit_code == 4
    assert r"--confirmed \x1b[2J\u202e:cube: expected HOST:WHO" in done.output
    assert FORBIDDEN.findall(done.output) == []


@NEEDED
@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_a_terminal_gets_no_sequence_but_those_of_pytest(duo: SiteLab, tmp_path: Path, workers: str) -> None:
    spoilt(duo)
    command = [sys.executable, "-m", "pytest", str(ROOT / "runbook"), f"--inventory={duo.inventory_file}"]
    options = ["-m", "verify", workers, "--no-report", f"--evidence={tmp_path / 'out'}"]
    code, said = at_a_terminal([*command, *options], {}, "manifest")
    assert code in (1, 10), said
    assert SEEN in said
    for sequence in ("\x1b]0;", "\x07", "\x9b", "\u202e", "\u2066", "\x7f", "\u200b"):
        assert sequence not in said
