"""HTML pages that stand alone: no request to anywhere; every text is escaped, every name must be known.

A page is read without any script. The one that filters long tables is the only one that a page allows, by its hash.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup

from fixtures.system.visible import visible
from reports.pages.moments import day, moment, span
from reports.pages.wording import Words


def render(template: str, words: Words, **content: Any) -> bytes:
    """A page in UTF-8. Raises ValueError for a page that cannot be made."""
    try:
        text = _environment().get_template(template).render(words=words, **content)
    except (jinja2.TemplateError, LookupError, ArithmeticError) as error:
        raise ValueError(f"{template}: {type(error).__name__}: {error}") from error
    return visible(text, block=True).encode()  # HTML has no way to say control characters


@cache
def script(name: str) -> Markup:
    """One of the project's own scripts, as it stands in a page."""
    return Markup(files("reports").joinpath("templates", name).read_text(encoding="utf-8").replace("\r", ""))  # noqa: S704


@cache
def script_hash(name: str) -> str:
    """By what a page's policy knows the script: SHA-256 in base64."""
    return b64encode(sha256(script(name).encode()).digest()).decode("ascii")


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"moment": moment, "day": day}
    environment.globals |= {"span": span, "script": script, "script_hash": script_hash}
    return environment
