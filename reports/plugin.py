"""The pytest plugin that makes documents from a runbook's evidence.

It does nothing until `runbook_run_started` is called, so that the project's own tests are not affected.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.controller import Controller
from reports.pages.wording import ENGLISH, OPTION, languages
from reports.recorder import Recorder
from reports.seal.signature import KeyRefused, Signer
from reports.terminal.speaker import Speaker


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options for the documents."""
    group = parser.getgroup("runbook")
    group.addoption(
        "--prometheus", metavar="FILE", help="write verification.prom there too, for the node exporter to pick up"
    )
    group.addoption(
        OPTION,
        choices=languages(),
        default=ENGLISH,
        help="of plan, record, report and messages (en); evidence is never translated",
    )
    group.addoption("--sign-key", metavar="FILE", help="sign the evidence's manifest with this key (Ed25519, PEM)")


@pytest.hookimpl(tryfirst=True)  # before fixtures.plugin's, which begins the run
def pytest_configure(config: pytest.Config) -> None:
    """Register the recorder in the controller and in each worker, and `Controller` in the controller only."""
    recorder = Recorder(config)
    config.pluginmanager.register(Speaker(config), Speaker.NAME)
    # In this order: at the session's end the recorder must act first, because the documents need its end line.
    if not hasattr(config, "workerinput"):
        controller = Controller(config, recorder, prometheus=_prometheus(config), signer=_signer(config))
        config.pluginmanager.register(controller, Controller.NAME)
    config.pluginmanager.register(recorder, Recorder.NAME)


def _prometheus(config: pytest.Config) -> Path | None:
    """Return the path of --prometheus. Raises pytest.UsageError now, not at the end of a night, if it has no folder."""
    given = config.getoption("prometheus")
    path = config.invocation_params.dir / given if given else None
    if path is not None and not path.parent.is_dir():
        raise pytest.UsageError(f"--prometheus {given}: there is no folder {path.parent}")
    return path


def _signer(config: pytest.Config) -> Signer | None:
    """Return the key of --sign-key. Raises pytest.UsageError, before the run begins, if it is not usable."""
    given = config.getoption("sign_key")
    try:
        return Signer.of(config.invocation_params.dir / given) if given else None
    except KeyRefused as refused:
        raise pytest.UsageError(f"--sign-key: {refused}") from None
