"""Every document of a change, made of what its runs left on disk: `python -m reports.render DIR`.

DIR is a change's folder (`reports/out/<change>`) or one of its runs' folders. The end of a run makes the same
documents. A killed run is included: the steps that it was in the middle of are shown as "could not find out".
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from fixtures.evidence import CertificateRecord
from fixtures.run import restart_times as measured
from fixtures.system.visible import visible
from reports import allure
from reports.allure_report import lost
from reports.allure_report.run import RESULTS
from reports.given import NoEvidence, change_folder
from reports.journal import history, merged, outages, parts
from reports.journal.chains import lives, run_folders
from reports.journal.history import History
from reports.journal.told import ended
from reports.pages import certificates
from reports.pages.files import write_whole
from reports.pages.wording import (
    ENGLISH,
    Words,
    complain,
    language_of,
    languages,
    not_shown,
    print_lines,
    words,
    words_for_output,
)
from reports.rollbacks import rollback_of
from reports.seal.sealing import seal
from reports.seal.signature import KeyRefused, Signer
from reports.terminal import summary
from reports.verification import verification
from reports.verification.verification import Verification

SUMMARY = "summary.txt"
_PLAN, _RECORD = "page.plan", "page.record"
WIDTH = 100  # columns of summary.txt


@dataclass
class Documents:
    """The documents of a change: the runs that they are made from, the faults of the journals, the files' places."""

    folder: Path
    histories: list[History]
    say: Words
    output: Words  # catalogue for the terminal, which may not be able to show the other
    faults: list[str] = field(default_factory=list)
    where: list[str] = field(default_factory=list)
    pages: dict[str, Path] = field(default_factory=dict)  # plan and record, by the key of their title
    complete: bool = True  # every document was made

    @cached_property
    def verification(self) -> Verification | None:
        """The verification by the latest run that verified anything; None if no run did."""
        return verification.of(self.histories)

    def tell(self, key: str, **values: object) -> None:
        """Add a line that says where a document is, or why it is missing."""
        self.where.append(self.output(key, **values))


def again_later(folder: Path) -> str:
    """Return the command that makes all documents of a change again."""
    return f'python -m reports.render "{folder}"'


def documents(
    folder: Path, *, own: str = "", report: bool = True, again: bool = False, language: str = ""
) -> Documents:
    """Make the documents of a change's folder; if one cannot be made, the others are still made.

    `own`: the run that ends here; it counts as ended even if it could not write its end line. `report`: make Allure's
    report too. `again`: install Allure even if that failed within a day. `language`: used instead of the latest run's.
    """
    histories = [history.of(run, running=run.name != own and lives(run)) for run in run_folders(folder)]
    language = language or (language_of(histories[-1].run) if histories else ENGLISH)
    made = Documents(folder, histories, words(language), words_for_output(language))
    for name, maker in {
        merged.NAME: _journal,
        "certificates": _certificates,
        RESULTS: _results,
        SUMMARY: _summary,
        verification.NAME: _verification,
        verification.PROMETHEUS: _prometheus,
        verification.CALENDAR: _expiry,
        measured.FILE: _measured,
        allure.PAGES[_PLAN]: _plan,
        allure.PAGES[_RECORD]: _record,
    }.items():
        try:
            maker(made)
        except (OSError, ValueError, LookupError) as error:  # ValueError: damaged data in a journal or plan
            made.complete = False
            made.tell("made.not", name=name, error=error)
    if report:
        _report(made, again=again)
    else:
        made.tell("made.report_not_asked_for", command=again_later(folder))
    for title, page in made.pages.items():
        made.tell("made.page", title=made.output(title), page=page)
    return made


def notes(histories: list[History], faults: list[str], say: Words) -> Iterator[tuple[str, list[str]]]:
    """Yield remarks on runs and journals, as headings with lines; none for a single run without any fault."""
    runs = [_note(run, say) for run in histories if len(histories) > 1 or run.cut_short]
    if runs:
        yield say("record.heading.runs"), runs
    if faults:
        yield say("record.deviation.journals"), faults


def _note(run: History, say: Words) -> str:
    how = f"{ended(run, say)}{say('mark.semicolon')}" if run.cut_short else ""
    return f"{run.folder.name}{say('mark.colon')}{how}{summary.counts(run.told, say)}"


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
    text = "".join(f"{visible(line)}\n" for line in summary_of(made, made.say))
    write_whole(made.folder / SUMMARY, text.encode())


def summary_of(made: Documents, say: Words) -> list[str]:
    """Return the summary of all runs together, as lines."""
    said = [warning for run in made.histories for warning in run.loose]
    back = rollback_of(made.histories)
    told = [part.told for part in parts.over_runs(made.histories) if not back.settles(part)]
    if back.run is not None:  # its section 0 saw the trusts before the rollback, not before the change
        told = [replace(one, edges=()) for one in told]
    about = list(notes(made.histories, made.faults, say))
    acted = [run for run in made.histories if run.run.kind in summary.CHANGES]
    unfinished = bool(acted) and (acted[-1].blocked > 0 or any(each.outcome in summary.WRONG for each in told))
    lines = summary.lines(made.histories[-1].run, told, said, WIDTH, about, say, unfinished=unfinished)
    return [line.text for line in lines]


def _verification(made: Documents) -> None:
    if made.verification is not None:
        write_whole(made.folder / verification.NAME, made.verification.json.encode())


def _prometheus(made: Documents) -> None:
    if made.verification is not None:
        from reports.verification import prometheus  # noqa: PLC0415 - its library takes 0.1 s to load: not at the start of a run

        prometheus.write(made.folder / verification.PROMETHEUS, made.verification)


def _expiry(made: Documents) -> None:
    if made.verification is not None:
        from reports.verification import expiry  # noqa: PLC0415 - likewise

        expiry.write(made.folder / verification.CALENDAR, made.verification)


def _measured(made: Documents) -> None:
    runs = outages.measured(made.histories)
    if runs.runs:
        write_whole(made.folder / measured.FILE, measured.as_json(runs))


def _plan(made: Documents) -> None:
    from reports.plan import page  # noqa: PLC0415 - the library for pages takes as long to load

    _page(made, _PLAN, page.made(made.folder, made.histories, made.say.language))


def _record(made: Documents) -> None:
    from reports.record import page  # noqa: PLC0415 - likewise

    _page(made, _RECORD, page.made(made.histories, made.folder, made.faults, made.say.language))


def _page(made: Documents, title: str, content: bytes | None) -> None:
    if content is not None:
        page = made.folder / allure.PAGES[title]
        write_whole(page, content)
        made.pages[title] = page


def _report(made: Documents, *, again: bool) -> None:
    started = time.monotonic()
    try:
        page = allure.generate(made.folder, again=again, language=made.say.language)
    except allure.ReportError as error:
        made.complete = False
        made.tell("made.report_not", error=error)
        made.tell("made.later", command=again_later(made.folder))
    else:
        made.tell("made.report", seconds=f"{time.monotonic() - started:.1f}", page=page)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 0 if every document was made."""
    parser = argparse.ArgumentParser(prog="python -m reports.render", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR", help="a change's folder or a run's")
    parser.add_argument("--no-report", action="store_true", help="make everything but Allure's report")
    parser.add_argument("--language", choices=languages(), help="of the documents (that of the latest run)")
    parser.add_argument("--sign-key", type=Path, metavar="FILE", help="sign the manifest with this key (Ed25519, PEM)")
    options = parser.parse_args(arguments)
    try:
        folder = change_folder(options.folder)
        signer = Signer.of(options.sign_key) if options.sign_key else None
    except NoEvidence as none:
        complain(f"No documents: {none}")
        return 1
    except KeyRefused as refused:
        complain(f"No documents: --sign-key: {refused}")
        return 1
    made = documents(folder, report=not options.no_report, again=True, language=options.language or "")
    sealed = seal(folder, signer=signer, say=made.output)
    said = [*not_shown(made.say.language, made.output), *summary_of(made, made.output)]
    print_lines([*said, *made.where, *sealed.where, *sealed.bad])
    return 0 if made.complete else 1


if __name__ == "__main__":
    sys.exit(main())
