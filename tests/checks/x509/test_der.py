"""One layer of DER: its elements, or that it is none; whatever the bytes are, nothing else comes of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.x509 import der
from tests.checks.odd import tlv

LISTS: dict[str, tuple[bytes, tuple[bytes, ...]]] = {
    "nothing in it": (b"\x30\x00", ()),
    "two elements": (tlv(0x30, b"\x05\x00", b"\x02\x01\x07"), (b"\x05\x00", b"\x02\x01\x07")),
    "a long element": (tlv(0x30, tlv(4, b"x" * 300)), (tlv(4, b"x" * 300),)),
    "a length longer than it need be": (b"\x30\x84\x00\x00\x00\x02\x05\x00", (b"\x05\x00",)),
    "a tag of several bytes": (tlv(0x30, b"\x1f\x81\x01\x01x"), (b"\x1f\x81\x01\x01x",)),
}
NO_LISTS: dict[str, bytes] = {
    "nothing": b"",
    "a tag alone": b"\x30",
    "another tag": b"\x04\x00",
    "too short": b"\x30\x02\x05",
    "more behind it": b"\x30\x00\x00",
    "a length without an end": b"\x30\x80\x05\x00\x00\x00",
    "a length of 127 bytes": b"\x30\xff" + b"\xff" * 127,
    "a length beyond all memory": b"\x30\x88" + b"\x7f" * 8 + b"\x05\x00",
    "such a length of an element": tlv(0x30, b"\x04\x88" + b"\x7f" * 8),
    "an element that is cut": tlv(0x30, b"\x04\x05x"),
    "an end where there is none": tlv(0x30, b"\x00\x00"),
    "the same, of a list": tlv(0x30, b"\x20\x00"),
    "a tag that does not end": tlv(0x30, b"\x1f\x81\x81"),
}


@pytest.mark.parametrize("content, elements", LISTS.values(), ids=LISTS)
def test_a_sequence_has_its_elements(content: bytes, elements: tuple[bytes, ...]) -> None:
    assert der.elements(content) == elements


@pytest.mark.parametrize("content", NO_LISTS.values(), ids=NO_LISTS)
def test_what_is_none_is_told(content: bytes) -> None:
    with pytest.raises(der.NotDer):
        der.elements(content)


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_what_was_put_in_comes_out(parts: list[bytes]) -> None:
    elements = tuple(tlv(4, part) for part in parts)
    assert der.elements(tlv(0x31, *elements), der.SET) == elements


def test_an_identifier_has_an_end() -> None:
    assert der.identifier(tlv(6, b"\x2a" + b"\x01" * 4000)).count(".") == 4001
    with pytest.raises(der.NotDer, match="too long"):
        der.identifier(tlv(6, b"\x01" * 4097))
