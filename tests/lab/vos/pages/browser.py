"""A browser for the pages of an appliance: requests over TLS, and just enough HTML to fill in a form."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import requests
from requests.adapters import HTTPAdapter

Attributes = list[tuple[str, str | None]]


@dataclass
class Form:
    """One form: where it goes, and what it sends unless somebody changes it."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """What is on a page."""

    def __init__(self, response: requests.Response) -> None:
        super().__init__()
        self.url = response.url
        self.path = response.url.partition("/cmplatform")[2]
        self.text = response.text
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self.rows: list[list[str]] = []
        self.status = ""
        self._select = ""
        self._link: str | None = None
        self._in_cell = self._in_status = False
        self.feed(self.text)

    @property
    def form(self) -> Form:
        [form] = self.forms
        return form

    @property
    def token(self) -> str | None:
        return self.form.values.get("token")

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        given = {name: value or "" for name, value in attrs}
        match tag:
            case "form":
                self.forms.append(Form(given["action"], given["method"]))
            case "input":
                self._input(given)
            case "select":
                self._select = given["name"]
                self.form.options[self._select] = []
            case "option":
                self._option(given)
            case "a":
                self._link = given["href"]
                self.links[""] = ""
            case "tr":
                self.rows.append([])
            case "td" | "th":
                self._in_cell, self._in_status = True, given.get("class") == "cuesStatusMessage"
                self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._link = None
        if tag in ("td", "th"):
            self._in_cell = self._in_status = False

    def handle_data(self, data: str) -> None:
        if self._link is not None:
            self.links[data] = self._link
        if self._in_cell:
            self.rows[-1][-1] += data
        if self._in_status:
            self.status += data

    def _input(self, given: dict[str, str]) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        if given["type"] == "submit":
            self.form.buttons[name] = value
        elif name and given["type"] != "file":
            self.form.values[name] = value

    def _option(self, given: dict[str, str]) -> None:
        form = self.form
        form.options[self._select].append(given["value"])
        if "selected" in given or len(form.options[self._select]) == 1:
            form.values[self._select] = given["value"]


class ByName(HTTPAdapter):
    """Connections to an address whose certificate must have another name."""

    def __init__(self, name: str) -> None:
        self._name = name
        super().__init__()

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        super().init_poolmanager(*args, **more, assert_hostname=self._name)


class Browser(requests.Session):
    """Somebody at a browser who trusts one certificate of this name and nothing else."""

    def __init__(self, address: str, name: str, trusted: str) -> None:
        super().__init__()
        self.home = f"https://{address}"
        self.trust_env = False
        self.verify = trusted
        self.mount("https://", ByName(name))

    def visit(self, path: str = "/cmplatform", **parameters: Any) -> Page:
        return Page(self.get(urljoin(self.home, path), params=parameters, timeout=5))

    def submit(self, page: Page, files: Any = None, **values: str) -> Page:
        form = page.form
        assert form.method == "post"
        return Page(self.post(urljoin(page.url, form.action), data={**form.values, **values}, files=files, timeout=5))

    def log_in(self, user: str, password: str, path: str = "/cmplatform") -> Page:
        return self.submit(self.visit(path), j_username=user, j_password=password)

    def find(self, **values: str) -> Page:
        """The certificate list after Find."""
        page = self.visit("/cmplatform/certificateFindList.do")
        return self.submit(page, findButton="Find", **values)

    def upload(self, content: bytes, page: Page | None = None, purpose: str = "tomcat-trust", **values: str) -> Page:
        page = page or self.visit("/cmplatform/certificateUpload.do")
        return self.submit(page, files={"file": ("certificate.pem", content)}, name=purpose, **values)
