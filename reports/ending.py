"""The end of a run on the machine that controls it: its documents are made, and it is said how the run went."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reports import history, render, summary

if TYPE_CHECKING:
    import pytest

    from fixtures.evidence import RunRecord


@dataclass
class Ending:
    """What is known when all tests have ended."""

    run: RunRecord
    render: bool
    where: list[str] = field(default_factory=list)
    lines: list[summary.Line] = field(default_factory=list)

    def finish(self) -> None:
        """Make the documents. Whatever goes wrong, the run's results are kept and it is said how to go on."""
        made = render.documents(self.run.site_folder, report=self.render)
        here = next((run for run in made.histories if run.folder.name == self.run.folder.name), None)
        told = here or history.of(self.run.folder)
        about = list(render.notes([told], made.faults))
        width = shutil.get_terminal_size().columns
        self.lines = summary.lines(self.run, told.told, told.loose, width, about)
        self.where = [f"Evidence of this run: {self.run.folder}", *made.where]

    def say(self, terminal: pytest.TerminalReporter) -> None:
        """Write the summary to the terminal, or wherever its output goes."""
        terminal.write_sep("=", "runbook")
        for line in self.lines:
            terminal.write_line(line.text, **line.markup)
        for text in self.where:
            terminal.write_line(text)
