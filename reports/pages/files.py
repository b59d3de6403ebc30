"""Files that may be read at any time: a reader finds the old file or the new one, never half of one."""

from __future__ import annotations

from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside `path`, then move it over `path`. Raises OSError; the old file is then still there."""
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(content)
    new.replace(path)


def printable(text: str) -> str:
    """Return the text with invalid Unicode (lone surrogates) as escapes: UTF-8 cannot encode it."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
