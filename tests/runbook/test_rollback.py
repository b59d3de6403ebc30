"""The way back: to the bytes from before, as gently as the way there."""

from __future__ import annotations

from pathlib import Path

from tests.runbook.probes import Monitor
from tests.runbook.runs import ROOT, runbook
from tests.runbook.site_lab import ADS, CVP, SiteLab

ROLLBACK = "runbook/rollback"


def store_bytes(lab: SiteLab) -> dict[str, bytes]:
    """Every live store."""
    return {fqdn: lab.store_file(fqdn).read_bytes() for fqdn in lab.hosts}


def test_the_way_back_is_not_collected_unless_it_is_named(tmp_path: Path) -> None:
    inventory = f"--inventory={ROOT / 'docs' / 'inventory.example.yaml'}"

    everything = runbook(None, tmp_path, inventory, "--change=X", "--plan", "--collect-only", "-q")
    named = runbook(None, tmp_path, inventory, "--change=X", "--plan", "--collect-only", "-q", ROLLBACK)

    assert "section1" in everything.output
    assert "rollback/" not in everything.output
    assert "rollback/test_r_3" in named.output


def test_a_finished_renewal_is_taken_back_without_breaking_a_trust(duo: SiteLab, tmp_path: Path) -> None:
    duo.edit_inventory(renew="all")
    before = store_bytes(duo)
    done = runbook(duo, tmp_path / "out", "--change=R")
    assert done.exit_code == 0, done.output
    assert store_bytes(duo) != before

    with Monitor(duo) as monitor:
        back = runbook(duo, tmp_path / "out", ROLLBACK, "--change=R")

    assert back.exit_code == 0, back.output
    assert store_bytes(duo) == before
    assert dict(monitor.broken) == {}
    assert len(monitor.presented[CVP]) == 2
    again = runbook(duo, tmp_path / "out", ROLLBACK, "--change=R")
    assert again.exit_code == 0, again.output
    assert store_bytes(duo) == before


def test_before_activation_only_staged_copies_go(duo: SiteLab, tmp_path: Path) -> None:
    duo.edit_inventory(renew="all")
    before = store_bytes(duo)
    staged = runbook(duo, tmp_path / "out", "-m", "look or stage", "--change=S")
    assert staged.exit_code == 0, staged.output
    seen = len(duo.audit())

    back = runbook(duo, tmp_path / "out", ROLLBACK, "--change=S")

    assert back.exit_code == 0, back.output
    assert store_bytes(duo) == before
    changed = [line["text"] for line in duo.audit()[seen:] if line["changed"] and "runbook-lock" not in line["text"]]
    assert len(changed) == 2
    assert all(text.startswith("@del /f /q") for text in changed)
    assert not [line for line in duo.audit()[seen:] if line["changed_services"]]


def test_a_store_that_somebody_else_has_changed_keeps_their_entry(duo: SiteLab, tmp_path: Path) -> None:
    duo.edit_inventory(renew="all")
    before = {fqdn: duo.entries(fqdn) for fqdn in duo.hosts}
    done = runbook(duo, tmp_path / "out", "--change=E")
    assert done.exit_code == 0, done.output
    duo.keytool(ADS, "-genkeypair -alias theirs -keyalg RSA -dname CN=theirs -keypass:env PW")

    back = runbook(duo, tmp_path / "out", ROLLBACK, "--change=E")

    assert back.exit_code == 0, back.output
    assert "only the entries of this change are undone" in back.said
    after = duo.entries(ADS)
    assert "theirs" in after
    assert {alias: one for alias, one in after.items() if alias != "theirs"} == before[ADS]
    assert duo.entries(CVP) == before[CVP]


def test_a_change_that_no_host_knows_is_not_taken_back(duo: SiteLab, tmp_path: Path) -> None:
    mistyped = runbook(duo, tmp_path / "out", ROLLBACK, "--change=frist")

    assert mistyped.exit_code == 1
    assert "change frist: copy from before: expected on some host, found on none" in mistyped.said
