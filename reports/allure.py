"""The Allure report as one file that opens anywhere and makes no network request: `python -m reports.allure DIR`.

DIR is a change's folder (`reports/out/<change>`, all its runs), a run's folder, or an `allure-results` folder.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from fixtures.system.child_environment import Program
from fixtures.system.plain_files import is_plain, read_plain
from fixtures.system.processes import APART
from reports.allure_report import history as allure_history
from reports.allure_report import lost, node
from reports.allure_report.combine import combine, results_folders
from reports.allure_report.page import PageError, closed
from reports.allure_report.run import RESULTS
from reports.given import NoEvidence, whole
from reports.journal import history
from reports.journal.chains import run_folders
from reports.pages.wording import ENGLISH, Words, complain, language_of, print_lines, words
from reports.rollbacks import rollback_of

PAGES = {"page.record": "change-record.html", "page.plan": "plan.html"}  # by their key in the catalogue
PATIENCE = 600  # seconds that Allure may take
CATEGORIES: dict[str, dict[str, Any]] = {  # by their key in the catalogue; messages are evidence, in English
    "failed": {"matchers": {"statuses": ["failed"]}, "expand": True},
    "unknown": {"matchers": {"statuses": ["broken", "unknown"]}, "expand": True},
    "blocked": {"matchers": {"statuses": ["skipped"], "message": "^(Skipped: )?Blocked"}},
    "planned": {"matchers": {"statuses": ["skipped"], "message": "^(Skipped: )?Planned"}},
}
TRENDS = {"statuses": "statusDynamics", "durations": "durationDynamics"}  # graphs over runs, by catalogue key


class ReportError(Exception):
    """Raised if no report was made; the message is one line that says why."""


def generate(folder: Path, *, again: bool = False, language: str = "") -> Path:
    """Make `allure-report/index.html` from the results in or under a folder; return its path. Raises ReportError.

    `again`: install Allure even if that failed within a day. `language`: used instead of the latest run's; results in
    another language are made again from their journals. Record and plan in the folder are attached to the report.
    """
    folders = results_folders(folder)
    if not folders:
        raise ReportError(f"{folder}: no results of a run here")
    page = (folder.parent if folder.name == RESULTS else folder) / "allure-report" / "index.html"
    latest = lost.run_of(folders[-1])
    besides = latest.programs_may_see if latest else ()
    try:
        program = node.allure_program(again=again, besides=besides)
        with tempfile.TemporaryDirectory(prefix="runbook-allure-", ignore_cleanup_errors=True) as temporary:
            say = words(language or (language_of(latest) if latest else ENGLISH))
            folders = [lost.in_language(one, say.language, Path(temporary)) for one in folders]
            run = partial(_run, program, Path(temporary), besides)
            html = _rendered(run, folders, Path(temporary), page.parent.parent, say)
        _write(page, closed(html))
    except (node.NodeError, PageError, OSError, ValueError, KeyError) as error:
        raise ReportError(" ".join(str(error).split())) from error
    return page


def configuration(name: str, output: Path, say: Words, past: Path | None = None) -> dict[str, object]:
    """Return Allure's configuration; labels that only group are not listed at each test.

    `past`: the history file of earlier runs; None if there were none: an empty file would make Allure mark every step
    as new.
    """
    options = {
        "singleFile": True,
        "reportName": name,
        "reportLanguage": say.language,
        "groupBy": ["parentSuite", "suite"],
        "theme": "light",
        "sections": ["charts", "timeline"] if past else ["timeline"],  # a graph of one run says nothing
        "charts": [
            {"type": kind, "title": say(f"trend.{key}"), "limit": allure_history.KEPT + 1}
            for key, kind in TRENDS.items()
        ],
        "timeline": {"minDuration": 0},
    }
    return {
        "name": name,
        "output": str(output),
        "appendHistory": False,
        **({"historyPath": str(past)} if past else {}),
        "hideLabels": ["parentSuite", "suite", "subSuite", "thread"],
        "categories": {"rules": [{"name": say(f"category.{key}"), **rule} for key, rule in CATEGORIES.items()]},
        "plugins": {"awesome": {"options": options}, "agent": {"enabled": False, "options": {}}},
    }


def _rendered(run: Callable[..., str], folders: list[Path], temporary: Path, site_folder: Path, say: Words) -> str:
    back = rollback_of([history.of(run) for run in run_folders(site_folder)])
    combine(folders, temporary / RESULTS, say, back.settles_run)
    _attach(site_folder, temporary / RESULTS, say)
    output = temporary / "report"
    executor = _executor(temporary / RESULTS)
    told = allure_history.Told.of(executor) if run_folders(site_folder) else None
    past = _past(site_folder, told, temporary / "past.jsonl") if told else None
    name = str(executor.get("reportName") or folders[-1].parent.name)
    config = temporary / "allurerc.json"
    config.write_text(json.dumps(configuration(name, output, say, past)), encoding="utf-8")
    said = run("generate", "--config", config, "--cwd", temporary, temporary / RESULTS)
    pages = [path for path in (output / "index.html", output / "awesome" / "index.html") if path.is_file()]
    if not pages:
        raise ReportError(f"Allure made no page: {said}")
    if told:
        with suppress(ReportError):  # the page is still useful if later reports lack this run
            new = temporary / allure_history.NAME
            run("history", "--history-path", new, "--name", name, temporary / RESULTS)
            for point in allure_history.points(new):
                allure_history.keep(site_folder, told, point)
    return pages[0].read_text(encoding="utf-8")


def _past(site_folder: Path, told: allure_history.Told, file: Path) -> Path | None:
    """Write the earlier runs of the site into a history file and return it; None if there were none."""
    earlier = allure_history.earlier(site_folder, told)
    if not earlier:
        return None
    file.write_text(allure_history.lines(earlier), encoding="utf-8")
    return file


def _run(program: Path, temporary: Path, besides: Collection[str], *arguments: Path | str) -> str:
    """Run Allure and return the last line of its output. Raises ReportError."""
    try:
        done = subprocess.run(
            [node.node(), program, *arguments],
            cwd=temporary,
            env=node.environment(Program.ALLURE, besides),
            stdin=subprocess.DEVNULL,
            **APART,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ReportError(f"Allure did not end within {PATIENCE} s") from error
    said = (done.stderr.strip() or done.stdout.strip() or "no word").splitlines()[-1][:300]
    if done.returncode:
        raise ReportError(f"Allure made no page (exit code {done.returncode}): {said}")
    return said


def _attach(site_folder: Path, results: Path, say: Words) -> None:
    """Attach the change record and the plan to the report as a whole."""
    there = {say(title): name for title, name in PAGES.items() if is_plain(site_folder / name)}
    for name in there.values():
        shutil.copyfile(site_folder / name, results / name)
    if there:
        attachments = [{"name": title, "source": name, "type": "text/html"} for title, name in there.items()]
        (results / "pages-globals.json").write_text(json.dumps({"attachments": attachments}), encoding="utf-8")


def _executor(results: Path) -> dict[str, object]:
    """Return the facts of the latest run from `executor.json`; empty if there are none."""
    try:
        told = json.loads(read_plain(results / "executor.json"))
    except (OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _write(page: Path, html: str) -> None:
    page.parent.mkdir(parents=True, exist_ok=True)
    new = page.with_suffix(".new")
    new.write_text(html, encoding="utf-8", newline="\n")
    new.replace(page)  # a reader sees the old page or the new one


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 0 if a report was made."""
    parser = argparse.ArgumentParser(prog="python -m reports.allure", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR", help="a change's folder, a run's, or its allure-results")
    folder = parser.parse_args(arguments).folder
    started = time.monotonic()
    try:
        page = generate(whole(folder), again=True)
    except (ReportError, NoEvidence) as error:
        complain(f"No report: {error}")
        return 1
    said = [f"{page} ({time.monotonic() - started:.1f} s)"]
    if (page.parents[1] / "manifest.sha256").exists():
        said += [f'The manifest is of the page before; to make both: python -m reports.render "{page.parents[1]}"']
    print_lines(said)
    return 0


if __name__ == "__main__":
    sys.exit(main())
