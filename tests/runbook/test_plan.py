"""The plan: the same commands, unsent; and what is approved is what is sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.runbook.planned import commands_of, plan_of
from tests.runbook.runs import example, runbook
from tests.runbook.site_lab import SiteLab


def test_a_plan_opens_no_socket_and_reads_no_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = tmp_path / "sockets"
    monkeypatch.setenv("SOCKETS_SEEN", str(seen))
    monkeypatch.delenv("PCCE_WINDOWS_PASSWORD", raising=False)

    planned = runbook(None, tmp_path / "out", example(tmp_path), "--plan", "-p", "tests.runbook.socket_watch")

    assert planned.exit_code == 0, planned.output
    assert not seen.exists(), seen.read_text(encoding="utf-8")
    assert "Hash: " in planned.output
    assert "@sc stop" in planned.output
    changed = commands_of(plan_of(tmp_path))
    assert [fqdn.partition(".")[0] for fqdn in changed] == [
        *("cvp1a", "cvp1b", "cvprpt"),  # their keystores are copied first
        *("awa", "awb"),
        *("pg1a", "pg1b"),
        *("rgra", "rgrb"),
        "vvb1",
    ]


def test_a_plan_of_one_server_lists_its_own_steps_and_those_of_whoever_must_trust_it(tmp_path: Path) -> None:
    planned = runbook(None, tmp_path / "out", example(tmp_path), "--plan", "--host=cvp1a.example.com")

    assert planned.exit_code == 0, planned.output
    steps: dict[str, list[str]] = {}
    plan = plan_of(tmp_path)
    for step in plan["steps"]:
        if any(work.get("changes") for work in step["work"]):
            steps.setdefault(step["host"].partition(".")[0], []).append(step["step"])
    assert steps == {
        "cvp1a": ["1.1.pre.2", "1.1.ii", "1.1.iii", "1.4.ii", "x2.3", "4.2", "1.4.iii", "x5.1"],
        "awa": ["1.2.c", "1.2.d", "x5.1"],
        "awb": ["1.2.c", "1.2.d", "x5.1"],
        "vvb1": ["x2.4"],
    }
    # Whose stores trust it outside the table is found there alone: rules say what would be brought to them.
    table, found = (
        [one for one in plan["steps"] if (one["step"][:4] in ("x1.5", "x1.6")) is way] for way in (False, True)
    )
    for others in ("cvp1b", "cvprpt", "rgra", "pg1a", "fin1"):
        assert others not in json.dumps(table)
    assert {one["host"].partition(".")[0] for one in found} >= {"cvp1a", "cvp1b", "cvprpt", "awa", "rgra"}
    assert all("rule" in work for one in found for work in one["work"])


def test_the_watch_for_sockets_sees_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, duo: SiteLab) -> None:
    seen = tmp_path / "sockets"
    monkeypatch.setenv("SOCKETS_SEEN", str(seen))

    runbook(duo, tmp_path / "out", "-m", "verify", "-p", "tests.runbook.socket_watch")

    assert "socket.connect" in seen.read_text(encoding="utf-8")


def test_a_plan_s_hash_stands_for_its_commands_and_its_site_but_not_for_the_change_s_name(tmp_path: Path) -> None:
    as_it_is = example(tmp_path / "as-it-is")
    runs = {
        "one": (as_it_is, "--change=A1"),
        "same": (as_it_is, "--change=B1"),
        "secret from elsewhere": (example(tmp_path / "secret", "PCCE_CVP_PASSWORD", "ANOTHER_VARIABLE"), "--change=A1"),
        "other validity": (example(tmp_path / "days", "validity_days: 1095", "validity_days: 730"), "--change=A1"),
        "other style": (as_it_is, "--import-style=documented"),
        "one step": (as_it_is, "runbook/section1/test_1_2_c_import_wsm_certificates.py"),
    }
    hashes = {}
    for name, (inventory, option) in runs.items():
        folder = tmp_path / name.replace(" ", "-")
        planned = runbook(None, folder, inventory, "--plan", option)
        assert planned.exit_code == 0, planned.output
        hashes[name] = plan_of(folder)["hash"]

    assert hashes["one"] == hashes["same"] == hashes["secret from elsewhere"]
    assert len(set(hashes.values())) == 4
