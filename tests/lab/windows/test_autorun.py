"""AutoRun: what the registry has every cmd.exe run first."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.contract import RegistryValue
from tests.lab.windows.cases import Case, assert_holds
from tests.lab.windows.host import make_host

MACHINE, USER = (rf"HKEY_{name}\SOFTWARE\MICROSOFT\COMMAND PROCESSOR" for name in ("LOCAL_MACHINE", "CURRENT_USER"))
CASES = {
    "before a line": ({MACHINE: "echo hello"}, Case("@echo a", "hello\na\n")),
    "the machine's comes first": ({USER: "echo two", MACHINE: "echo one"}, Case("@echo a", "one\ntwo\na\n")),
    "its failure is not the line's": ({USER: "nosuch 2>nul"}, Case("@hostname", "CVP1\n")),
    "its code page and folder stay": ({USER: "cd /d C:\\Windows"}, Case("@cd", "C:\\Windows\n")),
    "it may end cmd.exe": ({USER: "exit 3"}, Case("@echo a", code=3)),
    "in a loop's command too": (
        {USER: "echo x"},
        Case("@for /f %a in ('echo a') do @echo [%a]", "x\n[x]\n[a]\n"),
    ),
    "in a cmd of a line": ({USER: "echo x"}, Case("@cmd /c echo a", "x\nx\na\n")),
    "not with /d": ({USER: "echo x"}, Case("@cmd /d /c echo a", "x\na\n")),
    "another value is none": ({USER: ""}, Case("@echo a", "a\n")),
}


@pytest.mark.parametrize("values, case", CASES.values(), ids=[name.replace(" ", "-") for name in CASES])
def test_it_runs_first(tmp_path: Path, values: dict[str, str], case: Case) -> None:
    host = make_host(tmp_path)
    for key, line in values.items():
        host.machine.registry.keys[64, key] = [
            RegistryValue("EnableExtensions", "REG_DWORD", ("0x1",)),
            RegistryValue("autorun", "REG_SZ", (line,)),
        ]
    assert_holds(case, host)
