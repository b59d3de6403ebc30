"""An update of Java writes a new cacerts: it is told what was lost, and one command brings it there again."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.runbook.runs import runbook
from tests.runbook.site_lab import SiteLab, site_lab

AWA, CVPS = "awa.two.example", ("cvpa.two.example", "cvpb.two.example")
SITE = """
site: two
release: "12.5(1)"
certificate:
  {organizational_unit: Contact Center, organization: Two, locality: San Jose, state: California, country: US,
   validity_days: 1095, san: required, renew: needed, renew_below_days: 180}
credentials: {windows: {username: 'LAB\\runbook'}, cvp_local: {username: administrator}}
role_credentials: {cvp: cvp_local}
hosts:
  - {fqdn: awa.two.example, role: ads, side: A, principal: true}
  - {fqdn: cvpa.two.example, role: cvp, side: A, also_trusted_by: []}
  - {fqdn: cvpb.two.example, role: cvp, side: B, also_trusted_by: []}
"""


def update_java(lab: SiteLab, new: Path) -> None:
    shutil.copyfile(new, lab.store_file(AWA))
    lab.restart(AWA, "Tomcat9")


def test_what_an_update_of_java_has_lost_is_told_and_brought_again(tmp_path: Path) -> None:
    with site_lab(tmp_path / "lab", site=SITE) as lab:
        shutil.copyfile(lab.store_file(AWA), tmp_path / "as delivered")
        first = runbook(lab, tmp_path / "out", "--change=first")
        assert first.exit_code == 0, first.output
        held = lab.entries(AWA)

        update_java(lab, tmp_path / "as delivered")
        night = runbook(lab, tmp_path / "night", "-m", "verify")
        assert night.exit_code == 1, night.output
        lost = ", ".join([*CVPS, f"{AWA}_iis", f"{AWA}_dfp"])
        told = f"{AWA} cacerts: certificates of other servers: expected 4: {lost}, found none of them: the store is new"
        assert night.said.count(told) == 2  # where the step failed, and in the summary

        seen, keys = len(lab.audit()), {cvp: lab.entries(cvp)["wsm_certificate"] for cvp in CVPS}
        again = runbook(lab, tmp_path / "out", "-k", "import", "--change=java")
        assert again.exit_code == 0, again.output
        assert lab.entries(AWA) == held
        assert {host for host, _ in lab.restarts(seen)} == {"awa"}
        assert {cvp: lab.entries(cvp)["wsm_certificate"] for cvp in CVPS} == keys

        later = runbook(lab, tmp_path / "later", "-m", "verify")
        assert later.exit_code == 0, later.output
