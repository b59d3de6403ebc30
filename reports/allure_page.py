"""The generated page, made to keep to itself: without its analytics tag, and forbidden to reach the network."""

from __future__ import annotations

import re

# Tried in Chromium: a stricter connect-src leaves the page empty, since it reads its own data with fetch("data:...").
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; connect-src data: blob:; frame-src blob:"
)
_META = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
# Of the record and the plan Allure shows the first few lines. And on the screen its page scrolls inside of itself:
# paper would have no more than the first screen of it.
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
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL)
_TAG = re.compile(r"<(?:script|link|img|iframe|object|embed|source|video|audio|base|form)\b[^>]*>")
_OUTSIDE = re.compile(r"""\b(?:src|href|action|data|srcset)\s*=\s*["']?\s*(?!data:|#|["'\s>])([^"'\s>]+)""")
_KNOWN = ("googletagmanager", "google-analytics", "G-LNDJ3J7WT0", "gtag(")


class PageError(Exception):
    """The page is not one that can be kept from the network; the text says what is in the way."""


def closed(html: str) -> str:
    """The page without its two analytics scripts, with the policy, and whole on paper.

    Raises PageError if anything is left over that could reach the network.
    """
    if "<head>" not in html:
        raise PageError("Allure's page has no <head>: it is not the page that is known here")
    html = _SCRIPT.sub(lambda script: "" if _is_analytics(script) else script[0], html)
    html = html.replace("<head>", f"<head>\n    {_META}\n{STYLE}", 1)
    check(html)
    return html


def check(html: str) -> None:
    """Raises PageError if the page lacks the policy, names a known analytics service, or loads from outside."""
    if html.count(_META) != 1:
        raise PageError("the page has no Content-Security-Policy")
    # Evidence may say anything: the two scripts that hold it are not searched for words.
    markup = _SCRIPT.sub(lambda script: f"<script{script[1]}>{'' if _is_data(script) else script[2]}</script>", html)
    known = [word for word in _KNOWN if word in markup]
    if known:
        raise PageError(f"the page still calls for {', '.join(known)}")
    outside = [found[1] for tag in _TAG.finditer(markup) if (found := _OUTSIDE.search(tag[0]))]
    if outside:
        raise PageError(f"the page loads from outside: {', '.join(outside)}")


def _is_analytics(script: re.Match[str]) -> bool:
    return "googletagmanager.com" in script[1] or script[2].lstrip().startswith("window.dataLayer =")


def _is_data(script: re.Match[str]) -> bool:
    return script[2].lstrip().startswith(("window.allureReportOptions =", "Promise.allSettled([d("))
