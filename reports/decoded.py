"""Records as they were before they went into a journal."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

from reports.allure_steps import printable

Record = TypeVar("Record")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def decode(kind: type[Record], value: object) -> Record | None:
    """The record of a kind that a journal's line holds; None if it holds none. Never raises."""
    if not isinstance(value, dict):
        return None
    try:
        record = _adapter(kind).validate_python(  # type: ignore[arg-type]
            {name: _valid(each) for name, each in value.items()}
        )
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    return record if isinstance(record, kind) else None


def _valid(value: object) -> object:
    """What a host printed may be no valid Unicode: then it is written as escapes."""
    if isinstance(value, str):
        return printable(value)
    return [_valid(each) if isinstance(each, str) else each for each in value] if isinstance(value, list) else value
