"""Records decoded from the lines of a journal."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

from reports.pages.files import printable

Record = TypeVar("Record")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def decode(kind: type[Record], value: object) -> Record | None:
    """Return the record of a kind that a journal's line holds; None if it holds none. Never raises."""
    if not isinstance(value, dict):
        return None
    try:
        record = _adapter(kind).validate_python(  # type: ignore[arg-type]
            {name: _valid(each) for name, each in value.items()}
        )
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    return _in_utc(record) if isinstance(record, kind) else None


def utc(moment: datetime) -> datetime:
    """Convert a moment to UTC; one without a zone, or at the end of time, is taken as UTC unchanged.

    Only a damaged journal holds such moments.
    """
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)


def _in_utc(value: Any) -> Any:
    """Return the value with every moment in UTC, so that each can be compared with every other."""
    if isinstance(value, datetime):
        return utc(value)
    if isinstance(value, tuple):
        return tuple(map(_in_utc, value))
    if not is_dataclass(value) or isinstance(value, type):
        return value
    known = {one.name: getattr(value, one.name) for one in fields(value)}
    changed = {name: new for name, old in known.items() if (new := _in_utc(old)) is not old}
    return replace(value, **changed) if changed else value


def _valid(value: object) -> object:
    """Escape text that is not valid Unicode: a host may print such text."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):  # a record in a record
        return {name: printable(each) if isinstance(each, str) else each for name, each in value.items()}
    return [_valid(each) if isinstance(each, str) else each for each in value] if isinstance(value, list) else value
