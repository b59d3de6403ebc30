"""Protection of a run from Allure results that cannot be written: the run goes on, and the loss is reported."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import allure_commons

Lost = Callable[[str, OSError], None]


class AllureAsFarAsItGoes:
    """A plugin of allure_commons around all writers of results: it reports what could not be written."""

    def __init__(self, lost: Lost) -> None:
        self._lost = lost

    def _written(self) -> Generator[None, Any, Any]:
        try:
            return (yield)
        except OSError as error:
            self._lost("", error)
            return []

    @allure_commons.hookimpl(wrapper=True, tryfirst=True)  # type: ignore[untyped-decorator, unused-ignore]
    def report_result(self) -> Generator[None, Any, Any]:
        """Write the result of a test."""
        return (yield from self._written())

    @allure_commons.hookimpl(wrapper=True, tryfirst=True)  # type: ignore[untyped-decorator, unused-ignore]
    def report_container(self) -> Generator[None, Any, Any]:
        """Write a container: the parts that several results have in common."""
        return (yield from self._written())

    @allure_commons.hookimpl(wrapper=True, tryfirst=True)  # type: ignore[untyped-decorator, unused-ignore]
    def report_attached_data(self) -> Generator[None, Any, Any]:
        """Write a text that is attached to a result."""
        return (yield from self._written())
