"""The file of faults: when it counts, what is malformed, and what the documentation says of it."""

from __future__ import annotations

import json
import shutil
from itertools import takewhile
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest
import requests

from lab.faults import kinds as faults
from lab.faults import vos as vos_faults
from lab.faults.file import AnyFault, FaultFile, HostFaults
from lab.faults.kinds import Fault, Slow, SplitOutput
from tests.lab.faults.remote import connect, run
from tests.lab.hosts.labs import ADS, CVP, lab_inside
from tests.runbook.fault_table import FAULTS

KINDS: tuple[type[Fault], ...] = get_args(get_args(AnyFault)[0])
# The crash matrix cuts the power, and the tests of both are their own.
NEEDS_A_JOB_OF_ITS_OWN = {"power_cut"}
SPLIT = {"host": "*", "kind": "split_output"}


@pytest.fixture
def written(tmp_path: Path) -> FaultFile:
    file = FaultFile(tmp_path / "faults.json", [ADS, CVP])
    file.begin()
    (tmp_path / "faults.json").write_text(json.dumps({"faults": [SPLIT]}), encoding="utf-8")
    assert len(file.current()) == 1
    return file


@pytest.mark.parametrize(
    "content, says",
    [
        ("", "Invalid JSON"),
        ('{"faults": [', "Invalid JSON"),
        ("[]", "object"),
        ({}, "faults: Field required"),
        ({"faults": [], "more": 1}, "more: Extra inputs"),
        ({"faults": [{"kind": "split_output"}]}, "host: Field required"),
        ({"faults": [{"host": "nowhere.example", "kind": "split_output"}]}, "no such host: nowhere.example"),
        ({"faults": [SPLIT, {"host": "*", "kind": "odd"}]}, "faults.1: Input tag 'odd'"),
        ({"faults": [{**SPLIT, "times": 1}]}, "times: Extra inputs"),
        ({"faults": [{"host": "*", "kind": "slow", "seconds": -1}]}, "faults.0.slow.seconds"),
        ({"faults": [{"host": "*", "kind": "slow", "seconds": 1, "times": 0}]}, "times"),
        ({"faults": [{"host": "*", "kind": "slow", "seconds": 1, "match": "("}]}, "regular expression"),
        ({"faults": [{"host": "*", "kind": "quota", "code": 1}]}, "code"),
        ({"faults": [{"host": "*", "kind": "disk_full", "after_bytes": "4"}]}, "after_bytes"),
    ],
)
def test_what_is_malformed_changes_nothing(
    written: FaultFile, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Any, says: str
) -> None:
    file = tmp_path / "faults.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    for _ in range(3):
        assert len(written.current()) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"lab: {file}: ignored: ")
    assert says in line


def test_a_file_that_is_gone_or_unreadable(
    written: FaultFile, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "faults.json").unlink()
    assert written.current() == ()
    (tmp_path / "faults.json").mkdir()
    assert written.current() == ()
    assert "Is a directory" in capsys.readouterr().err


def test_counts_begin_anew_with_the_file(tmp_path: Path) -> None:
    file = FaultFile(tmp_path / "faults.json", [ADS, CVP])
    file.begin()
    one, other = HostFaults(file, ADS), HostFaults(file, CVP.upper())
    slow = {"host": "*", "kind": "slow", "seconds": 1, "times": 2, "match": "a"}
    for padding in ("", " "):
        (tmp_path / "faults.json").write_text(json.dumps({"faults": [slow]}) + padding, encoding="utf-8")
        found = one.find(Slow)
        assert found is not None
        assert one.take(Slow, lambda fault: fault.fits("b")) is None
        assert [host.take(Slow) for host in (one, other, one)] == [found, found, None]
        assert one.find(SplitOutput) is None
        assert one.holds(found)
    assert not one.holds(Slow(host="*", kind="slow", seconds=1))


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_names_every_kind_and_option(kind: type[Fault]) -> None:
    [name] = get_args(kind.model_fields["kind"].annotation)
    tables = f"{faults.__doc__}{vos_faults.__doc__}"
    lines = tables.splitlines()
    [at] = [number for number, line in enumerate(lines) if line.startswith(f"{name} ")]
    rows = [lines[at], *takewhile(lambda line: line.startswith(" "), lines[at + 1 :])]
    options = [option for row in rows for option in row[25:59].split()]
    said = {option.strip("[]"): not option.startswith("[") for option in options}
    assert said == {
        option: field.is_required() for option, field in kind.model_fields.items() if option not in ("host", "kind")
    }


def test_a_lab_on_a_copy_of_another_s_state_has_faults_of_its_own(tmp_path: Path) -> None:
    """The copy is made while the first one runs; the file holds for neither before it is ready."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    (first / "state").mkdir()
    hanging = {"host": "*", "kind": "service_does_not_return", "service": "*", "hang": True}
    (first / "state" / "faults.json").write_text(json.dumps({"faults": [hanging]}), encoding="utf-8")
    with lab_inside(first, first / "state"):
        shutil.copytree(first / "state", second / "state")
        unreachable = {"host": ADS, "kind": "drop_connection"}
        (second / "state" / "faults.json").write_text(json.dumps({"faults": [unreachable]}), encoding="utf-8")
        with lab_inside(second, second / "state"):
            one, other = (connect(folder / "inventory", ADS) for folder in (first, second))
            assert run(one, r"@echo first> C:\mine & echo x").out == "x\r\n"
            with pytest.raises(requests.ConnectionError):
                run(other, "@echo x")
            (second / "state" / "faults.json").unlink()
            assert run(other, r"@if exist C:\mine echo not mine").out == ""
            keystores = [
                (folder / "state/hosts" / CVP / "C/Cisco/CVP/conf/security/.keystore").read_bytes()
                for folder in (first, second)
            ]
            assert keystores[0] == keystores[1]


@pytest.mark.parametrize("module", [faults, vos_faults], ids=lambda module: module.__name__)
def test_every_kind_that_is_written_is_one_that_the_file_takes(module: ModuleType) -> None:
    classes = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, Fault)]
    kinds = {one for one in classes if "kind" in one.model_fields}
    assert kinds
    assert kinds <= {*KINDS}


def test_every_kind_is_met_by_some_step() -> None:
    met = {fault.kind for fault in FAULTS}
    assert {get_args(kind.model_fields["kind"].annotation)[0] for kind in KINDS} - met == NEEDS_A_JOB_OF_ITS_OWN
