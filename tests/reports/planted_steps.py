"""A run whose hosts give passwords away, on every channel and in every encoding. An inner run names this file."""

from __future__ import annotations

import base64
import html
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.reports import sample

FILE = "PLANTED"  # the environment's name for the file with the passwords


def half(text: str) -> int:
    return len(text) // 2


ENCODINGS: Mapping[str, Callable[[str], str]] = {
    "plain": str,
    "base64": lambda text: base64.b64encode(f"password={text};".encode()).decode(),
    "URL": lambda text: quote(text, safe=""),
    "UTF-16": lambda text: text.encode("utf-16-le").decode("latin-1"),
    "base64 of UTF-16": lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
    "two lines": lambda text: f"{text[: half(text)]}\r\n    {text[half(text) :]}",
    "HTML": html.escape,
    "JSON": json.dumps,
}


def planted() -> list[str]:
    """Every password in every encoding."""
    passwords: list[str] = json.loads(Path(os.environ[FILE]).read_text(encoding="utf-8"))
    return [encode(password) for password in passwords for encode in ENCODINGS.values()]


@pytest.fixture
def hooks(request: pytest.FixtureRequest) -> Any:
    title = str(request.function.__doc__)
    number = request.function.__name__.removeprefix("test_").replace("_", ".")
    request.config.hook.runbook_step_started(step=sample.step(number, title=title))
    return request.config.hook


def test_1_1_i(hooks: Any) -> None:
    """Standard output"""
    hooks.runbook_command(record=sample.command(stdout="\n".join(planted())))


def test_1_1_ii(hooks: Any) -> None:
    """Standard error"""
    hooks.runbook_command(record=sample.command(stderr="\n".join(planted()), worked=False, exit_code=1))


def test_1_1_iii(hooks: Any) -> None:  # noqa: ARG001 - the step is told of before it fails
    """The text of an exception"""
    raise RuntimeError("\n".join(planted()))


def test_1_1_iv(hooks: Any) -> None:
    """A file's name"""
    for number, text in enumerate(planted()):
        name = "".join(character for character in text if character not in "/\\\r\n\0")
        hooks.runbook_certificate(record=sample.certificate(subject=f"wsm {number}", file_name=f"{name[:100]}.crt"))


def test_1_2_c(hooks: Any) -> None:
    """A certificate's subject"""
    for number, text in enumerate(planted()):
        told = f"Subject: CN={text}\nKey: RSA 2048"
        hooks.runbook_certificate(record=sample.certificate(subject=f"wsm {number}", text=told))


def test_1_3(hooks: Any) -> None:
    """A step that says nothing"""
    hooks.runbook_command(record=sample.command())
