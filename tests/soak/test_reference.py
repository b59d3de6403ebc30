"""Renewing everything of a whole solution and taking it back: every trust that works is watched all the time.

About two and a half minutes on two idle cores. A smaller site goes the same way in `tests/solution/test_two_sides.py`.
"""

from __future__ import annotations

from pathlib import Path

from tests.runbook.kills import ROLLBACK
from tests.runbook.monitor import Monitor
from tests.runbook.runs import Finished, runbook
from tests.runbook.site_lab import JRE, SiteLab, site_lab
from tests.runbook.whole import whole

LONG = 900  # seconds


def held(lab: SiteLab) -> dict[str, bytes]:
    """Every live store, and every entry of the VVBs' trust lists."""
    stores = {fqdn: lab.store_file(fqdn).read_bytes() for fqdn in lab.keepers}
    stores |= {f"{fqdn}/jre": lab.store_file(fqdn, JRE).read_bytes() for fqdn in lab.of_role("cvp", "cvp_reporting")}
    return stores | {f"{vvb}/{name}": pem for vvb in lab.of_role("vvb") for name, pem in lab.trust_list(vvb).items()}


def watched(lab: SiteLab, evidence: Path, *arguments: str) -> Finished:
    """A run before which every trust works, and during and after which it does."""
    with Monitor(lab, whole(lab)) as monitor:
        assert monitor.worked == set(monitor.edges)
        finished = runbook(lab, evidence, *arguments, within=LONG)
    assert finished.exit_code == 0, finished.output
    assert dict(monitor.broken) == {}
    assert dict(monitor.alone) == {}
    assert min(monitor.tries.values()) > 20
    for cvp in lab.of_role("cvp"):
        assert len(monitor.presented[cvp]) == 4  # WSM, and one for the VXML and CallServer: old and new
    return finished


def test_everything_is_renewed_and_taken_back_without_breaking_a_trust(tmp_path: Path) -> None:
    with site_lab(tmp_path, site="reference") as lab:
        first = runbook(lab, tmp_path / "out", "--change=CHG-1", within=LONG)
        assert first.exit_code == 0, first.output
        before = held(lab)
        lab.edit_inventory(renew="all")

        watched(lab, tmp_path / "out", "--change=CHG-2")
        assert held(lab) != before
        watched(lab, tmp_path / "out", ROLLBACK, "--change=CHG-2")

        assert held(lab) == before
