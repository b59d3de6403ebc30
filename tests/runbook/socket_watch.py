"""A pytest plugin for tests: writes down every connection that the process makes, by Python's audit events."""

from __future__ import annotations

import os
import sys

_WATCHED = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if event in _WATCHED:
        with open(os.environ["SOCKETS_SEEN"], "a", encoding="utf-8") as file:  # noqa: PTH123 - in an audit hook
            file.write(f"{event} {arguments[-1]!r}\n")


sys.addaudithook(_note)
