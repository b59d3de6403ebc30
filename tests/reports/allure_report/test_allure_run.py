from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reports.allure_report.run import describe, report_name
from tests.reports import sample

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("kind", "change", "name"),
    [
        ("change", "CHG1", "Vienna CHG1"),
        ("verify", "", "Vienna verification"),
        ("rehearsal", "", "Vienna rehearsal on the lab"),
    ],
)
def test_a_report_is_called_after_its_change(tmp_path: Path, kind: str, change: str, name: str) -> None:
    assert report_name(sample.run(tmp_path, kind=kind, change=change)) == name


def test_properties_are_spelt_as_java_spells_them(tmp_path: Path) -> None:
    run = sample.run(tmp_path, inventory="C:\\sites\\wien=1.yaml", site="Wien\nÖst", change="", versions={"a b:c": "1"})
    text = (describe(run) / "environment.properties").read_text(encoding="utf-8")
    assert text == (
        "Site=Wien\\\\nÖst\n"
        "Kind\\ of\\ run=Change\n"
        "PCCE\\ release=12.6\n"
        "Inventory=C:\\\\sites\\\\wien=1.yaml\n"
        "Started=2026-11-22 12:00:00 UTC\n"
        "Run=20261122T120000Z-change\n"
        "a\\ b\\:c=1\n"
    )
