"""A page opened from a disk in Chromium, and what the browser saw: requests, console, places, print, accessibility."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright

SCREEN = (1280, 800)
OUT = Path(__file__).parents[2] / "build" / "browser"  # screenshots and prints, kept as CI's output
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
_INSIDE = ("data:", "blob:", "about:")  # no request of these leaves the page
_AXE = {"resultTypes": ["violations"], "iframes": False}  # it would post messages into frames, which is a complaint
_OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"
# Every text of the page but what is for those who cannot see it. What is folded counts: paper must unfold it.
_TEXTS = """(shown) => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const hidden = (tag) => tag && (['SCRIPT', 'STYLE', 'title', 'desc'].includes(tag.nodeName)
    || getComputedStyle(tag).display === 'none' || getComputedStyle(tag).position === 'fixed'
    || shown && !tag.checkVisibility({visibilityProperty: true, opacityProperty: true}) || hidden(tag.parentElement));
  for (let node; (node = walker.nextNode());)
    if (node.data.trim() && !hidden(node.parentElement)) found.push(node.data);
  return found;
}"""


class NoBrowser(Exception):
    """There is no Chromium; the text says what to do."""


def program() -> str:
    """Chromium as the system has it: none is ever downloaded. Raises NoBrowser."""
    found = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if found is None:
        raise NoBrowser(
            f"no Chromium here (looked for {', '.join(_PROGRAMS)}): apt-get install chromium fonts-noto-cjk"
        )
    return found


def launch(playwright: Playwright) -> Browser:
    """A browser without a window. Raises NoBrowser."""
    alone = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # root has no sandbox
    return playwright.chromium.launch(executable_path=program(), headless=True, args=[*_FLAGS, *alone])


@dataclass
class Visit:
    """A page that is open, and what has happened since."""

    page: Page
    name: str  # of its screenshots
    seconds: float = 0  # until it was loaded
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)  # of the console, errors and refused requests

    def listen(self, context: BrowserContext) -> None:
        """Take down what happens from now on."""

        def say(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                self.complaints.append(message.text)

        context.on("request", lambda request: self.requests.append(request.url))
        context.on("requestfailed", lambda request: self.complaints.append(f"refused: {request.url[:200]}"))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("console", say)

    @property
    def asked_for(self) -> list[str]:
        """Every address that was asked for but the page's own and what it holds itself."""
        own = self.page.url.partition("#")[0]
        return [url for url in self.requests if url.partition("#")[0] != own and not url.startswith(_INSIDE)]

    def seen(self, selector: str) -> list[str]:
        """The texts of all that fits, as far as it lies on the first screen whole."""
        width, height = SCREEN
        return [
            " ".join(one.inner_text().split())
            for one in self.page.locator(selector).all()
            if (box := one.bounding_box())
            and box["x"] >= 0 <= box["y"]
            and box["x"] + box["width"] <= width
            and box["y"] + box["height"] <= height
        ]

    def violations(self) -> dict[str, list[str]]:
        """What axe-core finds with everything unfolded: rules, and the elements that break them."""
        self.page.evaluate(_OPEN_ALL)
        told: list[dict[str, Any]] = Axe().run(self.page, options=_AXE).response["violations"]
        return {one["id"]: [f"{node['html'][:200]}: {node['failureSummary']}" for node in one["nodes"]] for one in told}

    def fonts(self, selector: str) -> list[str]:
        """The fonts with which the first element that fits is really drawn."""
        told = self.page.context.new_cdp_session(self.page)
        for name in ("DOM", "CSS"):
            told.send(f"{name}.enable")
        root = told.send("DOM.getDocument")["root"]["nodeId"]
        node = told.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
        used = told.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        return [str(one["familyName"]) for one in used]

    def texts(self, *, shown: bool = False) -> list[str]:
        """Every text that paper must show; with `shown` not what a program on the page keeps folded."""
        self.page.emulate_media(media="print")
        try:
            return [str(text) for text in self.page.evaluate(_TEXTS, shown)]
        finally:
            self.page.emulate_media(media="null")  # "screen" would be printed too

    def printed(self) -> Path:
        """The page as a PDF, as the page itself wants its paper."""
        path = OUT / f"{self.name}.pdf"
        self.page.pdf(path=path, print_background=True, prefer_css_page_size=True)
        return path

    def shot(self, more: str = "", *, whole: bool = False) -> Path:
        """A picture of the first screen, or of the whole page."""
        path = OUT / f"{self.name}{more}.png"
        self.page.screenshot(path=path, full_page=whole)
        return path


@contextmanager
def visit(browser: Browser, file: Path, name: str, *, ready: str = "h1") -> Iterator[Visit]:
    """Open a file; `ready` is what must be there before anybody can read it."""
    width, height = SCREEN
    context = browser.new_context(viewport={"width": width, "height": height})
    try:
        page = context.new_page()
        seen = Visit(page, name)
        seen.listen(context)
        OUT.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        page.goto(file.resolve().as_uri(), wait_until="load")
        page.locator(ready).first.wait_for()
        seen.seconds = time.monotonic() - began
        yield seen
    finally:
        context.close()
