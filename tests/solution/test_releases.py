"""Every release an inventory may name, and a site in the middle of an upgrade that has all of them: there and back."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.runbook.conftest import verify
from tests.runbook.kills import ROLLBACK
from tests.runbook.runs import runbook
from tests.runbook.site_lab import SiteLab, site_lab
from tests.runbook.whole import whole
from tests.solution.watched import LONG, held, untrusting

RELEASES = ("12.5(1)", "12.5(2)", "12.6(1)", "12.6(2)", "15.0(1)")
SITE = """
site: any-release
release: "{release}"
certificate:
  {{organizational_unit: Contact Center, organization: Example, locality: San Jose, state: California, country: US,
   validity_days: 1095, san: required, renew: needed, renew_below_days: 180}}
credentials:
  windows: {{username: 'EXAMPLE\\runbook'}}
  cvp_local: {{username: administrator}}
  vos: {{username: administrator}}
role_credentials: {{cvp: cvp_local, cvp_reporting: cvp_local}}
hosts:
{hosts}web_services:
  - {{fqdn: crm.any.example, signed_by: self}}
"""
HOSTS = """\
  - {fqdn: awa.any.example, role: ads, side: A, principal: true}
  - {fqdn: pg1a.any.example, role: pg, side: A, cucm_pg: true, tomcat: true}
  - {fqdn: cvpa.any.example, role: cvp, side: A, also_trusted_by: []}
  - {fqdn: cvpb.any.example, role: cvp, side: B, also_trusted_by: [], java_options: secure_jmx}
  - {fqdn: studio.any.example, role: call_studio, side: A}
  - {fqdn: ucm.any.example, role: cucm, node: publisher}
  - {fqdn: live.any.example, role: live_data, node: publisher}
"""
UPGRADING = """\
  - {fqdn: awa.any.example, role: ads, side: A, principal: true}
  - {fqdn: awb.any.example, role: ads, side: B, release: "12.6(1)", icm: 'C:\\Cisco\\icm'}
  - {fqdn: aw2b.any.example, role: ads, side: B, release: "15.0(1)"}
  - {fqdn: rtr.any.example, role: router, side: A, release: "12.5(2)", tomcat: true}
  - {fqdn: hds.any.example, role: hds, side: B, release: "12.5(1)", tomcat: true}
  - {fqdn: pg1a.any.example, role: pg, side: A, cucm_pg: true, tomcat: true, release: "12.5(1)", openjdk: true}
  - {fqdn: pg1b.any.example, role: pg, side: B, cucm_pg: true, release: "15.0(1)"}
  - {fqdn: cvpa.any.example, role: cvp, side: A, also_trusted_by: [], release: "12.5(1)", java_options: stock}
  - {fqdn: cvp2a.any.example, role: cvp, side: A, also_trusted_by: [], release: "12.5(2)", java_options: secure_jmx}
  - {fqdn: cvpb.any.example, role: cvp, side: B, also_trusted_by: [], release: "15.0(1)"}
  - {fqdn: cvprpt.any.example, role: cvp_reporting, side: A, release: "12.6(1)"}
  - {fqdn: studio.any.example, role: call_studio, side: A}
  - {fqdn: ucm.any.example, role: cucm, node: publisher, release: "15.0(1)"}
  - {fqdn: live.any.example, role: live_data, node: publisher, release: "12.6(1)"}
"""
SITES = {name: SITE.format(release=name, hosts=HOSTS) for name in RELEASES}
SITES["an upgrade under way"] = SITE.format(release="12.6(2)", hosts=UPGRADING)


def there_and_back(lab: SiteLab, folder: Path) -> None:
    """Exchanged, verified by a run and by a client of its own, and taken back to the bytes from before."""
    before = held(lab)
    done = runbook(lab, folder / "out", "--change=R1", within=LONG)
    assert done.exit_code == 0, done.output
    assert untrusting(lab, whole(lab)) == []
    assert set(Counter(lab.restarts()).values()) == {1}
    night = verify(lab, folder / "out")
    assert night.exit_code == 0, night.output
    back = runbook(lab, folder / "out", ROLLBACK, "--change=R1", within=LONG)
    assert back.exit_code == 0, back.output
    assert held(lab) == before


@pytest.mark.parametrize("name", SITES)
def test_a_site_is_exchanged_verified_and_taken_back(tmp_path: Path, name: str) -> None:
    with site_lab(tmp_path, site=SITES[name]) as lab:
        there_and_back(lab, tmp_path)
