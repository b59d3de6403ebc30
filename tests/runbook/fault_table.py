"""Every fault that the lab can make (`lab/faults/kinds.py`, `lab/faults/vos.py`), and what a step must do to meet it.

A step meets a fault by what it was heard to send in a run without faults: lines of the lab's audit log.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Line = Mapping[str, Any]
# A host that meets the fault, and the options that it takes to.
Met = tuple[str, Mapping[str, Any]]
Meets = Callable[[Sequence[Line], Collection[str]], Iterator[Met]]
WINDOWS, NODE = ("winrm",), ("ssh",)
PAGES = ("https",)
DEADLINE = 6.0  # seconds of a command of a hurried run
_MATCHED = 60  # characters of a line by which it is known: what follows may differ from run to run
_SERVICE = re.compile(r'@sc \w+ "(?P<service>[^"]+)"')
_SERVICES_OF_A_NODE = re.compile(r"utils service restart (?P<service>.+)")
_KEY = re.compile(r'@reg query "(?P<key>[^"]+)"')
_ASKED = re.compile(r"@echo Presented by (?P<name>[^:]+):")
_LIES = "\x1b[2J\u2592\u2592 \x00 %s {0} \\ ???\r\n\r\n7\r\n"
_REFUSED = "Access is denied.\r\n"


@dataclass(frozen=True)
class Fault:
    """A kind of fault with some of its options, and who meets it. `countable`: it may also pass."""

    name: str
    kind: str
    meets: Meets
    options: Mapping[str, Any] = field(default_factory=dict)
    countable: bool = True
    hurried: bool = False


# -- who meets it ------------------------------------------------------------------------------------------------------


def asked(*channels: str) -> Meets:
    """Whoever was sent anything over one of these channels."""
    return lambda lines, _: ((host, {}) for host in _hosts(lines, *channels))


def logged_in(*channels: str) -> Meets:
    """Whoever was sent something in a shell that the step has opened."""
    return lambda lines, shells: (
        (host, {}) for host in _hosts([one for one in lines if one.get("shell") not in shells], *channels)
    )


def told(*channels: str, part: str = "", changing: bool | None = None) -> Meets:
    """Each line with this part in it that has changed something, or has not."""

    def meets(lines: Sequence[Line], _: Collection[str]) -> Iterator[Met]:
        for one in lines:
            if one["channel"] in channels and part in one["text"] and changing in (None, bool(one["changed"])):
                yield one["host"], {"match": re.escape(one["text"][:_MATCHED])}

    return meets


def of(pattern: re.Pattern[str]) -> Meets:
    """Each value that these lines name: of a service, of a key, of a server; the option has the group's name."""

    def meets(lines: Sequence[Line], _: Collection[str]) -> Iterator[Met]:
        for one in lines:
            if found := pattern.match(one["text"]):
                yield one["host"], found.groupdict()

    return meets


def wrote(lines: Sequence[Line], _: Collection[str]) -> Iterator[Met]:
    """Each Windows host on which something was changed."""
    return ((host, {}) for host in _hosts([one for one in lines if one["changed"]], *WINDOWS))


def ran_keytool(lines: Sequence[Line], _: Collection[str]) -> Iterator[Met]:
    """Each host on which keytool ran."""
    return ((host, {}) for host in _hosts([one for one in lines if "keytool.exe" in one["text"]], *WINDOWS))


rewritten_by_keytool = told(*WINDOWS, part="keytool.exe", changing=True)


def uploaded(lines: Sequence[Line], _: Collection[str]) -> Iterator[Met]:
    """Each node to which a certificate was brought."""
    return ((host, {}) for host in _hosts([one for one in lines if "Upload" in one["text"]], *PAGES))


def _hosts(lines: Sequence[Line], *channels: str) -> list[str]:
    return list(dict.fromkeys(one["host"] for one in lines if one["channel"] in channels))


# -- the faults --------------------------------------------------------------------------------------------------------


def _of_lines(name: str, kind: str, *channels: str, hurried: bool = False, **options: Any) -> tuple[Fault, Fault]:
    """The same for a line that changes something and for one that reads."""
    return (
        Fault(f"{name}, of a change", kind, told(*channels, changing=True), options, hurried=hurried),
        Fault(f"{name}, of a reading", kind, told(*channels, changing=False), options, hurried=hurried),
    )


def _kinds(name: str, kind: str, meets: Meets, option: str, *values: Any, countable: bool = True) -> Iterator[Fault]:
    """One for each value of an option."""
    return (Fault(f"{name}: {one}", kind, meets, {option: one}, countable) for one in values)


_LATE, _IN_TIME = DEADLINE + 4, DEADLINE / 2
FAULTS: tuple[Fault, ...] = (
    Fault("unreachable", "unreachable", asked(*WINDOWS, *NODE), countable=False),
    Fault("its way leads nowhere", "elsewhere", of(_ASKED), countable=False),
    Fault("its way leads to another", "elsewhere", of(_ASKED), {"to": "{ads}", "port": "iis"}, countable=False),
    Fault("wrong password", "wrong_password", logged_in(*WINDOWS, *NODE, *PAGES)),
    Fault("locked account", "locked_account", logged_in(*WINDOWS, *NODE, *PAGES)),
    Fault("not elevated", "not_elevated", logged_in(*WINDOWS)),
    Fault("WinRM by another authority", "winrm_certificate", asked(*WINDOWS)),
    Fault("WinRM of another name", "winrm_certificate", asked(*WINDOWS), {"ca": "lab", "name": "other.example"}),
    Fault("clock", "clock", asked(*WINDOWS, *PAGES), {"seconds": 600}, countable=False),
    *_kinds("quota", "quota", asked(*WINDOWS), "code", 2150859173, 2150859174, 2150859241),
    Fault("counted operations", "counted_operations", asked(*WINDOWS), {"allowed": 3}, countable=False),
    *_of_lines("shell ends before", "shell_ends", *WINDOWS, when="before"),
    *_of_lines("shell ends during", "shell_ends", *WINDOWS, when="during"),
    *_kinds(
        "no NTLM",
        "no_ntlm",
        logged_in(*WINDOWS),
        "how",
        "kerberos_alone",
        "nothing_offered",
        "unchallenged",
        "blocked",
        countable=False,
    ),
    *_of_lines("dropped before", "drop_connection", *WINDOWS, *NODE, when="before"),
    *_of_lines("dropped during", "drop_connection", *WINDOWS, when="during"),
    *_of_lines("dropped after", "drop_connection", *WINDOWS, *NODE, when="after"),
    *_of_lines("slow before", "slow", *WINDOWS, *NODE, when="before", seconds=_IN_TIME),
    *_of_lines("slow after", "slow", *WINDOWS, when="after", seconds=_IN_TIME),
    *_of_lines("too slow before", "slow", *WINDOWS, *NODE, hurried=True, when="before", seconds=_LATE),
    *_of_lines("too slow after", "slow", *WINDOWS, hurried=True, when="after", seconds=_LATE),
    *_of_lines("access denied", "answers", *WINDOWS, code=5, says=_REFUSED),
    *_of_lines("nothing said", "answers", *WINDOWS, *NODE),
    *_of_lines("lies", "answers", *WINDOWS, *NODE, says=_LIES),
    *_of_lines("cut", "answers", *WINDOWS, cut=True),
    Fault("split output", "split_output", asked(*WINDOWS), countable=False),
    Fault("disk full", "disk_full", wrote),
    Fault("disk full in the middle", "disk_full", wrote, {"after_bytes": 900}),
    Fault("file in use", "file_in_use", wrote),
    Fault("Java does not start", "java_does_not_start", ran_keytool),
    Fault("keystore password", "keystore_password", ran_keytool),
    *_kinds("keytool dies", "keytool_dies", rewritten_by_keytool, "leave", "truncated", "untouched"),
    Fault("service does not return", "service_does_not_return", of(_SERVICE)),
    Fault("service hangs", "service_does_not_return", of(_SERVICE), {"hang": True}),
    Fault("missing service", "missing_service", of(_SERVICE), countable=False),
    Fault("denied service", "denied_service", of(_SERVICE), countable=False),
    Fault("disabled service", "disabled_service", of(_SERVICE), countable=False),
    Fault("denied key", "denied_key", of(_KEY), countable=False),
    Fault("service of a node does not return", "service_does_not_return", of(_SERVICES_OF_A_NODE)),
    Fault("service of a node hangs", "service_does_not_return", of(_SERVICES_OF_A_NODE), {"hang": True}),
    Fault("upload not stored", "upload_not_stored", uploaded),
    Fault("older upload refused", "older_upload_refused", uploaded),
    Fault("certificate not shown", "certificate_not_shown", asked(*PAGES)),
    Fault("no form token", "no_form_token", asked(*PAGES)),
    Fault("web session lost", "web_session_lost", asked(*PAGES)),
    *_kinds("broadcast", "broadcast", asked(*NODE), "when", "echo", "during", "after"),
)
