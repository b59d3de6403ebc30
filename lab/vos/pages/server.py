"""The web server of a started Cisco Tomcat: TLS, HTTP/1.1, sessions. All its state is lost at a restart."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus

from aiohttp import web
from aiohttp.http import HttpProcessingError

from lab.certificates import Identity
from lab.faults.kinds import Clock, PowerCut, Unreachable
from lab.faults.vos import WebSessionLost
from lab.tls import Listener, server_context
from lab.vos.node import Event, Node
from lab.vos.pages import certificates, upload
from lab.vos.pages.login import COOKIE, Login, login_page
from lab.vos.pages.sessions import HOME, Session, Sessions
from lab.vos.pages.visit import Fields, Visit, html, redirect

CHANNEL = "https"
SHUTDOWN = 0.1  # seconds until a request in progress is cut off
INVALID_TOKEN = "The form has already been processed or no token was supplied, please try again."  # noqa: S105  # Struts's words
ROOT = "/cmplatform"
Page = Callable[[Visit], web.Response]
# These pages are for logged-in users.
PAGES: Mapping[tuple[str, str], Page] = {
    ("GET", f"{ROOT}/"): lambda _visit: redirect(HTTPStatus.FOUND, HOME),
    ("GET", HOME): certificates.home,
    ("GET", f"{ROOT}/certificateFindList.do"): certificates.certificate_list,
    ("POST", f"{ROOT}/certificateFindList.do"): certificates.certificate_list,
    ("GET", f"{ROOT}/certificateEdit.do"): certificates.detail,
    ("GET", f"{ROOT}/certificateDownload.do"): certificates.download,
    ("POST", f"{ROOT}/certificateDelete.do"): certificates.delete,
    ("GET", f"{ROOT}/certificateUpload.do"): upload.upload_form,
    ("POST", f"{ROOT}/certificateUpload.do"): upload.upload,
}

_log = logging.getLogger(__name__)
_http_log = logging.getLogger(f"{__name__}.http")
_http_log.setLevel(logging.CRITICAL)  # non-HTTP traffic of clients is of no interest


class PagesServer:
    """The web server of one node's pages. Implements `lab.tls.Listener`."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.sessions = Sessions()
        self._login = Login(node, self.sessions)
        self._for_everybody: Mapping[tuple[str, str], Callable[[Session | None, Fields], web.Response]] = {
            ("GET", "/"): lambda _session, _fields: html("root.html"),
            ("GET", ROOT): lambda _session, _fields: redirect(HTTPStatus.FOUND, f"{ROOT}/"),
            ("POST", f"{ROOT}/j_security_check"): self._login.check,
            ("GET", f"{ROOT}/logout.do"): self._log_out,
        }
        server = web.Server(self._answer, access_log=None, logger=_http_log)
        self._runner = web.ServerRunner(server, shutdown_timeout=SHUTDOWN)
        self._closed = False

    async def listen(self, address: str, port: int, *leaves: Identity, tls: str = "") -> None:
        """Start to listen. Raises OSError when the port is taken or OpenSSL cannot use a certificate."""
        await self._runner.setup()
        try:
            context = server_context(*leaves, tls=tls)
            await web.TCPSite(self._runner, address, port, ssl_context=context).start()
        except OSError:
            await self._runner.cleanup()
            raise

    async def close(self) -> None:
        """Stop listening and drop every connection."""
        self._closed = True
        await self._runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if (self._closed or self._away()) and request.transport:  # the handshake may have ended after the close
            request.transport.abort()
        try:
            response = await self._respond(request)
            if self._away() and request.transport:
                request.transport.abort()
        except web.HTTPException:
            raise
        except Exception:  # noqa: BLE001  # a fault of the lab costs one answer, not the server
            _log.exception("a page of %s failed", self.node.fqdn)
            response = web.Response(status=HTTPStatus.INTERNAL_SERVER_ERROR)
        clock = self.node.faults.find(Clock) if self.node.faults else None
        now = datetime.now(UTC) + timedelta(seconds=clock.seconds if clock else 0)
        response.headers["Date"] = format_datetime(now, usegmt=True)
        response.headers["Server"] = "Apache-Coyote/1.1"
        return response

    def _away(self) -> bool:
        """True if requests are dropped: the node is off, or a fault makes its pages unreachable."""
        faults = self.node.faults
        return not self.node.booted or bool(faults and faults.find(Unreachable, lambda fault: fault.pages))

    async def _respond(self, request: web.BaseRequest) -> web.StreamResponse:
        method = "GET" if request.method == "HEAD" else request.method
        session = self._session(request)
        for_everybody = self._for_everybody.get((method, request.path))
        if for_everybody:
            return for_everybody(session, await _fields(method, request))
        if not request.path.startswith(f"{ROOT}/"):
            return web.Response(status=HTTPStatus.NOT_FOUND)
        if session is None or not session.user:
            return self._login.ask(request.path_qs if method == "GET" else HOME)
        page = PAGES.get((method, request.path))
        if page is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        visit = Visit(self.node, session, await _fields(method, request))
        return self._show(page, visit, method, request.path)

    def _show(self, page: Page, visit: Visit, method: str, path: str) -> web.Response:
        if method == "POST" and not visit.redeems_token():
            visit.outcome, response = "invalid token", visit.message(INVALID_TOKEN)
        else:
            response = self._opened(page, visit, f"{method} {path}")
        text = f"{method} {path}{': ' if visit.outcome else ''}{visit.outcome}"
        name = f"web {visit.session.number}"
        self.node.audit(Event(CHANNEL, visit.session.user, text, changed=visit.changed, session=name))
        return response

    def _opened(self, page: Page, visit: Visit, asked: str) -> web.Response:
        """Return the page's answer; nobody receives it if the power fails.

        The power fails before the page changes anything, when it has changed everything, or in between (`torn`).
        """
        cut = visit.fault(PowerCut, lambda fault: fault.fits(asked))
        if cut is None:
            return page(visit)
        before = {unit: set(trust.list()) for unit, trust in self.node.trusts.items()}
        if cut.after or cut.torn:
            page(visit)
        for unit, trust in {} if cut.after else self.node.trusts.items():
            for entry in set(trust.list()) - before[unit]:
                trust.delete(entry.name)
        self.node.lose_power(cut)
        return web.Response()

    def _session(self, request: web.BaseRequest) -> Session | None:
        session = self.sessions.find(request.cookies.get(COOKIE, ""))
        faults = self.node.faults
        if session and session.user and faults and faults.take(WebSessionLost):
            self.sessions.forget(session)
            return None
        return session

    def _log_out(self, session: Session | None, _fields: Fields) -> web.Response:
        if session:
            self.sessions.forget(session)
        return login_page()


async def _fields(method: str, request: web.BaseRequest) -> Fields:
    """Return the fields of the form or the address. Raises HTTPBadRequest for a malformed form."""
    try:
        return await request.post() if method == "POST" else request.query
    except (ValueError, HttpProcessingError) as error:
        raise web.HTTPBadRequest from error


def serve_pages(node: Node) -> None:
    """Let the node's Cisco Tomcat serve the pages from its next start; each start begins without sessions."""

    async def opened(address: str, port: int, *leaves: Identity, tls: str = "") -> Listener:
        server = PagesServer(node)
        await server.listen(address, port, *leaves, tls=tls)
        return server

    node.serve_pages(opened)
