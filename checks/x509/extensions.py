"""The extensions of a certificate that matter for trust; one that cannot be read counts as absent.

Java does the same, unless the extension is critical: then Java rejects the certificate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from checks.x509 import der

EXTENSIONS, ALTERNATIVE_NAMES, BASIC_CONSTRAINTS = "extensions", "subject alternative name", "basic constraints"
KEY_USAGE, EXTENDED_KEY_USAGE = "key usage", "extended key usage"

_SAN, _BASIC, _USAGE, _EXTENDED = "2.5.29.17", "2.5.29.19", "2.5.29.15", "2.5.29.37"
# Critical extensions that Java's PKIX processes; any other critical one makes a path invalid.
_WORKED_OFF = frozenset(f"2.5.29.{number}" for number in (15, 17, 19, 30, 32, 33, 36, 37, 54))
_BLOCK = 0xA3
_DNS_NAME, _IP_ADDRESS = 0x82, 0x87
# Tags of the names in a subject alternative name. Java skips an x400Address; for an ediPartyName (a5) it skips all.
_NAMES = frozenset({0xA0, 0x81, _DNS_NAME, 0xA3, 0xA4, 0x86, _IP_ADDRESS, 0x88})
_IP_LENGTHS = frozenset({4, 16})
_MAY_SIGN_CERTIFICATES = 0x04
_SERVER, _ANYTHING = "1.3.6.1.5.5.7.3.1", "2.5.29.37.0"

_T = TypeVar("_T")
Found = Mapping[str, tuple[bool, bytes]]  # object identifier -> whether it is critical, and its content


@dataclass
class Reading:
    """Reads parts, and collects the names of those that could not be read."""

    unreadable: list[str] = field(default_factory=list)

    def part(self, name: str, read: Callable[[], _T], otherwise: _T) -> _T:
        """The part; `otherwise` if it cannot be read."""
        try:
            return read()
        except (ValueError, OverflowError):
            self.unreadable.append(name)
            return otherwise


@dataclass(frozen=True)
class Extensions:
    """The extensions of a certificate; the defaults hold for those that are missing or cannot be read."""

    dns_names: tuple[str, ...] = ()
    authority: bool = False  # basic constraints
    may_sign: bool = True  # key usage
    for_servers: bool = True  # extended key usage
    unknown_critical: bool = False


NO_EXTENSIONS = Extensions()


def read(reading: Reading, after_the_key: Sequence[bytes]) -> Extensions:
    """The extensions, from the optional parts of a certificate that follow its key."""
    block = next((one for one in after_the_key if der.tag(one) == _BLOCK), None)
    none: Found = {}
    found = reading.part(EXTENSIONS, lambda: _found(block), none) if block else none

    def said(number: str, name: str, read_it: Callable[[bytes], _T], otherwise: _T) -> _T:
        return reading.part(name, lambda: read_it(found[number][1]), otherwise) if number in found else otherwise

    return Extensions(
        said(_SAN, ALTERNATIVE_NAMES, _dns_names, ()),
        said(_BASIC, BASIC_CONSTRAINTS, _is_authority, otherwise=False),
        said(_USAGE, KEY_USAGE, _may_sign, otherwise=True),
        said(_EXTENDED, EXTENDED_KEY_USAGE, _is_for_servers, otherwise=True),
        any(critical and number not in _WORKED_OFF for number, (critical, _) in found.items()),
    )


def _found(block: bytes) -> Found:
    found: dict[str, tuple[bool, bytes]] = {}
    for one in der.elements(der.content(block, _BLOCK)):
        number, *critical, value = (*der.elements(one), b"")[: max(2, len(der.elements(one)))]
        is_critical = any(any(der.content(flag, der.BOOLEAN)) for flag in critical)
        found.setdefault(der.identifier(number), (is_critical, der.content(value, der.OCTET_STRING)))
    return found


def _dns_names(value: bytes) -> tuple[str, ...]:
    names = der.elements(value)
    if not names or any(der.tag(one) not in _NAMES for one in names):
        raise der.NotDer("no names")
    if any(len(der.content(one, _IP_ADDRESS)) not in _IP_LENGTHS for one in names if der.tag(one) == _IP_ADDRESS):
        raise der.NotDer("no IP address")
    texts = (der.content(one, _DNS_NAME) for one in names if der.tag(one) == _DNS_NAME)
    return tuple(text.decode("ascii", "replace") for text in texts)


def _is_authority(value: bytes) -> bool:
    flags = (one for one in der.elements(value) if der.tag(one) == der.BOOLEAN)
    return any(any(der.content(flag, der.BOOLEAN)) for flag in flags)


def _may_sign(value: bytes) -> bool:
    return any(one & _MAY_SIGN_CERTIFICATES for one in der.bits(value)[:1])


def _is_for_servers(value: bytes) -> bool:
    return not {_SERVER, _ANYTHING}.isdisjoint(map(der.identifier, der.elements(value)))
