"""Allure's results where they cannot be written: the run goes on, and it is said."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import allure_commons

Lost = Callable[[str, OSError], None]


class AllureAsFarAsItGoes:
    """A plugin of allure_commons around whatever writes results: it hears of what could not be written."""

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
        """A test's result."""
        return (yield from self._written())

    @allure_commons.hookimpl(wrapper=True, tryfirst=True)  # type: ignore[untyped-decorator, unused-ignore]
    def report_container(self) -> Generator[None, Any, Any]:
        """Write a container: the parts that belong to several results."""
        return (yield from self._written())

    @allure_commons.hookimpl(wrapper=True, tryfirst=True)  # type: ignore[untyped-decorator, unused-ignore]
    def report_attached_data(self) -> Generator[None, Any, Any]:
        """A text that belongs to one."""
        return (yield from self._written())
