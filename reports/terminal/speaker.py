"""Says what other rooms have to say to a person at the terminal, in the run's language."""

from __future__ import annotations

from typing import Any

import pytest

from fixtures.system.messages import STEP
from reports.pages.wording import ENGLISH, OPTION, language_for_output, words

_TOLD = "runbook_language"  # the key of the value that a controller sends to its workers


class Speaker:
    """The plugin that words the texts of `fixtures.system.messages`."""

    NAME = "runbook_speaker"

    def __init__(self, config: pytest.Config) -> None:
        # Only the controller knows the terminal, and shows what a worker asks.
        worker = getattr(config, "workerinput", None)
        self._language = worker[_TOLD] if worker else language_for_output(config.getoption(OPTION))

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker in which language people are spoken to."""
        node.workerinput[_TOLD] = self._language

    @pytest.hookimpl(optionalhook=True, specname="runbook_say")
    def pytest_runbook_say(self, key: str) -> str | None:
        """The text; None in English, which stands where it is said."""
        if self._language == ENGLISH:
            return None
        return words(self._language).texts.get(key if key.startswith(STEP) else f"spoken.{key}")
