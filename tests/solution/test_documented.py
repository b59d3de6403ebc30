"""The documents' own import lines leave what a batch leaves."""

from __future__ import annotations

from pathlib import Path

from tests.runbook.runs import runbook
from tests.runbook.site_lab import ADS, CVP, DUO, SiteLab, site_lab


def remove_imports(lab: SiteLab) -> None:
    """Make the exchange incomplete by hand, without touching the certificates themselves."""
    lab.keytool(ADS, f"-delete -alias {CVP}")
    lab.keytool(CVP, f"-delete -alias {ADS}")
    lab.restart(ADS, "Tomcat9")
    lab.restart(CVP, "callserver", "vxmlserver", "WebServicesManager")


def test_batched_and_documented_imports_leave_the_same_entries(exchanged_duo: Path, tmp_path: Path) -> None:
    entries = []
    for style in ("batch", "documented"):
        with site_lab(tmp_path / style, site=DUO, like=exchanged_duo) as lab:
            remove_imports(lab)
            incomplete = {fqdn: lab.entries(fqdn) for fqdn in lab.hosts}
            done = runbook(lab, tmp_path / style / "out", f"--change={style}", f"--import-style={style}")
            assert done.exit_code == 0, done.output
            entries.append({fqdn: lab.entries(fqdn) for fqdn in lab.hosts})
            assert entries[-1] != incomplete

    assert entries[0] == entries[1]


def test_documented_imports_replace_an_older_certificate_under_the_alias(duo: SiteLab, tmp_path: Path) -> None:
    duo.edit_inventory(renew="all")
    before = duo.entries(ADS)[CVP]

    done = runbook(duo, tmp_path / "out", "--change=documented", "--import-style=documented")

    assert done.exit_code == 0, done.output
    after = duo.entries(ADS)
    assert after[CVP] == duo.entries(CVP)["wsm_certificate"] != before
    assert before not in after.values()
