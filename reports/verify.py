"""Verify that the evidence of a change is as its runs left it: `python -m reports.verify DIR [--public-key FILE]`.

DIR is a change's folder (`reports/out/<change>`) or one of its runs' folders. Exit codes: 0 nothing differs, 1
something differs, 2 DIR holds no evidence, or the key is not usable.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from fixtures.system.plain_files import is_plain, read_plain, what_else
from reports.given import NoEvidence, change_folder
from reports.journal import merged
from reports.journal.chains import CUT_OFF, HOLE, chains_of, run_folders
from reports.pages.wording import complain, print_lines
from reports.seal import manifest
from reports.seal.manifest import Difference, Hashes, How, ManifestError
from reports.seal.signature import KeyRefused, fits, public_key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_UNSIGNED = "not signed: whoever can write here could have written the manifest anew as well"
_NOT_CHECKED = "signed, and the signature was not checked: give --public-key FILE"


@dataclass
class Verdict:
    """The result of a verification: a line for each difference, and remarks on the signature."""

    files: int = 0
    differing: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def verify(folder: Path, key: Ed25519PublicKey | None = None) -> Verdict:
    """Compare a change's folder with its manifests, its signature and its journals. Raises OSError."""
    verdict = Verdict()
    found = {name: _hash(folder / name) for name in manifest.files_of(folder)}
    verdict.files = len(found)
    verdict.differing += _by_manifest(folder, found)
    verdict.differing += _by_signature(folder, key, verdict.remarks)
    verdict.differing += _by_earlier_manifests(folder, found)
    verdict.differing += _by_journals(folder)
    return verdict


def _hash(path: Path) -> str:
    """Return the SHA-256 of a file; empty (which no manifest contains) if it is no file or cannot be read."""
    try:
        return manifest.hash_of(path)
    except OSError:
        return ""


def _line(folder: Path, difference: Difference, since: str = "") -> str:
    """Describe a difference; if the path is not a file any more, say what it is."""
    other = what_else(folder / difference.file)
    return f"{difference.line}{since}{f': it is {other}, not a file' if other else ''}"


def _by_manifest(folder: Path, found: Hashes) -> Iterator[str]:
    try:
        said = manifest.parse(read_plain(folder / manifest.NAME))
    except FileNotFoundError:
        yield f"removed: {manifest.NAME}: nothing says how the evidence was"
        return
    except (ManifestError, OSError) as error:
        yield f"altered: {manifest.NAME}: {getattr(error, 'strerror', None) or error}"
        return
    added = (Difference(How.ADDED, name) for name in sorted(found.keys() - said.keys()))
    yield from (_line(folder, each) for each in (*manifest.differences(said, found), *added))


def _by_signature(folder: Path, key: Ed25519PublicKey | None, remarks: list[str]) -> Iterator[str]:
    try:
        signature = read_plain(folder / manifest.SIGNATURE)
    except FileNotFoundError:
        if key is None:
            remarks.append(_UNSIGNED)
        else:
            yield f"removed: {manifest.SIGNATURE}: there is no signature"
        return
    except OSError as error:
        yield f"altered: {manifest.SIGNATURE}: {error.strerror or error}"
        return
    if key is None:
        remarks.append(_NOT_CHECKED)
    elif is_plain(folder / manifest.NAME) and not fits(key, signature, read_plain(folder / manifest.NAME)):
        yield f"altered: {manifest.NAME} or {manifest.SIGNATURE}: the signature is not of this manifest, or of this key"


def _by_earlier_manifests(folder: Path, found: Hashes) -> Iterator[str]:
    """Yield the changes to raw evidence since each earlier manifest: only documents may be made again."""
    if what_else(folder / manifest.EARLIER) == "a link":
        return  # it is reported already: the manifest does not list it
    for path in sorted((folder / manifest.EARLIER).glob("*.sha256")):
        name = path.relative_to(folder).as_posix()
        try:
            said = manifest.raw(manifest.parse(read_plain(path)))
        except (ManifestError, OSError) as error:
            yield f"altered: {name}: {getattr(error, 'strerror', None) or error}"
            continue
        yield from (_line(folder, each, f" (since {name})") for each in manifest.differences(said, found))


def _by_journals(folder: Path) -> Iterator[str]:
    known = merged.known_from(folder / merged.NAME)
    there = set()
    for chain in (chain for run in run_folders(folder) for chain in chains_of(run)):
        there.add((chain.run, chain.file))
        # A killed process leaves half a line, and a full disk a gap: neither is a later change.
        faults = [fault for fault in (*chain.faults, merged.missing(chain, known)) if fault]
        yield from (
            f"journal: {manifest.RAW}{chain.run}/{chain.file}: {fault}"
            for fault in faults
            if not fault.endswith((CUT_OFF, HOLE))
        )
    yield from (f"journal: {manifest.RAW}{run}/{file}: it is gone" for run, file in sorted(known.keys() - there))


def lines(verdict: Verdict) -> list[str]:
    """Return the verdict as lines of text."""
    counted = f"{verdict.files} files"
    summary = (
        f"findings: {len(verdict.differing)}, in {counted}" if verdict.differing else f"{counted}, all as they were"
    )
    return [*verdict.differing, "; ".join([summary, *verdict.remarks])]


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m reports.verify", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR", help="a change's folder or a run's")
    parser.add_argument("--public-key", type=Path, metavar="FILE", help="whose signature it must be (Ed25519, PEM)")
    options = parser.parse_args(arguments)
    try:
        folder = change_folder(options.folder, sealed=True)
        verdict = verify(folder, public_key(options.public_key) if options.public_key else None)
    except (OSError, KeyRefused, NoEvidence) as error:
        complain(f"Not verified: {error}")
        return 2
    print_lines(lines(verdict))
    return 1 if verdict.differing else 0


if __name__ == "__main__":
    sys.exit(main())
