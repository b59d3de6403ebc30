"""What must hold of a change in which steps were blocked: its exit code, the first line of each of its documents."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

from bs4 import BeautifulSoup


def not_succeeded(code: int, output: str, folder: Path, *, expected: int = 1) -> None:
    """See that nothing says that all went well: `folder` is the change's, `output` the terminal's."""
    assert code == expected, output
    summary = output.partition("= runbook =")[2].splitlines()[1]
    assert "NOT COMPLETE" in summary, output
    found = json.loads((folder / "verification.json").read_text(encoding="utf-8"))
    assert found["outcome"] != "ALL_RIGHT"
    assert "blocked" in {one["outcome"] for one in found["findings"]}
    assert 'outcome="ALL_RIGHT",site="duo"} 0.0' in (folder / "verification.prom").read_text(encoding="utf-8")
    _junit(max(folder.glob("runs/*-change")) / "junit.xml")
    page = BeautifulSoup((folder / "change-record.html").read_text(encoding="utf-8"), "html.parser")
    status = page.select_one(".outcome .word")
    assert status is not None
    assert "good" not in str(status["class"])
    assert status.parent is not None
    assert "The change is not" in status.parent.get_text()


def _junit(path: Path) -> None:
    """What was blocked is an error, as CI servers count them, and nothing was merely skipped."""
    root = ET.parse(path).getroot()  # noqa: S314 - our own
    cases = [
        case
        for case in root.iter("testcase")
        if case.find("properties/property[@name='outcome'][@value='blocked']") is not None
    ]
    assert cases
    assert all(case.find("error") is not None and case.find("skipped") is None for case in cases)
    assert sum(int(suite.get("errors", "0")) for suite in root.iter("testsuite")) >= len(cases)
