"""SOAP envelopes: requests, read without trusting them; answers, written as Windows writes them."""

from __future__ import annotations

import re
import uuid
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from lab.wsman.faults import (
    NOT_UNDERSTOOD,
    Fault,
    FaultError,
    NotUnderstoodError,
    detail_uri,
    invalid_schema,
)

SHELL: Final = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
CMD: Final = f"{SHELL}/cmd"
TRANSFER: Final = "http://schemas.xmlsoap.org/ws/2004/09/transfer"

_NAMESPACES: Final = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "a": "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    "x": TRANSFER,
    "e": "http://schemas.xmlsoap.org/ws/2004/08/eventing",
    "n": "http://schemas.xmlsoap.org/ws/2004/09/enumeration",
    "w": "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd",
    "rsp": SHELL,
    "p": "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd",
}
_PROVIDER = 'provider="Shell cmd plugin" path="%systemroot%\\system32\\winrscmd.dll"'
_WSMAN_FAULT = "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault"
_ADDRESSING_FAULT = "http://schemas.xmlsoap.org/ws/2004/08/addressing/fault"
_ANONYMOUS = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"

_DURATION = re.compile(r"P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?")
_UNDERSTOOD = {
    *(("a", name) for name in ("Action", "From", "FaultTo", "MessageID", "RelatesTo", "ReplyTo", "To")),
    *(("w", name) for name in ("Locale", "MaxEnvelopeSize", "OperationTimeout", "OptionSet", "ResourceURI")),
    ("w", "SelectorSet"),
    *(("p", name) for name in ("ActivityId", "DataLocale", "OperationID", "SequenceId", "SessionId")),
    ("rsp", "CompressionType"),
}


def tag(name: str) -> str:
    """Return the name ElementTree uses for an element: `w:Option` becomes `{http://...}Option`."""
    prefix, _, local = name.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


@dataclass(frozen=True)
class Envelope:
    """A request. Texts are empty and numbers None where the client sent none."""

    message_id: str
    size: int  # of the whole envelope, in bytes
    header: ET.Element
    body: ET.Element
    options: dict[str, str] = field(default_factory=dict)
    selectors: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return the text of a header such as `a:Action`."""
        return (self.header.findtext(tag(name)) or "").strip()

    @property
    def operation_timeout(self) -> float | None:
        """The operation timeout in seconds. Raises FaultError if the client's duration is malformed."""
        text = self.text("w:OperationTimeout")
        return seconds(text) if text else None

    @property
    def max_envelope_size(self) -> int | None:
        """The number of bytes that an answer may have. Raises FaultError if it is not a number."""
        text = self.text("w:MaxEnvelopeSize")
        if not text:
            return None
        if not re.fullmatch("[0-9]{1,10}", text):
            raise FaultError(invalid_schema("an element MaxEnvelopeSize that is invalid"))
        return int(text)

    def check_understood(self) -> None:
        """Raise NotUnderstoodError for the first header that must be understood and is not known here."""
        known = {tag(f"{prefix}:{name}") for prefix, name in _UNDERSTOOD}
        for element in self.header:
            if element.get(tag("s:mustUnderstand"), "").lower() in {"true", "1"} and element.tag not in known:
                namespace, _, name = element.tag.rpartition("}")
                raise NotUnderstoodError(namespace.removeprefix("{"), name)


def parse(data: bytes) -> Envelope:
    """Return the envelope in a request's body. Raises FaultError if it is not well-formed XML, or no SOAP envelope."""
    try:
        text = data.decode("utf-8-sig")
        # Without a document type there are no entities to expand. Decoding first makes this test see the text that the
        # parser will see, whatever encoding the declaration claims.
        if "<!DOCTYPE" in text:
            raise FaultError(invalid_schema("a document type"))
        root = ET.fromstring(text)  # noqa: S314 - document types were refused above
    except (ET.ParseError, ValueError):
        raise FaultError(invalid_schema("no well-formed XML")) from None
    header, body = root.find(tag("s:Header")), root.find(tag("s:Body"))
    if root.tag != tag("s:Envelope") or header is None or body is None:
        raise FaultError(invalid_schema("no SOAP envelope"))
    return Envelope(
        message_id=(header.findtext(tag("a:MessageID")) or "").strip(),
        size=len(data),
        header=header,
        body=body,
        options=_named(header, "w:OptionSet/w:Option"),
        selectors=_named(header, "w:SelectorSet/w:Selector"),
    )


def _named(header: ET.Element, path: str) -> dict[str, str]:
    elements = header.findall("/".join(tag(step) for step in path.split("/")))
    return {element.get("Name", ""): (element.text or "").strip() for element in elements}


def seconds(duration: str) -> float:
    """Return the seconds of an xs:duration such as `PT20S` or `P0DT1H2M3.5S`. Raises FaultError for anything else."""
    parts = _DURATION.fullmatch(duration.strip())
    if parts is None or not any(parts.groups()):
        raise FaultError(invalid_schema("a duration that is invalid"))
    days, hours, minutes, rest = (float(part or 0) for part in parts.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest


def new_id() -> str:
    """Return an identifier as Windows writes it: a UUID in upper case."""
    return str(uuid.uuid4()).upper()


def answer(action: str, relates_to: str, body: str, prefixes: str = "s a x w rsp p") -> bytes:
    """Return the envelope of an answer.

    `body` is XML; `prefixes` are the namespaces that Windows declares for this answer.
    """
    return _envelope(action, relates_to, body, prefixes)


def fault(fault: Fault, relates_to: str, machine: str) -> bytes:
    """Return the envelope of a fault; `machine` is the host that reports it."""
    value = "s:Receiver" if fault.receiver else "s:Sender"
    message = escape(fault.message or fault.reason)
    if fault.provider:
        message = f"<f:ProviderFault {_PROVIDER}>{message}</f:ProviderFault>"
    detail = detail_uri(fault)
    body = (
        f"<s:Fault><s:Code><s:Value>{value}</s:Value><s:Subcode><s:Value>{fault.subcode}</s:Value></s:Subcode></s:Code>"
        f'<s:Reason><s:Text xml:lang="en-US">{escape(fault.reason)}</s:Text></s:Reason><s:Detail>'
        + (f"<w:FaultDetail>{detail}</w:FaultDetail>" if detail else "")
        + '<f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" '
        f'Code="{fault.code}" Machine={quoteattr(machine)}><f:Message>{message}</f:Message></f:WSManFault>'
        "</s:Detail></s:Fault>"
    )
    return _envelope(_WSMAN_FAULT, relates_to, body, "s a x e n w p")


def not_understood(error: NotUnderstoodError, relates_to: str) -> bytes:
    """Return the envelope that names a header the client insists on and this server does not know."""
    name = quoteattr(f"h:{error.name}" if error.namespace else error.name)
    header = (
        f"<s:NotUnderstood qname={name} xmlns:h={quoteattr(error.namespace)}/>"
        if error.namespace
        else (f"<s:NotUnderstood qname={name}/>")
    )
    body = (
        "<s:Fault><s:Code><s:Value>s:MustUnderstand</s:Value></s:Code>"
        f'<s:Reason><s:Text xml:lang="en-US">{NOT_UNDERSTOOD}</s:Text></s:Reason></s:Fault>'
    )
    return _envelope(_ADDRESSING_FAULT, relates_to, body, "s a x e n w rsp p", header)


def _envelope(action: str, relates_to: str, body: str, prefixes: str, header: str = "") -> bytes:
    declared = " ".join(f'xmlns:{prefix}="{_NAMESPACES[prefix]}"' for prefix in prefixes.split())
    related = f"<a:RelatesTo>{escape(relates_to)}</a:RelatesTo>" if relates_to else ""
    return (
        f'<s:Envelope xml:lang="en-US" {declared}><s:Header><a:Action>{action}</a:Action>'
        f"<a:MessageID>uuid:{new_id()}</a:MessageID><p:ActivityId>{new_id()}</p:ActivityId><a:To>{_ANONYMOUS}</a:To>"
        f"{related}{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    ).encode()
