"""Steps that take their time, or whose process ends. Not collected with the tests: an inner run names this file."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.reports import sample


def number(name: str) -> int:
    return int(os.environ.get(name, "0"))


@pytest.fixture(params=[sample.CVP, sample.AW])
def hooks(request: pytest.FixtureRequest) -> Any:
    step = request.function.__name__.removeprefix("test_").replace("_", ".")
    request.config.hook.runbook_step_started(step=sample.step(step, request.param, title=request.function.__doc__))
    return request.config.hook


def test_1_4_iii(hooks: Any) -> None:
    """Restart the services"""
    sent = sample.command(purpose="stop Tomcat9", text="@sc stop Tomcat9", subjects=())
    hooks.runbook_sending(host=sent.host, text=sent.text, purpose=sent.purpose, changes=True)
    time.sleep(number("SLOW"))
    if "DIES" in os.environ and not Path(os.environ["DIES"]).exists():
        Path(os.environ["DIES"]).touch()
        os.kill(os.getpid(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    if "CTRL_C" in os.environ:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)
    hooks.runbook_command(record=sent)


def test_1_4_iv(hooks: Any) -> None:
    """Look again"""
    assert hooks
