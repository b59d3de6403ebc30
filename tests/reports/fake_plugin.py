"""A runbook reduced to its evidence: calls the hooks as `fixtures` does, for an inner pytest run.

Its steps stand in `fake_steps.py`; where the run goes and what kind it is comes from options.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fixtures.evidence import EvidenceHooks
from fixtures.secrets.credentials import Secret, SecretStore
from fixtures.secrets.leak_hooks import LeakHooks, Searched
from fixtures.secrets.leak_scan import LastSearch
from reports.pages.wording import OPTION
from tests.reports import sample
from tests.reports.fake_steps import SECRET
from tests.reports.planted_steps import FILE


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fake-folder", type=Path)
    parser.addoption("--fake-run", default="20261122T120000Z-change")
    parser.addoption("--no-report", action="store_true")
    parser.addoption("--no-live", action="store_true")
    parser.addoption("--change-link")


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.add_hookspecs(EvidenceHooks)
    pluginmanager.add_hookspecs(LeakHooks)


@pytest.hookimpl(specname="runbook_search")
def pytest_runbook_search(folder: Path, files: Sequence[str]) -> Searched:
    shop = SecretStore()
    shop.hold(Secret(SECRET), "credential windows")
    if FILE in os.environ:
        for number, text in enumerate(json.loads(Path(os.environ[FILE]).read_text(encoding="utf-8"))):
            shop.hold(Secret(text), f"keystore password {number}")
    return LastSearch(shop).pytest_runbook_search(folder, files)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    folder = config.getoption("fake_folder")
    config.option.allure_report_dir = str(folder / "runs" / config.getoption("fake_run") / "allure-results")


def pytest_sessionstart(session: pytest.Session) -> None:
    folder = session.config.getoption("fake_folder")
    name = session.config.getoption("fake_run")
    started = datetime.strptime(name[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    given = {OPTION: session.config.getoption(OPTION)}
    options = {} if given == {OPTION: "en"} else given  # as a run writes its options down
    run = sample.run(folder, folder=folder / "runs" / name, started=started, options=options)
    session.config.hook.runbook_run_started(run=run)


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    unknown = getattr(report, "could_not_find_out", False)
    return ("unknown", "E", "COULD NOT FIND OUT") if unknown else None


def pytest_sessionfinish(session: pytest.Session) -> None:
    session.config.hook.runbook_warning(host=sample.CVP, text="the lock was released late")
