"""The last work on the evidence of a change: search it for secrets, then write its manifest."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fixtures.secrets.leak_hooks import Searched
from reports.pages.wording import Words, words
from reports.seal import manifest
from reports.seal.set_aside import set_aside, still_there
from reports.seal.signature import Signer

Look = Callable[[Path, Sequence[str]], Searched | None]


@dataclass
class Sealed:
    """The result of sealing. `bad`: lines about problems; `where`: other lines for the terminal."""

    say: Words
    bad: list[str] = field(default_factory=list)
    where: list[str] = field(default_factory=list)
    leaked: bool = False  # a secret was found
    unsearched: bool = False  # the search failed, or did not cover every file

    @property
    def failed(self) -> bool:
        """True if the run fails because of it."""
        return self.leaked or self.unsearched


def seal(
    folder: Path, *, own: str = "", look: Look | None = None, signer: Signer | None = None, say: Words | None = None
) -> Sealed:
    """Search the evidence in a change's folder for secrets, then write its manifest.

    Files that hold secrets or could not be searched are set aside. If a secret remains, no manifest is written. `own`:
    the run that ends here. `look`: searches files of the folder for secrets of this run; None: no search. `say`: the
    catalogue for the lines that people read.
    """
    sealed = Sealed(say or words())
    found = Searched(())
    try:
        if look is not None:
            found = _searched(folder, own, look, sealed)
    except (OSError, MemoryError) as error:
        sealed.unsearched = True
        sealed.bad += [sealed.say("seal.unsearched", error=str(error) or type(error).__name__)]
    if still_there(folder, found.leaks):
        sealed.bad += [sealed.say("seal.still_there", name=manifest.NAME)]
    else:
        aside = {one.file for one in found.leaks} | {one.file for one in found.unsearched}
        _write(folder, own, signer, sealed, aside)
    return sealed


def _searched(folder: Path, own: str, look: Look, sealed: Sealed) -> Searched:
    """Search the evidence; set aside files that hold secrets or could not be searched. Raises OSError."""
    found = look(folder, manifest.files_of(folder, own)) or Searched(())
    sealed.where += [sealed.say("seal.too_short", name=name) for name in found.too_short]
    if found.leaks:
        sealed.leaked = True
        sealed.bad += [sealed.say("seal.found")]
        sealed.bad += set_aside(folder, own, found.leaks, sealed.say)
    if found.unsearched:
        sealed.unsearched = True
        sealed.bad += [sealed.say("seal.beyond")]
        sealed.bad += set_aside(folder, own, found.unsearched, sealed.say)
    return found


def _write(folder: Path, own: str, signer: Signer | None, sealed: Sealed, aside: Container[str]) -> None:
    try:
        written = manifest.write(folder, own=own, signer=signer)
    except OSError as error:
        sealed.bad += [sealed.say("made.not", name=manifest.NAME, error=error)]
        return
    key = "seal.signed" if signer else "seal.manifest"
    sealed.where += [sealed.say(key, files=written.files, path=written.path)]
    differing = [each.line for each in written.differing if each.file not in aside]
    if differing:
        sealed.bad += [sealed.say("seal.differing"), *differing]
