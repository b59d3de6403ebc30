"""Upload Certificate/Certificate chain: the pop-up, from which a second file can be sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiohttp import web

from lab.faults.vos import OlderUploadRefused, UploadNotStored
from lab.tables.vos_roles import TOMCAT
from lab.vos.certificates import common_name, read
from lab.vos.node import Node
from lab.vos.pages.visit import Visit
from lab.vos.trust import Added, TrustList

READY = "Status: Ready"
SUCCESS = (
    "Success: Certificate Uploaded. Restart the Cisco Tomcat web service using the CLI "
    "'utils service restart Cisco Tomcat'."
)
NO_FILE = "Error: Please select a file to upload."
NO_SUCH_PURPOSE = "Error: Invalid certificate type."
UNREADABLE = "Error: Error while reading the certificate."
NO_CSR = "File /usr/local/platform/.security/{purpose}/keys/{purpose}.csr Does Not Exist"
NO_AUTHORITY = "CA Certificate is Not Available in the Trust-Store"
OLDER = "Error: A newer certificate with this name exists."
# The page's text for each outcome. A newer one that is kept is reported as a success: only the list shows it.
SAID: Mapping[Added, str] = {
    Added.STORED: SUCCESS,
    Added.REPLACED: SUCCESS,
    Added.KEPT_NEWER: SUCCESS,
    Added.ALREADY_THERE: "Error: Certificate already exists.",
    Added.EXPIRED: "Error: The certificate has expired.",
    Added.UNREADABLE: UNREADABLE,
    Added.TOO_LONG: "Error: The maximum size of a certificate is 4096 bits.",
    Added.WILDCARD: "Error: Certificates with a wildcard entry are not supported.",
}


def upload_form(visit: Visit) -> web.Response:
    """Return the pop-up before anything was sent."""
    return _page(visit, TOMCAT, READY)


def upload(visit: Visit) -> web.Response:
    """Add the uploaded certificate to the trust list, unless it is refused; return a page that reports the outcome."""
    purpose, file = visit.text("name"), visit.fields.get("file")
    if not isinstance(file, web.FileField) or not file.filename:
        return _page(visit, purpose, NO_FILE)
    content = file.file.read()
    if purpose in visit.node.trusts:
        message = _add_to_trust(visit, visit.node.trusts[purpose], content)
    elif purpose in visit.node.own_purposes():
        message = _instead_of_own(visit.node, purpose, content)
    else:
        message = NO_SUCH_PURPOSE
    visit.outcome = f"{purpose}: {_name(content)}: {visit.outcome or message}"
    return _page(visit, purpose, message)


def _add_to_trust(visit: Visit, trust: TrustList, content: bytes) -> str:
    if visit.fault(UploadNotStored, lambda fault: fault.fits(_name(content))):
        visit.outcome = "not stored"
        return SUCCESS
    added = trust.add(content, visit.text("description").strip() or "Trust Certificate")
    visit.changed = added in (Added.STORED, Added.REPLACED)
    visit.outcome = added.value
    if added is Added.KEPT_NEWER and visit.fault(OlderUploadRefused, lambda fault: fault.fits(_name(content))):
        return OLDER
    return SAID[added]


def _instead_of_own(node: Node, purpose: str, content: bytes) -> str:
    """Return the reason why a certificate for an own identity is refused.

    The lab's nodes have no signing request; an unknown issuer is reported first.
    """
    try:
        certificate = read(content)
    except ValueError:
        return UNREADABLE
    authorities = [entry.certificate.subject for entry in node.trust.list()]
    known = certificate.issuer == certificate.subject or certificate.issuer in authorities
    return NO_CSR.format(purpose=purpose) if known else NO_AUTHORITY


def _page(visit: Visit, purpose: str, message: str) -> web.Response:
    icon = "Success" if message == SUCCESS else "Status" if message == READY else "Error"
    values = {"purposes": _purposes(visit.node), "chosen": purpose, "message": message, "icon": icon}
    return visit.form("upload.html", **values)


def _purposes(node: Node) -> Sequence[str]:
    return sorted([*node.own_purposes(), *node.trusts])


def _name(content: bytes) -> str:
    """Return the common name, for the audit log."""
    try:
        return f"CN={common_name(read(content))}"
    except ValueError:
        return f"{len(content)} bytes"
