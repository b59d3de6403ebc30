"""The end of a run on the machine that controls it: the report is made, and it is said how the run went."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reports import allure, summary
from reports.collected import Told

if TYPE_CHECKING:
    import pytest

    from fixtures.evidence import RunRecord


@dataclass
class Ending:
    """What is known when all tests have ended."""

    run: RunRecord
    render: bool
    told: list[Told] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    where: list[str] = field(default_factory=list)

    def finish(self) -> None:
        """Make the report. Whatever goes wrong with it, the run's results are kept and it is said how to go on."""
        later = f'python -m reports.allure "{self.run.site_folder}"'
        if not self.render:
            self.where = [f"Report not made (--no-report); to make it: {later}"]
        else:
            started = time.monotonic()
            try:
                page = allure.generate(self.run.site_folder)
            except allure.ReportError as error:
                self.where = [f"Report not made: {error}", f"To make it later: {later}"]
            else:
                self.where = [f"Report ({time.monotonic() - started:.1f} s): {page}"]
        self.where.insert(0, f"Evidence of this run: {self.run.folder}")

    def say(self, terminal: pytest.TerminalReporter) -> None:
        """Write the summary to the terminal, or wherever its output goes."""
        terminal.write_sep("=", "runbook")
        for line in summary.lines(self.run, self.told, self.warnings, shutil.get_terminal_size().columns):
            terminal.write_line(line.text, **line.markup)
        for text in self.where:
            terminal.write_line(text)
