"""The plan: the same commands, unsent; and what is approved is what is sent."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.runbook.runs import ROOT, runbook
from tests.runbook.site_lab import DUO, SiteLab, site_lab

EXAMPLE = ROOT / "docs" / "inventory.example.yaml"


def plan_of(evidence: Path) -> dict[str, object]:
    """The newest plan below an evidence folder."""
    newest = max(evidence.rglob("plan.json"), key=lambda path: path.stat().st_mtime_ns)
    content: dict[str, object] = json.loads(newest.read_text(encoding="utf-8"))
    return content


def commands_of(plan: dict[str, object]) -> dict[str, list[str]]:
    """The changing commands of a plan, in order, by host."""
    found: dict[str, list[str]] = {}
    for step in plan["steps"]:  # type: ignore[attr-defined]
        for work in step["work"]:
            if work.get("changes"):
                found.setdefault(step["host"], []).append(work["text"])
    return found


def test_a_plan_opens_no_socket_and_reads_no_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = tmp_path / "sockets"
    monkeypatch.setenv("SOCKETS_SEEN", str(seen))
    monkeypatch.delenv("PCCE_WINDOWS_PASSWORD", raising=False)

    planned = runbook(None, tmp_path / "out", f"--inventory={EXAMPLE}", "--plan", "-p", "tests.runbook.socket_watch")

    assert planned.exit_code == 0, planned.output
    assert not seen.exists(), seen.read_text(encoding="utf-8")
    assert "Hash: " in planned.output
    assert "@sc stop" in planned.output
    assert len(commands_of(plan_of(tmp_path))) == 5


def test_the_watch_for_sockets_sees_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, duo: SiteLab) -> None:
    seen = tmp_path / "sockets"
    monkeypatch.setenv("SOCKETS_SEEN", str(seen))

    runbook(duo, tmp_path / "out", "-m", "verify", "-p", "tests.runbook.socket_watch")

    assert "socket.connect" in seen.read_text(encoding="utf-8")


def test_a_plan_s_hash_stands_for_its_commands_and_its_site_but_not_for_the_change_s_name(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    other = tmp_path / "other.yaml"
    other.write_text(text.replace("validity_days: 1095", "validity_days: 730"), encoding="utf-8")
    elsewhere = tmp_path / "elsewhere.yaml"
    elsewhere.write_text(text.replace("PCCE_CVP_PASSWORD", "ANOTHER_VARIABLE"), encoding="utf-8")
    runs = {
        "one": (EXAMPLE, "--change=A"),
        "same": (EXAMPLE, "--change=B"),
        "secret from elsewhere": (elsewhere, "--change=A"),
        "other validity": (other, "--change=A"),
        "other style": (EXAMPLE, "--import-style=documented"),
        "one step": (EXAMPLE, "runbook/section1/test_1_2_c_import_wsm_certificates.py"),
    }
    hashes = {}
    for name, (inventory, option) in runs.items():
        folder = tmp_path / name.replace(" ", "-")
        planned = runbook(None, folder, f"--inventory={inventory}", "--plan", option)
        assert planned.exit_code == 0, planned.output
        hashes[name] = plan_of(folder)["hash"]

    assert hashes["one"] == hashes["same"] == hashes["secret from elsewhere"]
    assert len(set(hashes.values())) == 4


def test_a_run_sends_the_changing_commands_of_its_plan_in_order(exchanged_duo: Path, tmp_path: Path) -> None:
    with site_lab(tmp_path, site=DUO, like=exchanged_duo) as lab:
        lab.edit_inventory(renew="all")
        planned = runbook(lab, tmp_path / "plan", "--change=P", "--plan")
        assert planned.exit_code == 0, planned.output
        plan = plan_of(tmp_path / "plan")
        seen = len(lab.audit())

        done = runbook(lab, tmp_path / "out", "--change=P", f"--approved-plan={plan['hash']}")

        assert done.exit_code == 0, done.output
        for fqdn, texts in commands_of(plan).items():
            sent = [line["text"] for line in lab.audit()[seen:] if line["host"] == fqdn and line["changed"]]
            sent = [text for text in sent if "runbook-lock" not in text]
            # What x5.1's rule expands to is stated as a rule: staging again, deleting, noting.
            ruled = re.compile(r"_old|runbook-tidied|\\base\\|\\part\\")
            assert [text for text in sent if text not in texts and not ruled.search(text)] == []
            order = iter(texts)
            assert all(text in order for text in dict.fromkeys(text for text in sent if text in texts))


def test_a_run_refuses_to_change_anything_when_its_plan_is_another(duo: SiteLab, tmp_path: Path) -> None:
    seen = len(duo.audit())

    refused = runbook(duo, tmp_path / "out", "--change=P", f"--approved-plan={'0' * 64}")

    assert refused.exit_code == 4
    assert "nothing was sent" in refused.output
    assert duo.audit()[seen:] == []
