"""Runs of single steps, and what is refused before anything is sent."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.runbook.runs import example, runbook
from tests.runbook.site_lab import ADS, CVP, SiteLab


def test_without_a_change_id_nothing_is_sent_and_the_ways_on_are_named(duo: SiteLab, tmp_path: Path) -> None:
    seen = len(duo.audit())

    refused = runbook(duo, tmp_path / "out")

    assert refused.exit_code == 4
    assert "--change ID" in refused.output
    assert "-m verify" in refused.output
    assert duo.audit()[seen:] == []


@pytest.mark.parametrize(
    "path, needs",
    [
        ("runbook/section1/test_1_1_ii_delete_old_certificates.py", "Run step 1.1.pre.2 first."),
        ("runbook/section1/test_1_1_iii_generate_certificates.py", "Run step 1.1.pre.2 first."),
    ],
)
def test_a_step_says_which_step_must_run_first(duo: SiteLab, tmp_path: Path, path: str, needs: str) -> None:
    duo.edit_inventory(renew="all")

    stopped = runbook(duo, tmp_path / "out", path, "--change=alone")

    assert stopped.exit_code == 1
    assert needs in stopped.output
    assert "Traceback" not in stopped.output


def test_activating_an_exporter_whose_importers_are_not_ready_stops_and_names_the_step(
    duo: SiteLab, tmp_path: Path
) -> None:
    duo.edit_inventory(renew="all")
    steps = ("1_1_pre_2_copy_security_folder", "1_1_ii_delete_old_certificates", "1_1_iii_generate_certificates")
    paths = [f"runbook/section1/test_{step}.py" for step in (*steps, "1_4_iii_activate_cvp")]
    before = duo.entries(CVP)

    stopped = runbook(duo, tmp_path / "out", *paths, "--change=alone")

    assert stopped.exit_code == 1
    assert f"trust of {ADS}, which works now" in stopped.output
    assert "Run step 1.2.c" in stopped.output
    assert duo.entries(CVP) == before


def test_the_order_of_the_paths_does_not_matter(tmp_path: Path) -> None:
    backwards = ("runbook/section5", "runbook/section1", "runbook/section0")

    done = runbook(None, tmp_path / "out", *backwards, example(tmp_path), "--plan", "-v")

    assert done.exit_code == 0, done.output
    names = (
        "test_login",
        "test_generate",
        "test_activate_ads",
        "test_activate_cvp",
        "test_verify_trust",
        "test_remove_superseded",
    )
    places = [done.output.index(name) for name in names]
    assert places == sorted(places)


def test_a_failed_step_blocks_every_later_change_and_verification_still_runs(duo: SiteLab, tmp_path: Path) -> None:
    duo.edit_inventory(renew="all")
    # A live store that is no longer what was copied: somebody else was at work after the staging.
    staged = runbook(duo, tmp_path / "out", "runbook/section1", "-m", "look or stage", "--change=disturbed")
    assert staged.exit_code == 0, staged.output
    duo.keytool(ADS, f"-changealias -alias {CVP} -destalias somebody-else")
    before = {fqdn: duo.entries(fqdn) for fqdn in duo.hosts}

    blocked = runbook(duo, tmp_path / "out", "--change=disturbed")

    assert blocked.exit_code == 1
    assert "blocked" in blocked.output
    assert {fqdn: duo.entries(fqdn) for fqdn in duo.hosts} == before
    assert "v1.trust" in blocked.output


def test_renewing_what_a_vvb_trusts_stops_before_activation_and_names_the_missing_step(
    duo: SiteLab, tmp_path: Path
) -> None:
    content = yaml.safe_load(duo.inventory_file.read_text(encoding="utf-8"))
    content["certificate"]["renew"] = "all"
    content["ssh"] = {"known_hosts": "known_hosts"}
    content["credentials"]["vos"] = content["credentials"]["windows"]
    nobody_there = {"address": "127.0.0.1", "ports": {"ssh": 9, "tomcat": 9}}
    content["hosts"].append(
        {"fqdn": "vvb1.duo.example", "role": "vvb", "node": "publisher", "side": "A", "trusts": ["sip"], **nobody_there}
    )
    duo.inventory_file.write_text(yaml.safe_dump(content), encoding="utf-8")
    before = duo.entries(CVP)

    stopped = runbook(duo, tmp_path / "out", "runbook/section1", "--change=vvb")

    assert stopped.exit_code == 1
    assert "trust of vvb1.duo.example: expected step x2.4" in stopped.output
    assert duo.entries(CVP) == before


def test_a_staged_copy_that_does_not_open_never_goes_live(duo: SiteLab, tmp_path: Path) -> None:
    duo.edit_inventory(renew="all")
    staged = runbook(duo, tmp_path / "out", "-m", "look or stage", "--change=broken")
    assert staged.exit_code == 0, staged.output
    copy = duo.folder(CVP) / "C/Cisco/CVP/conf/runbook-broken/staged/.keystore"
    copy.write_bytes(copy.read_bytes()[:700])
    before = duo.store_file(CVP).read_bytes()

    stopped = runbook(duo, tmp_path / "out", "runbook/section1/test_1_4_iii_activate_cvp.py", "--change=broken")

    assert stopped.exit_code == 1
    assert "expected a store that opens, found a broken file" in stopped.said
    assert duo.store_file(CVP).read_bytes() == before


def test_a_torn_copy_that_no_step_makes_anew_is_removed(duo: SiteLab, tmp_path: Path) -> None:
    duo.edit_inventory(renew="all")
    done = runbook(duo, tmp_path / "out", "runbook/section1", "--change=torn")
    assert done.exit_code == 0, done.output
    copy = duo.folder(CVP) / "C/Cisco/CVP/conf/runbook-torn/staged/.keystore"
    assert not copy.exists()
    whole = duo.store_file(CVP).read_bytes()
    copy.write_bytes(whole[:700])  # as a keytool of step x5.1 leaves it that is killed

    again = runbook(duo, tmp_path / "out", "runbook/section1", "--change=torn")

    assert again.exit_code == 0, again.output
    assert not copy.exists()
    assert duo.store_file(CVP).read_bytes() == whole
