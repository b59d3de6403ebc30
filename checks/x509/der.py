"""Read DER one layer at a time: the elements of a SEQUENCE or SET, whatever they contain.

Parsers of whole certificates reject a certificate for a single malformed part, while Java accepts many of those
(`tests/checks/odd.py` has a list). So certificates are taken apart here.
"""

from __future__ import annotations

from functools import lru_cache

from pyasn1.codec.der import decoder
from pyasn1.error import PyAsn1Error
from pyasn1.type import univ

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, OBJECT_IDENTIFIER, SEQUENCE, SET = 1, 2, 3, 4, 6, 0x30, 0x31
_END_OF_CONTENTS, _LONG_TAG, _CONSTRUCTED, _CONTINUED = 0, 0x1F, 0x20, 0x80
_LONGEST_IDENTIFIER = 4096  # bytes, as Java has it


class NotDer(ValueError):
    """The bytes are not the expected DER; the text says in what."""


def tag(element: bytes) -> int:
    """The tag of an element, which is its first byte; -1 for no bytes."""
    return element[0] if element else -1


def elements(der: bytes, of: int = SEQUENCE) -> tuple[bytes, ...]:
    """The elements of a whole SEQUENCE (or SET), each still with its own tag and length. Raises NotDer."""
    if tag(der) != of:
        raise NotDer("no SEQUENCE" if of == SEQUENCE else "no SET")
    at, end = _extent(der, 0, len(der))
    if end != len(der):
        raise NotDer("there is more behind its end")
    found = []
    while at < end:
        if der[at] & ~_CONSTRUCTED == _END_OF_CONTENTS:
            raise NotDer("an end where there is none")
        _, after = _extent(der, at, end)
        found.append(der[at:after])
        at = after
    return tuple(found)


def _extent(der: bytes, at: int, end: int) -> tuple[int, int]:
    """The start and end of the content of the element at `at`. Raises NotDer if it does not end by `end`."""
    start = at + 1
    if der[at] & _LONG_TAG == _LONG_TAG:
        while start < end and der[start] & _CONTINUED:
            start += 1
        start += 1
    if start < end:
        length, start = der[start], start + 1
        if length & _CONTINUED:
            begin, start = start, start + (length & ~_CONTINUED)
            length = int.from_bytes(der[begin:start], "big") if begin < start <= end else end
        if start + length <= end:
            return start, start + length
    raise NotDer("it does not come to its end")


def content(element: bytes, of: int) -> bytes:
    """The content of an element with this tag. Raises NotDer for another tag, or when the element is not complete."""
    if tag(element) != of or len(element) < 2:
        raise NotDer(f"no element with the tag {of:#x}")
    start, length = 2, element[1]
    if length > 0x7F:
        start = 2 + (length & 0x7F)
        length = int.from_bytes(element[2:start], "big")
    if len(element) != start + length:
        raise NotDer("an element of another length than it says")
    return element[start:]


def integer(element: bytes) -> int:
    """An INTEGER, negative ones too. Raises NotDer."""
    value = content(element, INTEGER)
    if not value:
        raise NotDer("an INTEGER of no bytes")
    return int.from_bytes(value, "big", signed=True)


def bits(element: bytes) -> bytes:
    """The bytes of a BIT STRING; bits that its last byte does not use are zero. Raises NotDer."""
    value = content(element, BIT_STRING)
    if not value:
        raise NotDer("a BIT STRING of no bytes")
    return value[1:]


@lru_cache(maxsize=512)
def identifier(element: bytes) -> str:
    """An OBJECT IDENTIFIER with dots. Raises NotDer."""
    if len(content(element, OBJECT_IDENTIFIER)) > _LONGEST_IDENTIFIER:
        raise NotDer("an OBJECT IDENTIFIER that is too long")
    try:
        return str(decoder.decode(element, asn1Spec=univ.ObjectIdentifier())[0])
    except (PyAsn1Error, IndexError, ValueError, TypeError) as error:
        raise NotDer("no OBJECT IDENTIFIER") from error
