"""One request of a logged-in user, as the pages see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar

from aiohttp import web

from lab.faults.kinds import Fault
from lab.faults.vos import NoFormToken
from lab.vos.node import Node
from lab.vos.pages.rendering import render
from lab.vos.pages.sessions import Session

Kind = TypeVar("Kind", bound=Fault)
Fields = Mapping[str, str | web.FileField | bytes | bytearray]


@dataclass
class Visit:
    """The input of a page. `fields` are the address's parameters, or those of the form that was sent.

    A page writes down what it did in `outcome`, for the audit log, and in `changed` whether that changed the node.
    """

    node: Node
    session: Session
    fields: Fields
    outcome: str = ""
    changed: bool = False

    def text(self, name: str) -> str:
        """Return a field; empty when it is missing or a file."""
        value = self.fields.get(name, "")
        return value if isinstance(value, str) else ""

    @property
    def texts(self) -> Mapping[str, str]:
        """The fields that are no files."""
        return {name: value for name, value in self.fields.items() if isinstance(value, str)}

    def fault(self, kind: type[Kind], concerns: Callable[[Kind], bool] = lambda _: True) -> Kind | None:
        """Return the fault that holds for this request, and count it; None if there is none."""
        return self.node.faults.take(kind, concerns) if self.node.faults else None

    def redeems_token(self) -> bool:
        """Use the form's token up; True if it was the valid one."""
        return self.text("struts.token.name") == "token" and self.session.redeem(self.text("token"))

    def form(self, template: str, **values: Any) -> web.Response:
        """Return a page with a form, which carries the session's next token."""
        token = "" if self.fault(NoFormToken) else self.session.new_token()
        return html(template, token=token, user=self.session.user, **values)

    def message(self, text: str) -> web.Response:
        """Return a page with one message."""
        return html("message.html", message=text, user=self.session.user)


def redirect(status: HTTPStatus, location: str) -> web.Response:
    """Return a redirection to another page."""
    return web.Response(status=status, headers={"Location": location})


def html(template: str, **values: Any) -> web.Response:
    """Return a page."""
    return web.Response(text=render(template, **values), content_type="text/html")
