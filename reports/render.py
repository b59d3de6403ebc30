"""Every document of a change, made of what its runs left on disk: `python -m reports.render DIR`.

DIR is a change's folder (`reports/out/<change>`) or one of its runs' folders. The end of a run does the same. A run
that was killed has its share: what was going on then is told as "could not find out".
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fixtures.evidence import CertificateRecord
from reports import allure, certificates, combine, history, lost, merged, summary
from reports.allure_run import RESULTS
from reports.chains import lives, run_folders
from reports.collected import Told
from reports.history import History

SUMMARY = "summary.txt"
WIDTH = 100  # columns of summary.txt


@dataclass
class Documents:
    """What was made: the runs it was made of, what is wrong with their journals, and where the documents are."""

    folder: Path
    histories: list[History] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    where: list[str] = field(default_factory=list)
    complete: bool = True  # every document was made


def again_later(folder: Path) -> str:
    """The command that makes all documents of a change."""
    return f'python -m reports.render "{folder}"'


def documents(folder: Path, *, report: bool = True, again: bool = False) -> Documents:
    """Make the documents of a change's folder; one that cannot be made does not keep the others from being made."""
    made = Documents(folder, [history.of(run, running=lives(run)) for run in run_folders(folder)])
    for name, maker in {
        merged.NAME: _journal,
        "certificates": _certificates,
        RESULTS: _results,
        SUMMARY: _summary,
    }.items():
        try:
            maker(made)
        except (OSError, ValueError) as error:  # ValueError: a certificate in a journal that is none
            made.complete = False
            made.where.append(f"{name} not made: {error}")
    if report:
        _report(made, again=again)
    else:
        made.where.append(f"Report not made (--no-report); to make it: {again_later(folder)}")
    return made


def over_runs(histories: list[History]) -> list[Told]:
    """How each step went on each host over all runs of a change: as the run that changed it left it."""
    told: dict[tuple[str, str, str], list[Told]] = {}
    for each in (each for run in histories for each in run.told):
        told.setdefault((each.step, "" if each.step else each.title, each.host), []).append(each)
    return [several[combine.shown([each.outcome for each in several])] for several in told.values()]


def notes(histories: list[History], faults: list[str]) -> Iterator[tuple[str, list[str]]]:
    """What must be known about the runs themselves: headings with lines; nothing if one run ran to its end."""
    runs = [f"{run.folder.name}: {'; '.join(filter(None, [run.how_it_ended(), summary.counts(run.told)]))}"
            for run in histories if len(histories) > 1 or run.how_it_ended()]  # fmt: skip
    if runs:
        yield "Runs", runs
    if faults:
        yield "Journals that are not as they were written", faults


def _journal(made: Documents) -> None:
    chains = [chain for run in made.histories for chain in run.chains]
    made.faults += merged.write(made.folder, chains).faults


def _certificates(made: Documents) -> None:
    for run in made.histories:
        for record in (record for page in run.pages for record in page.collected.records):
            if isinstance(record, CertificateRecord):
                certificates.save(record, made.folder)


def _results(made: Documents) -> None:
    for run in made.histories:
        lost.write(run)


def _summary(made: Documents) -> None:
    said = [warning for run in made.histories for warning in run.loose]
    told = over_runs(made.histories)
    about = list(notes(made.histories, made.faults))
    lines = summary.lines(made.histories[-1].run, told, said, WIDTH, about)
    text = "".join(f"{line.text}\n" for line in lines).encode("utf-8", "backslashreplace")
    new = made.folder / f"{SUMMARY}.new"
    new.write_bytes(text)
    new.replace(made.folder / SUMMARY)


def _report(made: Documents, *, again: bool) -> None:
    started = time.monotonic()
    try:
        page = allure.generate(made.folder, again=again)
    except allure.ReportError as error:
        made.complete = False
        made.where += [f"Report not made: {error}", f"To make it later: {again_later(made.folder)}"]
    else:
        made.where.append(f"Report ({time.monotonic() - started:.1f} s): {page}")


def main(arguments: list[str] | None = None) -> int:
    """The command line; 0 if every document was made."""
    parser = argparse.ArgumentParser(prog="python -m reports.render", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR", help="a change's folder or a run's")
    parser.add_argument("--no-report", action="store_true", help="make everything but Allure's report")
    options = parser.parse_args(arguments)
    folder = options.folder.resolve()
    folder = folder.parent.parent if folder.parent.name == "runs" else folder
    if not run_folders(folder):
        print(f"No documents: {folder}: no run here", file=sys.stderr)
        return 1
    made = documents(folder, report=not options.no_report, again=True)
    said = [(folder / SUMMARY).read_text(encoding="utf-8").rstrip("\n")] if (folder / SUMMARY).exists() else []
    encoding = sys.stdout.encoding or "ascii"
    print("\n".join([*said, *made.where]).encode(encoding, "backslashreplace").decode(encoding))
    return 0 if made.complete else 1


if __name__ == "__main__":
    sys.exit(main())
