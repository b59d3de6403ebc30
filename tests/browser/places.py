"""Evidence folders whose pages are looked at: every way in which a change can end, a verification, plans."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reports.journal import history
from reports.journal.chains import run_folders
from reports.plan import page as plan_page
from reports.record import page as record_page
from tests.reports import changes, plans

LANGUAGES = ["en", "zh", "ja"]
RECORDS: dict[str, Callable[[Path], None]] = {
    "all-right": changes.all_right,
    "failed-on-side-a": changes.failed_on_side_a,
    "interrupted": changes.interrupted,
    "verification": changes.verification,
    "taken-back": changes.rolled_back,
    "failed-and-taken-back": changes.failed_and_rolled_back,
}


def record(folder: Path, language: str) -> Path:
    """change-record.html of a folder in a language."""
    return _written(folder / "change-record.html", record_page.made(_histories(folder), folder, [], language))


def plan(folder: Path, language: str) -> Path:
    """plan.html of a folder in a language."""
    return _written(folder / "plan.html", plan_page.made(folder, _histories(folder), language))


def planned(folder: Path) -> None:
    """A plan that was made whole, of a site with a history."""
    plans.history_of_the_site(folder.parent)
    plans.written(folder)


def half_planned(folder: Path) -> None:
    """A plan with a step of which nobody knows what it would send."""
    plans.written(folder)
    book = changes.Book(folder, "20261122T113000Z-plan", kind="plan", change="")
    book.step("4.2", changes.CVP_A, phase="stage", outcome="could not find out", said="its CA file cannot be read")
    book.end()


PLANS: dict[str, Callable[[Path], None]] = {"plan": planned, "plan-incomplete": half_planned}


def _histories(folder: Path) -> list[history.History]:
    return [history.of(run) for run in run_folders(folder)]


def _written(path: Path, html: bytes | None) -> Path:
    assert html is not None
    path.write_bytes(html)
    return path
