"""Message encryption over plain HTTP: the multipart form of MS-WSMV 2.2.9.1 around an NTLM context's seal."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spnego import ContextProxy

PROTOCOL = "application/HTTP-SPNEGO-session-encrypted"
BOUNDARY = "Encrypted Boundary"
CONTENT_TYPE = f'multipart/encrypted;protocol="{PROTOCOL}";boundary="{BOUNDARY}"'

_PAYLOAD_HEADER = b"\tContent-Type: application/octet-stream\r\n"
_ORIGINAL_LENGTH = re.compile(rb"\tOriginalContent: [^\r\n]*;Length=([0-9]{1,9})\r\n", re.IGNORECASE)


class EncryptionError(Exception):
    """The body is not an encrypted message of this connection's context."""


def is_encrypted(content_type: str) -> bool:
    """True if a request declares its body sealed by the connection's NTLM context."""
    return content_type.lower().startswith("multipart/encrypted") and PROTOCOL.lower() in content_type.lower()


def seal(context: ContextProxy, message: bytes) -> bytes:
    """Return the multipart body of an encrypted message. Part headers start with a tab: clients look for it."""
    signature, sealed, padding = context.wrap_winrm(message)
    head = (
        f"--{BOUNDARY}\r\n"
        f"\tContent-Type: {PROTOCOL}\r\n"
        f"\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length={len(message) + padding}\r\n"
        f"--{BOUNDARY}\r\n"
    ).encode("ascii")
    end = f"--{BOUNDARY}--\r\n".encode("ascii")
    return head + _PAYLOAD_HEADER + struct.pack("<I", len(signature)) + signature + sealed + end


def unseal(context: ContextProxy, body: bytes) -> bytes:
    """Return the plain message of a multipart body. Raises EncryptionError if it is malformed or was tampered with."""
    head, found, payload = body.partition(_PAYLOAD_HEADER)
    length = _ORIGINAL_LENGTH.search(head)
    # Some clients put a blank between the dashes and the boundary's name.
    end = re.search(rb"-- ?" + BOUNDARY.encode("ascii") + rb"--(\r\n)?\Z", payload)
    if not found or length is None or end is None or end.start() < 4:
        raise EncryptionError("not a multipart/encrypted message")
    (size,) = struct.unpack_from("<I", payload)
    sealed = payload[4 : end.start()]
    if size > len(sealed):
        raise EncryptionError("the signature is longer than the message")
    try:
        message = context.unwrap_winrm(sealed[:size], sealed[size:])
    except Exception as error:  # the errors for a foreign seal are the library's own and differ between mechanisms
        raise EncryptionError("the seal does not fit") from error
    if len(message) != int(length[1]):
        raise EncryptionError("the length does not fit")
    return message
