"""The pytest plugin that makes documents of a runbook's evidence.

It only listens: until `runbook_run_started` is called it does nothing, so that the project's own tests are left alone.
"""

from __future__ import annotations

import pytest

from reports.recorder import Recorder


@pytest.hookimpl(tryfirst=True)  # before fixtures.plugin's, which begins the run
def pytest_configure(config: pytest.Config) -> None:
    """Register the run's recorder, in the controller and in each worker."""
    config.pluginmanager.register(Recorder(config), Recorder.NAME)
