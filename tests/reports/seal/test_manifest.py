"""The manifest of a change's folder: sha256sum's own format, and what it said before stays provable."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.seal import manifest
from reports.seal.manifest import ManifestError
from tests.fixtures.beats import beat_of

HASH = "0" * 64
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The folder of a change with one run."""
    folder = tmp_path / "CHG0012345"
    (folder / "runs" / "1-change").mkdir(parents=True)
    (folder / "runs" / "1-change" / "junit.xml").write_text("<a/>", encoding="utf-8")
    (folder / "summary.txt").write_text("all well\n", encoding="utf-8")
    return folder


def covered(folder: Path) -> list[str]:
    return sorted(manifest.parse((folder / manifest.NAME).read_bytes()))


def test_every_file_is_in_it_but_itself(site: Path) -> None:
    written = manifest.write(site, own="1-change")
    assert covered(site) == ["runs/1-change/junit.xml", "summary.txt"]
    assert (written.files, written.differing) == (2, ())
    assert not list(site.glob("*.new"))


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="there is no sha256sum here")
def test_sha256sum_checks_it(site: Path) -> None:
    for name in ("an odd näme", *([] if os.name == "nt" else ["back\\slash", "two\nlines", " blank"])):
        (site / name).write_text(name, encoding="utf-8")
    manifest.write(site)
    check = ["sha256sum", "--check", "--strict", "--quiet", manifest.NAME]
    assert subprocess.run(check, cwd=site, capture_output=True, check=False).returncode == 0
    (site / " blank").write_text("another", encoding="utf-8")
    assert subprocess.run(check, cwd=site, capture_output=True, check=False).returncode == 1


def test_what_it_said_before_is_kept(site: Path) -> None:
    manifest.write(site)
    first = (site / manifest.NAME).read_bytes()
    (site / "summary.txt").write_text("another\n", encoding="utf-8")
    (site / "runs" / "2-change").mkdir()
    (site / "runs" / "2-change" / "junit.xml").touch()
    assert manifest.write(site).differing == ()
    second = (site / manifest.NAME).read_bytes()
    manifest.write(site)
    kept = {path.name: path.read_bytes() for path in (site / "manifests").iterdir()}
    assert kept == {"1-change.sha256": first, "2-change.sha256": second}
    assert {"manifests/1-change.sha256", "manifests/2-change.sha256"} < {*covered(site)}
    manifest.write(site)
    assert (site / "manifests" / "2-change-2.sha256").exists()


def test_what_an_earlier_run_left_must_not_change(site: Path) -> None:
    (site / "runs" / "1-change" / "journal-1.jsonl").touch()
    manifest.write(site)
    (site / "runs" / "1-change" / "junit.xml").write_text("<b/>", encoding="utf-8")
    (site / "runs" / "1-change" / "journal-1.jsonl").unlink()
    differing = manifest.write(site).differing
    assert [one.line for one in differing] == [
        "removed: runs/1-change/journal-1.jsonl",
        "altered: runs/1-change/junit.xml",
    ]


def test_a_damaged_manifest_is_kept_too(site: Path) -> None:
    (site / manifest.NAME).write_bytes(b"nonsense")
    assert manifest.write(site).differing == ()
    assert (site / "manifests" / "unknown.sha256").read_bytes() == b"nonsense"


@pytest.mark.skipif("sys.platform == 'win32'", reason="there a process cannot be asked for")
def test_another_run_that_is_at_work_is_left_out(site: Path) -> None:
    run = site / "runs" / "2-change"
    run.mkdir()
    (run / f"journal-{os.getpid()}.jsonl").touch()
    beat_of(run, 0)
    manifest.write(site, own="1-change")
    assert covered(site) == ["runs/1-change/junit.xml", "summary.txt"]
    manifest.write(site, own="2-change")
    assert f"runs/2-change/journal-{os.getpid()}.jsonl" in covered(site)
    beat_of(run, 60)
    manifest.write(site)
    assert "runs/2-change/heartbeat" in covered(site)


@pytest.mark.skipif("sys.platform == 'win32'", reason="a link needs rights there")
def test_a_linked_folder_is_seen_and_not_followed(site: Path, tmp_path: Path) -> None:
    (site / "more").symlink_to(tmp_path)
    assert manifest.files_of(site) == ["more", "runs/1-change/junit.xml", "summary.txt"]
    manifest.write(site)
    assert "more" not in covered(site)


@given(st.dictionaries(NAMES, st.sampled_from([HASH, "0123456789abcdef" * 4]), max_size=8))
def test_any_name_can_be_written_and_read(hashes: dict[str, str]) -> None:
    assert manifest.parse(manifest.text_of(hashes)) == hashes


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"nonsense\n", 1),
        (f"{HASH}  a\n{HASH} a\n".encode(), 2),
        (f"{HASH}  a\n{HASH}  b".encode(), 2),
        (f"{HASH[1:]}  a\n".encode(), 1),
        (f"{HASH.replace('0', 'A')}  a\n".encode(), 1),
        (f"{HASH}  a\n\n".encode(), 2),
    ],
)
def test_what_is_no_manifest_is_refused(text: bytes, line: int) -> None:
    with pytest.raises(ManifestError, match=f"line {line} is not a line of a manifest"):
        manifest.parse(text)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(text: bytes) -> None:
    with contextlib.suppress(ManifestError):
        manifest.parse(text)
