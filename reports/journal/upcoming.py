"""The tests of a run in their order, in the words of their steps."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from reports.pages.wording import Words


def is_step(item: pytest.Item) -> bool:
    """True if a test declares a step. Its fields show that, not its class, which `reports` must not import."""
    return hasattr(_declared(item), "stage")


def names(items: Iterable[pytest.Item]) -> dict[str, str]:
    """Return number and title of each step ("1.1.iii Generate certificates") by its test's id without parameters."""
    steps = {}
    for item in items:
        step = _declared(item)
        number, title = getattr(getattr(step, "stage", None), "step", ""), getattr(step, "title", "")
        if number:
            steps[item.nodeid.partition("[")[0]] = f"{number} {title}"
    return steps


def in_words(test: str, known: dict[str, str], say: Words) -> str:
    """Describe a test: "1.1.iii on cvp1.example.com: Generate certificates"; a narrow terminal cuts the end."""
    function, _, parameters = test.partition("[")
    name = known.get(function) or function.rpartition("::")[2].removeprefix("test_").replace("_", " ")
    host = parameters.removesuffix("]")
    if function not in known:
        return say("live.on", what=name, host=host) if host else name
    number, _, title = name.partition(" ")
    title = say.title(number, title)
    return say("live.step_on", step=number, host=host, title=title) if host else f"{number} {title}"


def _declared(item: pytest.Item) -> object:
    return getattr(item, "step", None) or getattr(getattr(item, "function", None), "step", None)
