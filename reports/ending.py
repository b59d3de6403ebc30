"""The end of a run in its controlling process: make the documents and report how the run went."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from reports import render
from reports.journal import history
from reports.pages.wording import Words, language_of, not_shown, words_for_output
from reports.seal.sealing import Look, seal
from reports.seal.signature import Signer
from reports.terminal import summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from fixtures.evidence import RunRecord
    from reports.render import Documents


@dataclass
class Ending:
    """The facts known when all tests have ended, and the work that remains."""

    run: RunRecord
    render: bool
    prometheus: Path | None = None  # where monitoring picks up the result of a verification
    look: Look | None = None  # searches files for secrets of this run
    signer: Signer | None = None
    failed: bool = False  # the evidence held a secret, or could not be searched completely
    where: list[str] = field(default_factory=list)
    lines: list[summary.Line] = field(default_factory=list)

    @cached_property
    def say(self) -> Words:
        """The catalogue of words for the terminal."""
        return words_for_output(language_of(self.run))

    def finish(self) -> None:
        """Make the documents, then search and seal all evidence: nothing is written after that.

        If a document cannot be made, the run's results are kept and the output says how to go on.
        """
        self.where = [self.say("made.evidence", folder=self.run.folder)]
        try:
            self._document()
        finally:  # also if a document cannot be made: no secret may pass
            self._seal()

    def _document(self) -> None:
        made = render.documents(self.run.site_folder, own=self.run.folder.name, report=self.render)
        here = next((run for run in made.histories if run.folder.name == self.run.folder.name), None)
        told = here or history.of(self.run.folder)
        about = list(render.notes([told], made.faults, self.say))
        width = shutil.get_terminal_size().columns
        self.lines = [summary.Line(line) for line in not_shown(language_of(self.run), self.say)]
        self.lines += summary.lines(self.run, told.told, told.loose, width, about, self.say)
        self.where += [*made.where, *self._monitored(made)]

    def _seal(self) -> None:
        own = self.run.folder.name
        sealed = seal(self.run.site_folder, own=own, look=self.look, signer=self.signer, say=self.say)
        self.failed = sealed.failed
        if sealed.leaked:
            self.lines = [summary.Line(self.say("made.hidden"))]
        self.lines += [summary.Line(line, {"red": True, "bold": True}) for line in sealed.bad]
        self.where += sealed.where

    def _monitored(self, made: Documents) -> Iterator[str]:
        """Write this run's verification for monitoring too (`--prometheus`); yield why that failed, if it did."""
        found = made.verification
        if self.prometheus is None or found is None or found.run != self.run.folder.name:
            return
        from reports.verification import prometheus  # noqa: PLC0415 - its library takes 0.1 s to load: not at the start of a run

        try:
            prometheus.write(self.prometheus, found)
        except OSError as error:
            yield self.say("made.not", name=self.prometheus, error=error.strerror or error)

    def tell(self, terminal: pytest.TerminalReporter) -> None:
        """Write the summary through pytest's terminal reporter."""
        terminal.write_sep("=", "runbook")
        for line in self.lines:
            terminal.write_line(line.text, **line.markup)
        for text in self.where:
            terminal.write_line(text)
