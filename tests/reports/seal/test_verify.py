"""Whatever is done to evidence afterwards is named: altered, added, removed, or a journal whose chain is broken."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from reports import render, verify
from reports.journal import merged
from reports.seal import manifest
from reports.seal.sealing import seal
from reports.seal.signature import Signer
from tests.fixtures.nasty import FORBIDDEN
from tests.reports.journal.test_chains import written
from tests.reports.keys import key_pair

RUN = "runs/20261122T120000Z-change"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return key_pair(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory, keys: tuple[Path, Path]) -> Path:
    """A change of two runs, as it was left."""
    site = tmp_path_factory.mktemp("out") / "CHG0012345"
    for run, hosts in (("20261122T120000Z-change", ("a", "b")), ("20261123T120000Z-change", ("a",))):
        written(site / "runs" / run, *hosts)
        assert render.main([str(site), "--no-report", "--sign-key", str(keys[0])]) == 0
    return site


@pytest.fixture
def site(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "CHG0012345"))


def journal(site: Path) -> Path:
    return next((site / RUN).glob("journal-*.jsonl"))


def told(site: Path, keys: tuple[Path, Path]) -> list[str]:
    from reports.seal.signature import public_key

    return verify.verify(site, public_key(keys[1])).differing


def test_evidence_that_nobody_touched_is_as_it_was(
    site: Path, keys: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify.main([str(site), "--public-key", str(keys[1])]) == 0
    files = len(manifest.files_of(site))
    assert capsys.readouterr().out == f"{files} files, all as they were\n"
    assert verify.main([str(site / RUN)]) == 0
    assert "signed, and the signature was not checked" in capsys.readouterr().out


def without_line(path: Path, number: int) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: number - 1] + lines[number:]))


def sealed_anew(site: Path, *names: str) -> None:
    """What somebody without the key does who knows how this works."""
    for name in names:
        (site / name).unlink()
    seal(site)


DEEDS: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "a document is altered": (
        lambda site: (site / "summary.txt").write_text("fine", encoding="utf-8"),
        ["altered: summary.txt"],
    ),
    "a file is added": (lambda site: (site / RUN / "more.txt").touch(), [f"added: {RUN}/more.txt"]),
    "a document is removed": (lambda site: (site / "summary.txt").unlink(), ["removed: summary.txt"]),
    "a line of a journal is removed": (
        lambda site: without_line(journal(site), 3),
        [
            "altered: {journal}",
            "altered: {journal} (since manifests/20261122T120000Z-change.sha256)",
            "journal: {journal}: line 3 does not follow the line before it: one of the two was changed",
            "journal: {journal}: it is not what it was when journal.jsonl was made: 6 lines then, 5 now",
        ],
    ),
    "the last line of a journal is removed": (
        lambda site: without_line(journal(site), 6),
        [
            "altered: {journal}",
            "altered: {journal} (since manifests/20261122T120000Z-change.sha256)",
            "journal: {journal}: it is not what it was when journal.jsonl was made: 6 lines then, 5 now",
        ],
    ),
    "a journal is removed": (
        lambda site: journal(site).unlink(),
        [
            "removed: {journal}",
            "removed: {journal} (since manifests/20261122T120000Z-change.sha256)",
            "journal: {journal}: it is gone",
        ],
    ),
    "the manifest is removed": (
        lambda site: (site / manifest.NAME).unlink(),
        ["removed: manifest.sha256: nothing says how the evidence was"],
    ),
    "the manifest is damaged": (
        lambda site: (site / manifest.NAME).write_bytes(b"nonsense\n"),
        [
            "altered: manifest.sha256: line 1 is not a line of a manifest",
            "altered: manifest.sha256 or manifest.sha256.sig: the signature is not of this manifest, or of this key",
        ],
    ),
    "the signature is removed": (
        lambda site: (site / manifest.SIGNATURE).unlink(),
        ["removed: manifest.sha256.sig: there is no signature"],
    ),
    "the signature is another": (
        lambda site: (site / manifest.SIGNATURE).write_bytes(b"\0" * 64),
        ["altered: manifest.sha256 or manifest.sha256.sig: the signature is not of this manifest, or of this key"],
    ),
    "an earlier manifest is damaged": (
        lambda site: (site / "manifests" / "20261122T120000Z-change.sha256").write_bytes(b"x"),
        [
            "altered: manifests/20261122T120000Z-change.sha256",
            "altered: manifests/20261122T120000Z-change.sha256: line 1 is not a line of a manifest",
        ],
    ),
    "everything is sealed anew": (
        lambda site: sealed_anew(site, f"{RUN}/{journal(site).name}", merged.NAME),
        [
            "removed: manifest.sha256.sig: there is no signature",
            "removed: {journal} (since manifests/20261122T120000Z-change.sha256)",
            "removed: {journal} (since manifests/20261123T120000Z-change.sha256)",
        ],
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_what_was_done_is_named(
    deed: str, site: Path, keys: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    do, expected = DEEDS[deed]
    name = f"{RUN}/{journal(site).name}"
    do(site)
    said = [line.replace("{journal}", name) for line in expected]
    assert verify.main([str(site), "--public-key", str(keys[1])]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[:-1] == said
    assert lines[-1].startswith(f"findings: {len(said)}, in ")


def replaced(path: Path, make: Callable[[Path], object]) -> None:
    """Something else lies in the place of what was there."""
    if path.is_dir():
        path.rename(path.parents[1] / "moved")
    else:
        path.unlink(missing_ok=True)
    make(path)


def added(site: Path, *names: str) -> None:
    for name in names:
        (site / name).touch()


def not_to_be_read(folder: Path) -> Path:
    """A folder with what would be told of, if anybody followed a link to it."""
    (folder / "followed.sha256").write_bytes(b"garbage")
    return folder


def to_itself_elsewhere(path: Path) -> None:
    """A link in a file's place, to a file of the very content."""
    real = path.parents[1] / "real"
    path.rename(real)
    path.symlink_to(real)


SINCE = "(since manifests/20261122T120000Z-change.sha256)"
PIPE, LINK, FOLDER = (f": it is {kind}, not a file" for kind in ("a named pipe", "a link", "a folder"))
EARLIER = "manifests/20261122T120000Z-change.sha256"
# What is done, and what is said of it; more may be said. {journal}: a journal of the first run.
OTHERS: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "a pipe for a journal": (
        lambda site: replaced(journal(site), os.mkfifo),
        [
            f"altered: {{journal}}{PIPE}",
            f"altered: {{journal}} {SINCE}{PIPE}",
            "journal: {journal}: it cannot be read: it is a named pipe, not a file",
        ],
    ),
    "a link for a journal, to the same": (
        lambda site: to_itself_elsewhere(journal(site)),
        [f"altered: {{journal}}{LINK}", "journal: {journal}: it cannot be read: it is a link, not a file"],
    ),
    "a folder for a journal": (
        lambda site: replaced(journal(site), Path.mkdir),
        [f"removed: {{journal}}{FOLDER}", "journal: {journal}: it cannot be read: it is a folder, not a file"],
    ),
    "a link to a device for a document": (
        lambda site: replaced(site / "summary.txt", lambda path: path.symlink_to("/dev/zero")),
        [f"altered: summary.txt{LINK}"],
    ),
    "a folder for a document": (
        lambda site: replaced(site / "summary.txt", Path.mkdir),
        [f"removed: summary.txt{FOLDER}"],
    ),
    "a pipe more": (lambda site: os.mkfifo(site / "more"), [f"added: more{PIPE}"]),
    "a pipe more that looks like a journal": (
        lambda site: os.mkfifo(site / RUN / "journal-1.jsonl"),
        [f"added: {RUN}/journal-1.jsonl{PIPE}"],
    ),
    "a link to a folder more": (lambda site: (site / "more").symlink_to("/etc"), [f"added: more{LINK}"]),
    "a link in circles": (lambda site: (site / "more").symlink_to("more"), [f"added: more{LINK}"]),
    "a link for a run": (
        lambda site: replaced(site / RUN, lambda path: path.symlink_to(site / "moved")),
        [f"added: {RUN}{LINK}", "removed: {journal}", "journal: {journal}: it is gone"],
    ),
    "a link for all runs": (
        lambda site: replaced(site / "runs", lambda path: path.symlink_to(site.parent / "moved")),
        [f"added: runs{LINK}", "removed: {journal}", "journal: {journal}: it is gone"],
    ),
    "a link for all earlier manifests": (
        lambda site: replaced(site / "manifests", lambda path: path.symlink_to(not_to_be_read(site.parent / "moved"))),
        [f"added: manifests{LINK}", f"removed: {EARLIER}"],
    ),
    "a pipe for an earlier manifest": (
        lambda site: replaced(site / EARLIER, os.mkfifo),
        [f"altered: {EARLIER}{PIPE}", f"altered: {EARLIER}: it is a named pipe, not a file"],
    ),
    "a pipe for the manifest": (
        lambda site: replaced(site / manifest.NAME, os.mkfifo),
        ["altered: manifest.sha256: it is a named pipe, not a file"],
    ),
    "a link for the manifest": (
        lambda site: to_itself_elsewhere(site / manifest.NAME),
        ["altered: manifest.sha256: it is a link, not a file"],
    ),
    "a folder for the manifest": (
        lambda site: replaced(site / manifest.NAME, Path.mkdir),
        ["altered: manifest.sha256: it is a folder, not a file"],
    ),
    "a pipe for the signature": (
        lambda site: replaced(site / manifest.SIGNATURE, os.mkfifo),
        ["altered: manifest.sha256.sig: it is a named pipe, not a file"],
    ),
    "a pipe for the merged journal": (
        lambda site: replaced(site / merged.NAME, os.mkfifo),
        [f"altered: {merged.NAME}{PIPE}"],
    ),
    "a pipe for the sign of life": (
        lambda site: os.mkfifo(site / RUN / "heartbeat"),
        [f"added: {RUN}/heartbeat{PIPE}"],
    ),
    "names that steer a terminal": (
        lambda site: added(site, "a\x1b[2Jb", "c\u202ed", "e\rf", "g\udc9bh"),
        [r"added: a\x1b[2Jb", r"added: c\u202ed", r"added: e\rf", r"added: g\udc9bh"],
    ),
    "names that are lines of their own": (
        lambda site: added(site, "a\n0 files, all as they were", "b\u2028c"),
        [r"added: a\n0 files, all as they were", r"added: b\u2028c"],
    ),
}


@pytest.fixture
def in_time() -> Iterator[None]:
    """Whoever waits for a pipe is woken up, and fails."""

    def enough(*_: object) -> None:
        raise AssertionError("it hangs")

    before = signal.signal(signal.SIGALRM, enough)
    signal.alarm(30)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
@pytest.mark.usefixtures("in_time")
@pytest.mark.parametrize("deed", OTHERS)
def test_what_is_no_file_is_named_and_neither_followed_nor_waited_for(
    deed: str, site: Path, keys: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    do, expected = OTHERS[deed]
    name = f"{RUN}/{journal(site).name}"
    do(site)
    assert verify.main([str(site), "--public-key", str(keys[1])]) == 1
    *lines, last = capsys.readouterr().out.split("\n")[:-1]
    assert [line for line in expected if line.replace("{journal}", name) not in lines] == [], lines
    assert last.startswith(f"findings: {len(lines)}, in ")
    assert not [line for line in lines if "followed" in line]
    assert FORBIDDEN.findall("\n".join(lines)) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
@pytest.mark.usefixtures("in_time")
@pytest.mark.parametrize("deed", OTHERS)
def test_documents_are_made_all_the_same_and_wait_for_nobody(
    deed: str, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    OTHERS[deed][0](site)
    assert render.main([str(site), "--no-report"]) in (0, 1)
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    assert ("manifest.sha256 not made" in said.out) is (deed == "a folder for the manifest")


def test_another_key_has_not_signed_it(site: Path, tmp_path: Path) -> None:
    _, another = key_pair(tmp_path, "another")
    assert verify.main([str(site), "--public-key", str(another)]) == 1


def test_unsigned_evidence_is_told_as_such(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seal(site)
    assert verify.main([str(site)]) == 0
    assert "not signed: whoever can write here could have written the manifest anew" in capsys.readouterr().out


def test_half_a_line_of_a_killed_process_is_how_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / RUN, "a")
    path.write_bytes(path.read_bytes()[:-4])
    render.main([str(tmp_path), "--no-report"])
    assert verify.main([str(tmp_path)]) == 0, capsys.readouterr().out


def test_documents_can_be_made_again(site: Path, keys: tuple[Path, Path]) -> None:
    (site / "summary.txt").write_text("fine", encoding="utf-8")
    assert render.main([str(site), "--no-report", "--sign-key", str(keys[0])]) == 0
    assert told(site, keys) == []


def another_byte(dice: Random, content: bytes) -> bytes:
    at = dice.randrange(len(content))
    return content[:at] + bytes([content[at] ^ dice.randrange(1, 256)]) + content[at + 1 :]


def byte_added(dice: Random, content: bytes) -> bytes:
    at = dice.randrange(len(content) + 1)
    return content[:at] + dice.randbytes(1) + content[at:]


def byte_removed(dice: Random, content: bytes) -> bytes:
    at = dice.randrange(len(content))
    return content[:at] + content[at + 1 :]


def line_removed(dice: Random, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    del lines[dice.randrange(len(lines))]
    return b"".join(lines)


def line_added(dice: Random, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    lines.insert(dice.randrange(len(lines) + 1), b'{"event": "command"}\n')
    return b"".join(lines)


TAMPERINGS = (another_byte, byte_added, byte_removed, line_removed, line_added)


def test_a_thousand_tamperings_are_all_named(original: Path, keys: tuple[Path, Path]) -> None:
    """Any byte or line of any file of signed evidence, the manifest and its signature among them; and whole files."""
    dice = Random(20261122)  # noqa: S311 - the same tamperings in every run
    files = sorted(path for path in original.rglob("*") if path.is_file() and path.stat().st_size)
    assert {path.name for path in files} >= {manifest.NAME, f"{manifest.NAME}.sig", "change-record.html"}
    for _ in range(900):
        path, tampering = dice.choice(files), dice.choice(TAMPERINGS)
        before = path.read_bytes()
        after = tampering(dice, before)
        if after == before:
            continue  # a line that was there twice
        path.write_bytes(after)
        try:
            assert name_of(original, path) in " ".join(told(original, keys)), (path, tampering.__name__)
        finally:
            path.write_bytes(before)
    for number in range(50):
        path, added = dice.choice(files), dice.choice(files).with_name(f"more-{number}.json")
        before = path.read_bytes()
        path.unlink()
        added.write_bytes(before)
        try:
            differing = " ".join(told(original, keys))
            assert name_of(original, path) in differing
            assert path.name.startswith("manifest") or f"added: {added.relative_to(original)}" in differing
        finally:
            path.write_bytes(before)
            added.unlink()
    assert told(original, keys) == []


def name_of(site: Path, path: Path) -> str:
    """How evidence that was tampered with is named; a tampered manifest or signature is one thing."""
    relative = path.relative_to(site).as_posix()
    return "manifest" if relative.startswith("manifest.sha256") else relative


@pytest.mark.parametrize("words", [[], ["--public-key", "nowhere.pub"]])
def test_what_cannot_be_verified_is_said_in_a_line(
    tmp_path: Path, site: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = site if words else tmp_path / "nothing"
    assert verify.main([str(folder), *words]) == 2
    assert capsys.readouterr().err.startswith("Not verified: ")


def test_a_key_that_cannot_sign_is_refused_before_documents_are_made(
    site: Path, keys: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    (site / "summary.txt").unlink()
    assert render.main([str(site), "--sign-key", str(keys[1])]) == 1
    assert "holds no private key" in capsys.readouterr().err
    assert not (site / "summary.txt").exists()


def test_the_signer_of_a_manifest_is_known_by_its_file_alone(keys: tuple[Path, Path], site: Path) -> None:
    manifest.write(site, signer=Signer.of(keys[0]))
    assert told(site, keys) == []
