"""The content of a certificate, part by part: a part that cannot be read is named and does not affect the others.

Parsers of whole certificates reject one for a single Latin-1 byte in a name. Java does not: it reads what it needs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from checks.x509 import der, extensions, names
from checks.x509.extensions import NO_EXTENSIONS, Extensions, Reading
from checks.x509.names import NO_NAME, Name

EVERYTHING, SUBJECT, ISSUER, SERIAL, VALIDITY = "certificate", "subject", "issuer", "serial number", "validity"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # start and end of a validity that cannot be read: it counts as expired
_VERSION = 0xA0
_TIMES = {
    0x17: re.compile(rb"(?P<date>\d{6})(?P<clock>\d{4})(?P<seconds>\d\d)?(?P<zone>Z|[+-]\d{4})"),
    0x18: re.compile(rb"(?P<date>\d{8})(?P<clock>\d{4})(?P<seconds>\d\d)?(?:[.,]\d+)?(?P<zone>Z|[+-]\d{4})"),
}


@dataclass(frozen=True)
class Fields:
    """A certificate's parts. `unreadable` names those that could not be read and have a default value here."""

    signed: bytes = b""  # the bytes that the signature covers
    algorithm: bytes = b""  # of the signature: an AlgorithmIdentifier
    signature: bytes = b""
    key: bytes = b""  # a SubjectPublicKeyInfo
    version: int = 1
    serial: int = 0
    issuer: Name = NO_NAME
    subject: Name = NO_NAME
    not_before: datetime = NEVER
    not_after: datetime = NEVER
    extensions: Extensions = NO_EXTENSIONS
    unreadable: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def read(certificate: bytes) -> Fields:
    """The parts of a certificate in DER. Never raises: what cannot be read is named in `unreadable`."""
    try:
        signed, algorithm, signature = der.elements(certificate)
        parts = [*der.elements(signed)]
        versions = [parts.pop(0) for one in parts[:1] if der.tag(one) == _VERSION]
        version = der.integer(der.content(versions[0], _VERSION)) + 1 if versions else 1
        serial, _, issuer, validity, subject, key, *more = parts
        value = der.bits(signature)
    except ValueError:
        return Fields(unreadable=(EVERYTHING,))
    reading = Reading()
    begin, end = reading.part(VALIDITY, lambda: _validity(validity), (NEVER, NEVER))
    return Fields(
        signed,
        algorithm,
        value,
        key,
        version,
        serial=reading.part(SERIAL, lambda: der.integer(serial), 0),
        issuer=_name(reading, ISSUER, issuer),
        subject=_name(reading, SUBJECT, subject),
        not_before=begin,
        not_after=end,
        extensions=extensions.read(reading, more),
        unreadable=tuple(reading.unreadable),
    )


def _name(reading: Reading, part: str, element: bytes) -> Name:
    name = reading.part(part, lambda: names.read(element), NO_NAME)
    if not name.is_text:
        reading.unreadable.append(part)
    return name


def _validity(element: bytes) -> tuple[datetime, datetime]:
    begin, end = der.elements(element)
    return _time(begin), _time(end)


def _time(element: bytes) -> datetime:
    """A UTCTime or GeneralizedTime, in UTC; seconds may be missing. Raises ValueError or OverflowError."""
    kind = der.tag(element)
    found = _TIMES[kind].fullmatch(der.content(element, kind)) if kind in _TIMES else None
    if found is None:
        raise ValueError("no time")
    date, clock, seconds, zone = ((text or b"00").decode() for text in found.group("date", "clock", "seconds", "zone"))
    century = ("20" if date < "50" else "19") if len(date) == len("yymmdd") else ""
    there = datetime.strptime(f"{century}{date}{clock}{seconds}", "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return there - _offset(zone)


def _offset(zone: str) -> timedelta:
    if zone == "Z":
        return timedelta()
    away = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:]))
    return -away if zone.startswith("-") else away
