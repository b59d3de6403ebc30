"""`expiry.ics`: the expiry of each certificate that is presented, with a reminder 60 days before.

The id of an event is the fingerprint of its certificate: a calendar that imports the file of each night gets no event
twice. A renewed certificate has another fingerprint: its event stands beside that of its predecessor (a calendar that
subscribes to the file, instead of importing it, forgets the predecessor).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from icalendar import Alarm, Calendar, Event

from fixtures.system.visible import visible
from reports.pages.files import write_whole
from reports.verification.verification import Certificate, Verification

REMINDER = timedelta(days=60)
_MAKER = "pcce-certificate-runbook"


def write(path: Path, verification: Verification) -> None:
    """Write the calendar. Raises OSError."""
    write_whole(path, text(verification))


def text(verification: Verification) -> bytes:
    """Return the calendar (RFC 5545, UTF-8)."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{_MAKER}//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Certificates of {verification.site}")
    for ports in _distinct(verification.certificates):
        calendar.add_component(_event(ports, verification))
    return bytes(calendar.to_ical())


def _distinct(certificates: tuple[Certificate, ...]) -> Iterator[list[Certificate]]:
    """Yield the ports that present the same certificate together, the first to expire first."""
    same: dict[str, list[Certificate]] = {}
    for one in certificates:
        same.setdefault(one.fingerprint, []).append(one)
    yield from sorted(same.values(), key=lambda ports: (ports[0].not_after, ports[0].fingerprint))


def _event(ports: list[Certificate], verification: Verification) -> Event:
    """Return the event of a certificate's expiry; it does not mark the calendar's owner as busy."""
    one = ports[0]
    event = Event()
    event.add("uid", f"{one.fingerprint.replace(':', '').lower()}@{_MAKER}")
    event.add("dtstamp", verification.when)
    event.add("last-modified", verification.when)
    event.add("dtstart", one.not_after)
    event.add("summary", f"Certificate expires: {_names(ports)}")
    event.add("description", _description(ports, verification))
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -REMINDER)
    alarm.add("description", f"In {REMINDER.days} days the certificate expires: {_names(ports)}")
    event.add_component(alarm)
    return event


def _names(ports: list[Certificate]) -> str:
    """Return the kind and host of each port, once per host that presents the kind on several ports."""
    return visible(", ".join(dict.fromkeys(f"{one.kind} of {one.host}" for one in ports)))


def _description(ports: list[Certificate], verification: Verification) -> str:
    one = ports[0]
    holders = [edge for edge in verification.edges if edge.fingerprint == one.fingerprint]
    lines = [
        f"Site: {verification.site}",
        f"Subject: {one.subject}",
        f"Issuer: {one.issuer}",
        f"SHA-256: {one.fingerprint}",
        f"Expires: {one.not_after:%Y-%m-%d %H:%M:%S} UTC",
        *(f"Presented by: {port.host}:{port.port} ({port.kind})" for port in ports),
        *(f"Trusted by: {edge.importer} ({edge.purpose or edge.kind})" for edge in holders if edge.verdict == "HOLDS"),
    ]
    return "\n".join(map(visible, lines))
