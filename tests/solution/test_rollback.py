"""The way back: to the bytes from before, as gently as the way there."""

from __future__ import annotations

from pathlib import Path

from tests.runbook.conftest import Renewed
from tests.runbook.kills import ROLLBACK, World, store_bytes
from tests.runbook.monitor import Monitor
from tests.runbook.runs import ROOT, Finished, runbook
from tests.runbook.site_lab import ADS, CVP, SiteLab


def test_the_way_back_is_not_collected_unless_it_is_named(tmp_path: Path) -> None:
    inventory = f"--inventory={ROOT / 'docs' / 'inventory.example.yaml'}"

    everything = runbook(None, tmp_path, inventory, "--change=X1", "--plan", "--collect-only", "-q")
    named = runbook(None, tmp_path, inventory, "--change=X1", "--plan", "--collect-only", "-q", ROLLBACK)

    assert "section1" in everything.output
    assert "rollback/test_" not in everything.output
    assert "rollback/test_r_3" in named.output


def test_a_finished_renewal_is_taken_back_without_breaking_a_trust(renewed_duo: Renewed, tmp_path: Path) -> None:
    lab, before = renewed_duo.lab, renewed_duo.before
    assert World.of(lab) != before

    with Monitor(lab) as monitor:
        back = runbook(lab, tmp_path / "out", ROLLBACK, "--change=K1")

    assert back.exit_code == 0, back.output
    assert World.of(lab) == before
    assert [edge for edge in monitor.broken if before.verdicts[edge]] == []
    assert len(monitor.presented[CVP]) == 2
    again = runbook(lab, tmp_path / "out", ROLLBACK, "--change=K1")
    assert again.exit_code == 0, again.output
    assert World.of(lab) == before


def test_one_host_of_two_goes_back_when_the_other_is_ready_for_it(renewed_duo: Renewed, tmp_path: Path) -> None:
    """Each host alone, as an engineer might choose: what is not ready is named, and no trust that works is ended."""
    lab, before, left = renewed_duo.lab, renewed_duo.before, World.of(renewed_duo.lab)

    def only(host: str) -> Finished:
        return runbook(lab, tmp_path / host, ROLLBACK, "--change=K1", "-k", host)

    early = only("cvpa")
    assert early.exit_code == 1
    assert f"Run step r.2 for {ADS} first" in early.said
    assert World.of(lab) == left

    half = only("awa")  # it trusts the old certificate again, and keeps the new one
    assert half.exit_code == 1
    assert f"Run step r.3 for {CVP} first" in half.said
    assert World.of(lab).verdicts == left.verdicts

    exporter = only("cvpa")
    assert exporter.exit_code == 0, exporter.output
    assert store_bytes(lab)[CVP] == before.stores[CVP]
    assert World.of(lab).verdicts == before.verdicts

    importer = only("awa")
    assert importer.exit_code == 0, importer.output
    assert World.of(lab) == before


def test_before_activation_only_staged_copies_go(duo: SiteLab, tmp_path: Path) -> None:
    duo.edit_inventory(renew="all")
    before = store_bytes(duo)
    staged = runbook(duo, tmp_path / "out", "-m", "look or stage", "--change=S1")
    assert staged.exit_code == 0, staged.output
    seen = len(duo.audit())

    back = runbook(duo, tmp_path / "out", ROLLBACK, "--change=S1")

    assert back.exit_code == 0, back.output
    assert store_bytes(duo) == before
    changed = [line["text"] for line in duo.audit()[seen:] if line["changed"] and "runbook-lock" not in line["text"]]
    assert len(changed) == 2
    assert all(text.startswith("@del /f /q") for text in changed)
    assert not [line for line in duo.audit()[seen:] if line["changed_services"]]


def test_a_store_that_somebody_else_has_changed_keeps_their_entry(renewed_duo: Renewed, tmp_path: Path) -> None:
    lab, before = renewed_duo.lab, renewed_duo.before
    for fqdn in (ADS, CVP):
        lab.keytool(fqdn, "-genkeypair -alias theirs -keyalg RSA -dname CN=theirs -keypass:env PW")

    back = runbook(lab, tmp_path / "out", ROLLBACK, "--change=K1")

    assert back.exit_code == 0, back.output
    assert "only the entries of this change are undone" in back.said
    after = World.of(lab)
    for fqdn in (ADS, CVP):
        assert after.entries[fqdn].pop("theirs")
    assert after.entries == before.entries
    assert after.verdicts == before.verdicts
    assert len(lab.keys(CVP)) == 4  # all of them open


def test_a_change_that_no_host_knows_is_not_taken_back(duo: SiteLab, tmp_path: Path) -> None:
    mistyped = runbook(duo, tmp_path / "out", ROLLBACK, "--change=frist")

    assert mistyped.exit_code == 1
    assert "change frist: copy from before: expected on some host, found on none" in mistyped.said
