"""One test for every line of the tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.windows import corners_cmd, corners_files, corners_services, corners_tools, lines, transcripts
from tests.lab.windows.cases import Case, assert_holds
from tests.lab.windows.host import make_host

_TABLES = {
    f"{module.__name__.rpartition('.')[2]}.{name.lower()}": table
    for module in (transcripts, lines, corners_cmd, corners_files, corners_services, corners_tools)
    for name, table in vars(module).items()
    if name.isupper() and isinstance(table, list)
}
_CASES = [pytest.param(case, id=f"{name}-{case.line[:60]!a}") for name, table in _TABLES.items() for case in table]


@pytest.mark.parametrize("case", _CASES)
def test_line(case: Case, tmp_path: Path) -> None:
    assert_holds(case, make_host(tmp_path))
