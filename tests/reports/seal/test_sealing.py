"""The last that is done to evidence: a secret in it fails the run and is set aside; then it is sealed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from fixtures.secrets.leak_hooks import Leak, Searched, Unsearched
from fixtures.secrets.unpacking import Why
from reports import allure, verify
from reports.pages.wording import languages, words
from reports.seal import manifest, set_aside
from reports.seal.sealing import seal
from tests.reports import fake_steps
from tests.reports.fake_steps import SECRET
from tests.reports.keys import key_pair
from tests.reports.test_run import FIRST, start

STEP = ("-k", "1_1_iii")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "out" / "CHG0012345"
    (folder / "runs" / FIRST).mkdir(parents=True)
    (folder / "runs" / FIRST / "junit.xml").write_text("hunter22", encoding="utf-8")
    (folder / "summary.txt").write_text("all well\n", encoding="utf-8")
    return folder


def finding(
    *leaks: Leak, short: tuple[str, ...] = (), beyond: tuple[Unsearched, ...] = ()
) -> Callable[[Path, Sequence[str]], Searched]:
    def look(folder: Path, files: Sequence[str]) -> Searched:
        assert files == manifest.files_of(folder, FIRST)
        return Searched(leaks, short, beyond)

    return look


LEAK = Leak(f"runs/{FIRST}/junit.xml", f"runs/{FIRST}/junit.xml", ("credential windows",))


def test_clean_evidence_is_sealed_and_nothing_else_is_said(site: Path) -> None:
    sealed = seal(site, own=FIRST, look=finding())
    assert (sealed.bad, sealed.failed) == ([], False)
    assert sealed.where == [f"Manifest (2 files): {site / 'manifest.sha256'}"]


def test_a_file_with_a_secret_is_set_aside_before_the_manifest_is_made(site: Path) -> None:
    sealed = seal(site, own=FIRST, look=finding(LEAK))
    assert sealed.failed
    place = f".set-aside/CHG0012345/{FIRST}"
    said = f"runs/{FIRST}/junit.xml holds credential windows; it was set aside"
    assert sealed.bad == [
        "Secrets were in the evidence. Find out how they came there, and change them:",
        said,
        f"What was set aside lies in {site.parent / place}, outside the evidence.",
    ]
    assert (site.parent / place / "runs" / FIRST / "junit.xml").read_text(encoding="utf-8") == "hunter22"
    assert (site.parent / ".set-aside").stat().st_mode & 0o777 in (0o700, 0o777)  # the latter on Windows
    assert (site / "set-aside.txt").read_text(encoding="utf-8") == f"{FIRST}: {said}\n"
    assert sorted(manifest.parse((site / "manifest.sha256").read_bytes())) == ["set-aside.txt", "summary.txt"]
    assert verify.verify(site).differing == []


def test_many_files_are_told_in_a_few_lines(site: Path) -> None:
    names = [f"runs/{FIRST}/{number}.txt" for number in range(9)]
    for name in names:
        (site / name).touch()
    bad = seal(site, own=FIRST, look=finding(*(Leak(name, name, ("credential windows",)) for name in names))).bad
    assert bad[6] == "and 4 more files: see set-aside.txt"
    assert (site / "set-aside.txt").read_text(encoding="utf-8").count("credential windows; it was set aside\n") == 9


def test_what_is_set_aside_is_not_told_as_missing_too(site: Path) -> None:
    seal(site, own=FIRST, look=finding())
    sealed = seal(site, own=FIRST, look=finding(LEAK))
    assert len(sealed.bad) == 3


def test_evidence_of_an_earlier_run_that_changed_is_told(site: Path) -> None:
    seal(site, own=FIRST, look=finding())
    (site / "runs" / FIRST / "junit.xml").write_text("<a/>", encoding="utf-8")
    sealed = seal(site)
    assert sealed.bad == ["Evidence of earlier runs is not as they left it:", f"altered: runs/{FIRST}/junit.xml"]
    assert not sealed.failed


def test_a_file_that_cannot_be_moved_keeps_the_manifest_from_being_made(site: Path) -> None:
    (site.parent / set_aside.FOLDER).touch()
    sealed = seal(site, own=FIRST, look=finding(LEAK))
    assert sealed.failed
    assert "remove it from the evidence yourself" in sealed.bad[1]
    assert sealed.bad[-1] == "manifest.sha256 not made: a secret is still there"
    assert not (site / "manifest.sha256").exists()


FILE = f"runs/{FIRST}/junit.xml"
BEYOND = Unsearched(FILE, FILE, Why.LARGE)
SAID = {
    "en": "{} could not be searched for secrets (it unpacks to more than is searched); it was set aside",
    "ja": (
        "{} に機密情報が含まれていないかを検索できませんでした（展開後の大きさが、検索する上限を超えています）。"
        "隔離しました"
    ),
    "zh": "无法在 {} 中搜索机密（解包后的大小超过搜索的上限）；已移出",
}


@pytest.mark.parametrize("language, said", SAID.items(), ids=SAID)
def test_a_file_beyond_the_bounds_is_set_aside_and_said_and_the_rest_is_sealed(
    site: Path, language: str, said: str
) -> None:
    sealed = seal(site, own=FIRST, look=finding(beyond=(BEYOND,)), say=words(language))
    assert (sealed.failed, sealed.leaked) == (True, False)
    assert sealed.bad[1] == said.format(FILE)
    assert len(sealed.bad) == 3
    assert (site / "set-aside.txt").read_text(encoding="utf-8") == f"{FIRST}: {said.format(FILE)}\n"
    assert (site.parent / f".set-aside/CHG0012345/{FIRST}/runs/{FIRST}/junit.xml").exists()
    assert sorted(manifest.parse((site / "manifest.sha256").read_bytes())) == ["set-aside.txt", "summary.txt"]
    assert verify.verify(site).differing == []


def test_every_reason_has_its_words() -> None:
    for language in languages():
        assert len({words(language)(f"seal.why.{why}") for why in Why}) == len(Why)


def test_one_that_cannot_be_moved_either_keeps_no_manifest_from_being_made(site: Path) -> None:
    (site.parent / set_aside.FOLDER).touch()
    sealed = seal(site, own=FIRST, look=finding(beyond=(BEYOND,)))
    assert sealed.failed
    assert "remove it from the evidence yourself" in sealed.bad[1]
    assert f"runs/{FIRST}/junit.xml" in manifest.parse((site / "manifest.sha256").read_bytes())


def test_a_manifest_is_made_though_memory_ends(site: Path) -> None:
    def look(_folder: Path, _files: Sequence[str]) -> Searched:
        raise MemoryError

    sealed = seal(site, own=FIRST, look=look)
    assert sealed.failed
    assert sealed.bad == ["The evidence could not be searched for secrets: MemoryError"]
    assert (site / "manifest.sha256").exists()


def test_a_search_that_fails_fails_the_run(site: Path) -> None:
    def look(_folder: Path, _files: Sequence[str]) -> Searched:
        raise PermissionError(13, "Permission denied", "junit.xml")

    sealed = seal(site, own=FIRST, look=look)
    assert sealed.failed
    assert sealed.bad == ["The evidence could not be searched for secrets: [Errno 13] Permission denied: 'junit.xml'"]


def test_a_manifest_that_cannot_be_written_is_said(site: Path) -> None:
    (site / "manifest.sha256.new").mkdir()
    (sealed,) = seal(site).bad
    assert sealed.startswith("manifest.sha256 not made: ")


def test_a_secret_that_is_too_short_is_named(site: Path) -> None:
    where = seal(site, own=FIRST, look=finding(short=("credential door",))).where
    assert where[0] == "Not searched for in the evidence, as it is too short: credential door"


def test_a_run_whose_evidence_holds_a_secret_fails(tmp_path: Path) -> None:
    site = tmp_path / "out" / "CHG0012345"
    said = start(site, "--no-report", *STEP, fake_steps.__file__, LEAKS="1")
    assert "1 passed" in said
    assert "exit code 1\n" in said
    assert "journal.jsonl holds credential windows; it was set aside" in said
    held = [path for path in site.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert held == []
    assert SECRET not in said
    aside = {path.name.partition("-")[0] for path in (tmp_path / "out" / ".set-aside").rglob("*") if path.is_file()}
    assert {"journal", "journal.jsonl", "summary.txt"} <= aside
    assert verify.main([str(site)]) == 0


def test_a_run_signs_its_evidence(tmp_path: Path) -> None:
    private, public = key_pair(tmp_path)
    site = tmp_path / "out" / "CHG0012345"
    said = start(site, "--no-report", *STEP, f"--sign-key={private}", fake_steps.__file__)
    assert f"files, signed): {site / 'manifest.sha256'}" in said
    assert verify.main([str(site), "--public-key", str(public)]) == 0
    body = private.read_text(encoding="ascii").splitlines()[1].encode()
    assert not [path for path in site.rglob("*") if path.is_file() and body[-24:] in path.read_bytes()]
    start(site, "--no-report", *STEP, "--fake-run=20261123T120000Z-change", fake_steps.__file__, RESUMED="1")
    assert verify.main([str(site)]) == 0
    assert (site / "manifests" / f"{FIRST}.sha256.sig").stat().st_size == 64
    assert not (site / "manifest.sha256.sig").exists()


@pytest.mark.parametrize("where", ["evidence", "nowhere"])
def test_a_key_that_cannot_be_used_is_refused_before_anything_is_run(tmp_path: Path, where: str) -> None:
    site = tmp_path / "CHG0012345"
    site.mkdir()
    private, _ = key_pair(site)
    if where == "nowhere":
        private.unlink()
    said = start(site, "--no-report", f"--sign-key={private}", fake_steps.__file__)
    expected = {"evidence": "lies in the evidence: keep it elsewhere", "nowhere": "cannot be read: No such file"}
    assert f"ERROR: --sign-key: {private} {expected[where]}" in said
    assert "passed" not in said


def test_whoever_makes_the_page_alone_is_told_that_the_manifest_is_older(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(allure, "generate", lambda folder, **_: folder / "allure-report" / "index.html")
    assert allure.main([str(site)]) == 0
    assert "manifest" not in capsys.readouterr().out
    seal(site)
    assert allure.main([str(site)]) == 0
    assert f'to make both: python -m reports.render "{site}"' in capsys.readouterr().out
