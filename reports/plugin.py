"""The pytest plugin that makes documents of a runbook's evidence.

It only listens: until `runbook_run_started` is called it does nothing, so that the project's own tests are left alone.
"""

from __future__ import annotations

import pytest

from reports.controller import Controller
from reports.recorder import Recorder


@pytest.hookimpl(tryfirst=True)  # before fixtures.plugin's, which begins the run
def pytest_configure(config: pytest.Config) -> None:
    """Register the run's recorder, in the controller and in each worker, and what the controller alone does."""
    recorder = Recorder(config)
    # In this order: of what both do at the session's end the recorder's comes first, as documents need its end line.
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Controller(config, recorder), Controller.NAME)
    config.pluginmanager.register(recorder, Recorder.NAME)
