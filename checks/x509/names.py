"""X.500 names as Java reads and compares them; a value that is malformed text is shown as well as possible.

Java compares the canonical forms of X500Principal: they ignore case, spaces at the ends and repeated spaces, and the
difference between PrintableString and UTF8String. Other kinds of text, and attributes without a keyword in RFC 2253,
are compared by their bytes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from checks.x509 import der

_COMMON_NAME = "CN"
# The keywords of RFC 2253 and 4514, which are also those that Java's canonical form knows.
_KEYWORDS = {
    "2.5.4.3": _COMMON_NAME,
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "STREET",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
}
_UTF8, _PRINTABLE = 0x0C, 0x13
_TEXTS = {
    _UTF8: "utf-8",
    0x12: "ascii",  # NumericString
    _PRINTABLE: "ascii",
    0x14: "latin-1",  # T61String, by its encoding in practice
    0x16: "ascii",  # IA5String
    0x1A: "ascii",  # VisibleString
    0x1B: "latin-1",  # GeneralString
    0x1C: "utf-32-be",  # UniversalString
    0x1E: "utf-16-be",  # BMPString
}
_SPACES = re.compile(" {2,}")
_LONGEST = 1000  # characters of a text that is normalised; X.509 limits most of them to 64
_BLANKS = "".join(map(chr, range(0x21)))  # what Java's trim() removes


@dataclass(frozen=True)
class Attribute:
    """One attribute of a name. `canonical`: what Java compares; `is_text`: False if its text is malformed."""

    keyword: str
    text: str
    canonical: str
    is_text: bool = True


@dataclass(frozen=True)
class Name:
    """A name: its relative names in their order, each of one or more attributes."""

    parts: tuple[tuple[Attribute, ...], ...] = ()

    def __iter__(self) -> Iterator[Attribute]:
        """Every attribute, in the order of the certificate."""
        return (attribute for part in self.parts for attribute in part)

    @property
    def text(self) -> str:
        """The attributes as people read them: `CN=a.example.com, O=Example`."""
        return ", ".join(f"{one.keyword}={one.text}" for one in self)

    @property
    def common_name(self) -> str:
        """The last common name, which Java uses as the host's name; empty if there is none."""
        return next((one.text for one in reversed([*self]) if one.keyword == _COMMON_NAME), "")

    @property
    def canonical(self) -> tuple[tuple[str, ...], ...]:
        """The form for comparison: equal if Java treats two names as equal."""
        return tuple(tuple(sorted(one.canonical for one in part)) for part in self.parts)

    @property
    def is_text(self) -> bool:
        """True if no attribute's text is malformed."""
        return all(one.is_text for one in self)


NO_NAME = Name()


def read(element: bytes) -> Name:
    """The name in these bytes. Raises NotDer if they are no name, but not for malformed text in it."""
    parts = (der.elements(part, der.SET) for part in der.elements(element))
    return Name(tuple(tuple(map(_attribute, part)) for part in parts))


@lru_cache(maxsize=4096)
def _attribute(element: bytes) -> Attribute:
    kind, value, *_ = (*der.elements(element), b"", b"")
    number = der.identifier(kind)
    keyword = _KEYWORDS.get(number, number)
    encoding = _TEXTS.get(der.tag(value))
    as_bytes = f"{keyword}=#{value.hex()}"
    if encoding is None:
        return Attribute(keyword, f"#{value.hex()}", as_bytes)
    raw = der.content(value, der.tag(value))
    text, is_text = _decoded(raw, encoding)
    if keyword == number or der.tag(value) not in (_UTF8, _PRINTABLE):
        return Attribute(keyword, text, as_bytes, is_text)
    return Attribute(keyword, text, f"{keyword}={_canonical(raw.decode('utf-8', 'replace'))}", is_text)


def _decoded(raw: bytes, encoding: str) -> tuple[str, bool]:
    """The text and True; if it is malformed, the text decoded as Latin-1 (which most of those are) and False."""
    try:
        return raw.decode(encoding), True
    except UnicodeDecodeError:
        return raw.decode("latin-1"), False


def _canonical(text: str) -> str:
    folded = _SPACES.sub(" ", text).strip(_BLANKS).upper().lower()
    # Normalisation takes quadratic time in the number of combining marks.
    return folded if folded.isascii() or len(folded) > _LONGEST else unicodedata.normalize("NFKD", folded)
