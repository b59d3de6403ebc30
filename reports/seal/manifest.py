"""`manifest.sha256`: the SHA-256 of every file in a change's folder, in sha256sum's own format.

It is written anew at the end of each run, as its last file. Earlier manifests are kept in `manifests/`, so that a hash
that somebody has noted can still be verified: files under `runs/` never change after their run has ended.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from fixtures.system.plain_files import is_plain, open_plain, read_plain
from reports.journal.chains import lives, run_folders
from reports.pages.files import write_whole
from reports.seal.signature import Signer

NAME, SIGNATURE, EARLIER = "manifest.sha256", "manifest.sha256.sig", "manifests"
RAW = "runs/"  # raw evidence, as opposed to documents made from it
_OWN = {name + end for name in (NAME, SIGNATURE) for end in ("", ".new")}
_LINE = re.compile(rb"(\\?)([0-9a-f]{64}) [ *](.+)", re.DOTALL)
_ESCAPED = {"\\": "\\\\", "\n": "\\n", "\r": "\\r"}  # sha256sum then begins the line with a backslash

Hashes = dict[str, str]  # path below the folder, with slashes -> SHA-256 in hexadecimal


class ManifestError(Exception):
    """Raised if a manifest cannot be parsed; the message names the line."""


class How(StrEnum):
    """The way in which a file differs from a manifest."""

    ALTERED = "altered"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Difference:
    """A file that differs from a manifest."""

    how: How
    file: str

    @property
    def line(self) -> str:
        """The difference in words."""
        return f"{self.how}: {self.file}"


@dataclass(frozen=True)
class Written:
    """A manifest that was written. `differing`: raw evidence that differs from the previous manifest."""

    path: Path
    files: int
    differing: tuple[Difference, ...]


def files_of(folder: Path, own: str = "") -> list[str]:
    """Return every file in a change's folder except the manifest and its signature, sorted.

    Runs in progress are left out, except `own`: their final content is not known yet.
    """
    others = {run.name for run in run_folders(folder) if run.name != own and lives(run)}
    return sorted(name for name in _walk(folder) if name not in _OWN and not _in_one_of(others, name))


def _walk(folder: Path) -> Iterator[str]:
    for where, folders, files in os.walk(folder):
        links = [name for name in folders if Path(where, name).is_symlink()]  # os.walk does not follow them
        for name in (*files, *links):
            yield Path(where, name).relative_to(folder).as_posix()


def _in_one_of(runs: set[str], name: str) -> bool:
    return name.startswith(RAW) and name.split("/")[1] in runs


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal. Raises OSError."""
    with open_plain(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def text_of(hashes: Mapping[str, str]) -> bytes:
    """Return the text of a manifest with these hashes."""
    return b"".join(_line(name, hashes[name]) for name in sorted(hashes))


def _line(name: str, sha256: str) -> bytes:
    escaped = "".join(_ESCAPED.get(character, character) for character in name)
    mark = "\\" if escaped != name else ""
    return f"{mark}{sha256}  {escaped}\n".encode("utf-8", "surrogateescape")


def parse(text: bytes) -> Hashes:
    """Parse a manifest. Raises ManifestError."""
    *lines, rest = text.split(b"\n")
    found = [_LINE.fullmatch(line) for line in lines]
    broken = next((number for number, each in enumerate(found, start=1) if each is None), 0)
    if broken or rest:
        raise ManifestError(f"line {broken or len(lines) + 1} is not a line of a manifest")
    return {_name(each[1], each[3]): each[2].decode("ascii") for each in found if each}


def _name(mark: bytes, written: bytes) -> str:
    name = written.decode("utf-8", "surrogateescape")
    backwards = {escaped: character for character, escaped in _ESCAPED.items()}
    return re.sub(r"\\.", lambda found: backwards.get(found[0], found[0]), name) if mark else name


def differences(said: Mapping[str, str], found: Mapping[str, str]) -> Iterator[Difference]:
    """Yield the files of a manifest that were altered or removed; added files are not reported."""
    for name in sorted(said):
        if name not in found:
            yield Difference(How.REMOVED, name)
        elif said[name] != found[name]:
            yield Difference(How.ALTERED, name)


def write(folder: Path, *, own: str = "", signer: Signer | None = None) -> Written:
    """Write the manifest of a change's folder, and its signature if there is a key. Raises OSError.

    `own`: the run that writes it, which is still in progress.
    """
    before = _keep(folder)
    hashes = {name: hash_of(folder / name) for name in files_of(folder, own) if is_plain(folder / name)}
    text = text_of(hashes)
    (folder / SIGNATURE).unlink(missing_ok=True)  # of the previous manifest
    write_whole(folder / NAME, text)
    if signer is not None:
        write_whole(folder / SIGNATURE, signer.sign(text))
    return Written(folder / NAME, len(hashes), tuple(differences(before, hashes)))


def _keep(folder: Path) -> Hashes:
    """Copy the current manifest and its signature into `manifests/`; return its hashes of raw evidence."""
    if not is_plain(folder / NAME):
        return {}
    try:
        said = raw(parse(read_plain(folder / NAME)))
    except ManifestError:
        said = {}
    name = _free(folder / EARLIER, max((each.split("/")[1] for each in said), default="unknown"))
    name.parent.mkdir(exist_ok=True)
    for ours, end in ((NAME, ".sha256"), (SIGNATURE, ".sha256.sig")):
        if is_plain(folder / ours):
            shutil.copyfile(folder / ours, name.with_name(name.name + end))
    return said


def raw(hashes: Mapping[str, str]) -> Hashes:
    """Return the hashes of raw evidence, that is of files under `runs/`; documents may be made again and differ."""
    return {name: sha256 for name, sha256 in hashes.items() if name.startswith(RAW)}


def _free(folder: Path, run: str) -> Path:
    """Return the first free name for the manifest of a run: its documents may be made several times."""
    names = (run, *(f"{run}-{number}" for number in range(2, 100_000)))
    return next(folder / name for name in names if not (folder / f"{name}.sha256").exists())
