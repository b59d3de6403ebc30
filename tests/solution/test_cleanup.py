"""Cleaning up after a change: what goes, what stays and until when, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.x509 import load_pem_x509_certificates

from tests.runbook.runs import Finished, runbook
from tests.runbook.site_lab import ADS, CVP, DUO, SiteLab, site_lab

BEFORE = r"%CVP_HOME%\conf\runbook-first\before\.keystore"
FOLDERS = {ADS: "C/Program Files (x86)/Java/jre1.8.0_221/lib/runbook-{}", CVP: "C/Cisco/CVP/conf/runbook-{}"}


def left(lab: SiteLab, change: str) -> set[str]:
    """The hosts on which a change's folder stands."""
    return {fqdn for fqdn, path in FOLDERS.items() if (lab.folder(fqdn) / path.format(change)).exists()}


def clean(lab: SiteLab, folder: Path, change: str, *options: str) -> Finished:
    return runbook(lab, folder / "out", "runbook/cleanup", f"--change={change}", *options)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of a lab on which change `first` has renewed everything and change `second` only brought trusts."""
    folder = tmp_path_factory.mktemp("done")
    with site_lab(folder, site=DUO) as lab:
        for change in ("first", "second"):
            run = runbook(lab, folder / "out", "runbook/section1", f"--change={change}")
            assert run.exit_code == 0, run.output
            lab.keytool(ADS, f"-delete -alias {CVP}")
            lab.keytool(CVP, f"-delete -alias {ADS}")
    return folder / "state"


@pytest.fixture
def duo(tmp_path: Path, done: Path) -> Iterator[SiteLab]:
    with site_lab(tmp_path, site=DUO, like=done) as lab:
        yield lab


def test_what_is_old_enough_and_stands_elsewhere_goes_and_nothing_else_changes(duo: SiteLab, tmp_path: Path) -> None:
    assert left(duo, "second") == {ADS, CVP}
    stores = {fqdn: duo.store_file(fqdn).read_bytes() for fqdn in (ADS, CVP)}

    young = clean(duo, tmp_path, "second", "--older-than=7")
    assert young.exit_code == 0, young.output
    assert left(duo, "second") == {ADS, CVP}
    until = f"{datetime.now(UTC) + timedelta(days=7):%Y-%m-%d}"
    assert young.said.count(f"not old enough yet; until {until}") == 2
    record = (tmp_path / "out/second/change-record.html").read_text(encoding="utf-8")
    assert record.count(f"not old enough yet; until {until}") == 2

    gone = clean(duo, tmp_path, "second", "--older-than=0")
    assert gone.exit_code == 0, gone.output
    assert left(duo, "second") == set()
    assert {fqdn: duo.store_file(fqdn).read_bytes() for fqdn in (ADS, CVP)} == stores
    record = (tmp_path / "out/second/change-record.html").read_text(encoding="utf-8")
    assert "not old enough" not in record
    again = clean(duo, tmp_path, "second", "--older-than=0")
    assert (again.exit_code, "nothing to do" in again.said) == (0, True), again.output


def test_the_last_copy_of_a_key_stays_until_its_certificate_has_expired(duo: SiteLab, tmp_path: Path) -> None:
    before = f'-storetype JCEKS -keystore "{BEFORE}" -storepass:env PW'
    listed = duo.type_in(CVP, rf'@"%CVP_HOME%\jre\bin\keytool.exe" -list -rfc {before}', PW=duo.store_password(CVP))
    old = load_pem_x509_certificates(listed.encode())
    assert all(one.not_valid_after_utc > datetime.now(UTC) for one in old)

    cleaned = clean(duo, tmp_path, "first", "--older-than=0")

    assert cleaned.exit_code == 0, cleaned.output
    assert left(duo, "first") == {CVP}  # the trust store has lost nothing that is not in the copy of `second`
    assert "the last copy of callserver_certificate, vxml_certificate, wsm_certificate" in cleaned.said
    assert f"until {max(one.not_valid_after_utc for one in old):%Y-%m-%d}" in cleaned.said


def test_another_file_of_the_copied_folder_stays_until_a_person_removes_it(duo: SiteLab, tmp_path: Path) -> None:
    (duo.folder(CVP) / FOLDERS[CVP].format("second") / "before/old.cer").write_text("once here", encoding="ascii")

    cleaned = clean(duo, tmp_path, "second", "--older-than=0")

    assert cleaned.exit_code == 0, cleaned.output
    assert left(duo, "second") == {CVP}
    assert "the last copy of old.cer; until a person removes it" in cleaned.said, cleaned.output


def test_a_change_that_is_not_finished_keeps_everything(duo: SiteLab, tmp_path: Path) -> None:
    duo.edit_inventory(renew="all")
    staged = runbook(duo, tmp_path / "out", "runbook/section1", "-m", "look or stage", "--change=half")
    assert staged.exit_code == 0, staged.output

    refused = clean(duo, tmp_path, "half", "--older-than=0")

    assert refused.exit_code == 1
    assert "found one that is not activated" in refused.said
    assert "take it back (pytest runbook/rollback" in refused.said
    assert left(duo, "half") == {ADS, CVP}


def test_a_plan_names_what_would_be_removed(duo: SiteLab, tmp_path: Path) -> None:
    planned = clean(duo, tmp_path, "second", "--older-than=0", "--plan")
    assert planned.exit_code == 0, planned.output
    plan = (tmp_path / "out/second/plan.html").read_text(encoding="utf-8")
    assert r"rmdir /s /q &#34;%CVP_HOME%\conf\runbook-%RUNBOOK_CHANGE%&#34;" in plan
    assert left(duo, "second") == {ADS, CVP}


@pytest.mark.parametrize(
    "paths, said",
    [
        (["runbook/cleanup"], "say how old what it removes must be: --older-than DAYS"),
        (["runbook/section1", "--older-than=3"], "--older-than: only with runbook/cleanup"),
        (["runbook/cleanup", "--older-than=-1"], "--older-than -1: a number of days from 0"),
        (["runbook/cleanup", "--older-than=nan"], "--older-than nan: a number of days from 0"),
    ],
)
def test_an_age_belongs_to_cleaning_up(tmp_path: Path, paths: list[str], said: str) -> None:
    refused = runbook(None, tmp_path / "out", *paths, "--change=K1")
    assert (refused.exit_code, said in refused.said) == (4, True), refused.output
    assert not (tmp_path / "out").exists()
