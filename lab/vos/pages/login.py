"""The login as Tomcat's form authentication does it: it then redirects to the requested page."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from lab.vos.node import Event, Node
from lab.vos.pages.sessions import Session, Sessions
from lab.vos.pages.visit import Fields, html, redirect

COOKIE = "JSESSIONID"
REFUSED = "Log on failed - Invalid User ID or Password."  # a locked account gets the same text


class Login:
    """The login form and its check."""

    def __init__(self, node: Node, sessions: Sessions) -> None:
        self._node = node
        self._sessions = sessions

    def ask(self, wanted: str) -> web.Response:
        """Return the form, in place of the requested page."""
        return _with_cookie(login_page(), self._sessions.open(wanted))

    def check(self, session: Session | None, fields: Fields) -> web.Response:
        """Return a redirection to the requested page (by default home) with a new cookie, or the form again."""
        user, password = str(fields.get("j_username", "")), str(fields.get("j_password", ""))
        if not self._node.accounts.login(user, password):
            self._node.audit(Event("https", user, "POST /cmplatform/j_security_check", kind="refused"))
            return login_page(REFUSED)
        session = self._sessions.log_in(session, user)
        return _with_cookie(redirect(HTTPStatus.SEE_OTHER, session.wanted), session)


def login_page(message: str = "") -> web.Response:
    """Return the form."""
    return html("login.html", message=message)


def _with_cookie(response: web.Response, session: Session) -> web.Response:
    response.set_cookie(COOKIE, session.identifier, path="/cmplatform", secure=True, httponly=True)
    return response
