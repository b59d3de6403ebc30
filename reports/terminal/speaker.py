"""The messages of `fixtures` to a person at the terminal, in the run's language."""

from __future__ import annotations

from typing import Any

import pytest

from fixtures.system.messages import STEP
from reports.pages.wording import ENGLISH, OPTION, language_for_output, words

_TOLD = "runbook_language"  # the key under which a controller sends the language to its workers


class Speaker:
    """The plugin that translates the texts of `fixtures.system.messages` and the titles of steps."""

    NAME = "runbook_speaker"

    def __init__(self, config: pytest.Config) -> None:
        # Only the controller knows the terminal; it also shows the questions of its workers.
        worker = getattr(config, "workerinput", None)
        self._language = worker[_TOLD] if worker else language_for_output(config.getoption(OPTION))

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Pass the language of messages to a worker."""
        node.workerinput[_TOLD] = self._language

    @pytest.hookimpl(optionalhook=True, specname="runbook_say")
    def pytest_runbook_say(self, key: str) -> str | None:
        """Return the text of a key; None for English: the caller has the English text."""
        if self._language == ENGLISH:
            return None
        return words(self._language).texts.get(key if key.startswith(STEP) else f"spoken.{key}")
