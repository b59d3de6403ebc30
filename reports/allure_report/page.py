"""Allure's page, closed off: without its analytics scripts, and forbidden to reach the network."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

# Tried in Chromium: a stricter connect-src leaves the page empty, since it reads its own data with fetch("data:...").
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; connect-src data: blob:; frame-src blob:"
)
_META = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
# Without this, Allure shows only the first lines of record and plan; and its page scrolls inside itself, so that paper
# would have no more than the first screen of it.
STYLE = """<style>
#app iframe { min-height: 70vh !important; }
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  html, body, #app, #app > *, #app > * > *, [data-testid$="-layout"] {
    height: auto !important; max-height: none !important; overflow: visible !important; background: #fff !important;
  }
  #app :not(pre, pre *, code, code *) { white-space: normal !important; text-overflow: clip !important; }
  [data-testid="keyboard-shortcuts"] { display: none !important; }
}
</style>"""
_SCRIPT = re.compile(r"<script\b")
_TAG = re.compile(r"<(?:script|link|img|iframe|object|embed|source|video|audio|base|form)\b")
_END_OF_TAG, _END_OF_SCRIPT = ">", "</script>"
_OUTSIDE = re.compile(r"""\b(?:src|href|action|data|srcset)\s*+=\s*+["']?+\s*+(?!data:|#|["'\s>])([^"'\s>]+)""")
_KNOWN = ("googletagmanager", "google-analytics", "G-LNDJ3J7WT0", "gtag(")


class PageError(Exception):
    """Raised if the page cannot be kept from the network; the message says what is in the way."""


def closed(html: str) -> str:
    """Return the page without its two analytics scripts, with the policy, and printable as a whole.

    Raises PageError if anything is left over that could reach the network.
    """
    if "<head>" not in html:
        raise PageError("Allure's page has no <head>: it is not the page that is known here")
    html = _scripts_as(lambda *script: "" if _is_analytics(*script) else _whole(*script), html)
    html = html.replace("<head>", f"<head>\n    {_META}\n{STYLE}", 1)
    check(html)
    return html


def check(html: str) -> None:
    """Raise PageError if the page lacks the policy, names a known analytics service, or loads from outside."""
    if html.count(_META) != 1:
        raise PageError("the page has no Content-Security-Policy")
    # Evidence may contain these words: the two scripts that hold it are not searched.
    markup = _scripts_as(lambda attributes, text: _whole(attributes, "" if _is_data(text) else text), html)
    known = [word for word in _KNOWN if word in markup]
    if known:
        raise PageError(f"the page still calls for {', '.join(known)}")
    outside = [found[1] for tag in _tags(markup) if (found := _OUTSIDE.search(tag))]
    if outside:
        raise PageError(f"the page loads from outside: {', '.join(outside)}")


def _tags(markup: str) -> Iterator[str]:
    """Yield the tags that may load something, up to one without an end: no later one can have an end then."""
    at = 0
    while begin := _TAG.search(markup, at):
        at = markup.find(_END_OF_TAG, begin.end()) + len(_END_OF_TAG)
        if not at:
            break
        yield markup[begin.start() : at]


def _scripts_as(written: Callable[[str, str], str], html: str) -> str:
    """Return the page with each script replaced by `written(attributes, text)`.

    It stops at a script without an end, since no later one can have an end: the page is read only once.
    """
    pieces, at = list[str](), 0
    while begin := _SCRIPT.search(html, at):
        text = html.find(_END_OF_TAG, begin.end()) + len(_END_OF_TAG)
        end = html.find(_END_OF_SCRIPT, text) if text else -1
        if end < 0:
            break
        pieces += [html[at : begin.start()], written(html[begin.end() : text - len(_END_OF_TAG)], html[text:end])]
        at = end + len(_END_OF_SCRIPT)
    return "".join((*pieces, html[at:]))


def _whole(attributes: str, text: str) -> str:
    return f"<script{attributes}>{text}{_END_OF_SCRIPT}"


def _is_analytics(attributes: str, text: str) -> bool:
    return "googletagmanager.com" in attributes or text.lstrip().startswith("window.dataLayer =")


def _is_data(text: str) -> bool:
    return text.lstrip().startswith(("window.allureReportOptions =", "Promise.allSettled([d("))
