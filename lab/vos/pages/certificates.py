"""Certificate Management: the list, one certificate, its download and its deletion."""

from __future__ import annotations

from typing import NamedTuple

from aiohttp import web

from lab.certificates import pem
from lab.faults.vos import CertificateNotShown
from lab.vos.dump import own_text, text
from lab.vos.pages.listing import COLUMNS, OPERATORS, ROWS_PER_PAGE, Query, page_of
from lab.vos.pages.shown import TRUSTED, Shown, find_shown, shown_certificates
from lab.vos.pages.visit import Visit, html

GONE = "The certificate does not exist."
EMPTY = "The requested certificate could not be read."
DELETED = "Certificate deleted successfully."
NOT_DELETABLE = "Only trust certificates can be deleted."


class Format(NamedTuple):
    """A file format for downloads."""

    suffix: str
    content_type: str


FORMATS = {"pem": Format(".pem", "application/x-pem-file"), "der": Format(".der", "application/x-x509-ca-cert")}


def home(visit: Visit) -> web.Response:
    """Return the first page after the login."""
    node = visit.node
    return html("home.html", fqdn=node.fqdn, version=node.about.release_data.active_version, user=visit.session.user)


def certificate_list(visit: Visit) -> web.Response:
    """Return the list: empty until rows are requested."""
    query = Query.of(visit.texts)
    rows = [shown.row() for shown in shown_certificates(visit.node)] if query.asked else []
    return visit.form(
        "list.html",
        query=query,
        page=page_of(rows, query),
        columns=COLUMNS,
        operators=OPERATORS,
        rows_per_page=ROWS_PER_PAGE,
    )


def detail(visit: Visit) -> web.Response:
    """Return the pop-up of one certificate."""
    shown = find_shown(visit.node, visit.text("cert"))
    if shown is None:
        return visit.message(GONE)
    return visit.form(
        "detail.html",
        path=shown.path,
        deletable=shown.type == TRUSTED,
        settings=shown.settings,
        dump=_words(visit, shown),
    )


def download(visit: Visit) -> web.Response:
    """Return the certificate as a file."""
    shown, wanted = find_shown(visit.node, visit.text("cert")), FORMATS.get(visit.text("format"))
    if shown is None or wanted is None:
        return visit.message(GONE)
    if visit.fault(CertificateNotShown, lambda fault: fault.fits(shown.file_name)):
        return visit.message(EMPTY)
    name = f"{shown.file_name.removesuffix('.pem')}{wanted.suffix}"
    body = shown.der if wanted is FORMATS["der"] else pem(shown.der)
    # VOS's own file names hold no character that a header would have to escape.
    headers = {"Content-Disposition": f'attachment; filename="{name.encode("ascii", "replace").decode()}"'}
    return web.Response(body=body, content_type=wanted.content_type, headers=headers)


def delete(visit: Visit) -> web.Response:
    """Delete a trust certificate and return the pop-up that says so."""
    shown = find_shown(visit.node, visit.text("cert"))
    if shown is None or shown.type != TRUSTED:
        message = NOT_DELETABLE if shown else GONE
        visit.outcome = f"{visit.text('cert')}: {message}"
        return html("closed.html", message=message, icon="Error")
    visit.changed = visit.node.trusts[shown.purpose].delete(shown.file_name)
    visit.outcome = f"{shown.purpose}/{shown.file_name}: deleted"
    return html("closed.html", message=DELETED, icon="Success")


def _words(visit: Visit, shown: Shown) -> str:
    # Only the node's own certificates have the PEM after their words.
    return (text if shown.type == TRUSTED else own_text)(shown.der, visit.node.about.release_data.dump)
