"""Files that others read at any time: they find the old one or the new one, never half of one."""

from __future__ import annotations

from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside `path` and put it in its place. Raises OSError; what was there is then still there."""
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(content)
    new.replace(path)


def printable(text: str) -> str:
    """The text with what is no valid Unicode written as escapes: a file in UTF-8 cannot hold it."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
