"""Self-contained HTML pages: no request to anywhere, all text escaped, no unknown name in a template.

A page can be read without scripts. The only one that it allows, by its hash, filters long tables.
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
    """Return a page in UTF-8. Raises ValueError if it cannot be made."""
    try:
        text = _environment().get_template(template).render(words=words, **content)
    except (jinja2.TemplateError, LookupError, ArithmeticError) as error:
        raise ValueError(f"{template}: {type(error).__name__}: {error}") from error
    return visible(text, block=True).encode()  # HTML cannot hold control characters


@cache
def script(name: str) -> Markup:
    """Return one of the project's own scripts, as it stands in a page."""
    return Markup(files("reports").joinpath("templates", name).read_text(encoding="utf-8").replace("\r", ""))  # noqa: S704


@cache
def script_hash(name: str) -> str:
    """Return the SHA-256 of a script in base64, for the Content-Security-Policy of a page."""
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
