"""Logins to the web pages: cookies, single-use form tokens, time-outs."""

from __future__ import annotations

import secrets
import string
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

HOME = "/cmplatform/showHome.do"
IDLE_LIMIT = 1800.0  # seconds; the CLI's default limit, as no source gives that of the pages
TOKEN_SIGNS = string.digits + string.ascii_uppercase
TOKEN_LENGTH = 32


@dataclass
class Session:
    """The state of one browser."""

    identifier: str  # the cookie: anyone who has it is logged in
    number: int  # its name in the audit log
    used: float  # time of its last request
    wanted: str = HOME  # the page that was requested before the login
    user: str = ""  # empty until a user has logged in
    token: str = ""  # the one form token that is valid now

    def new_token(self) -> str:
        """Return a token for the next form. Struts keeps one for each session: those of older pages are void."""
        self.token = "".join(secrets.choice(TOKEN_SIGNS) for _ in range(TOKEN_LENGTH))
        return self.token

    def redeem(self, token: str) -> bool:
        """Use a token up; True if it was the valid one."""
        good = bool(self.token) and secrets.compare_digest(self.token.encode(), token.encode())
        if good:
            self.token = ""
        return good


class Sessions:
    """All sessions of one started Tomcat: a restart loses them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sessions: dict[str, Session] = {}
        self._numbers = count(1)

    def find(self, identifier: str) -> Session | None:
        """Return the session of a cookie; None if it is unknown or was idle for too long."""
        session = self._sessions.get(identifier)
        if session is None:
            return None
        if self._idle(session):
            self.forget(session)
            return None
        session.used = self._clock()
        return session

    def open(self, wanted: str) -> Session:
        """Return a session for a browser that has not logged in yet and requests this page."""
        return self._new(wanted)

    def log_in(self, session: Session | None, user: str) -> Session:
        """Return the session of a recognised user, to which Tomcat gives a new name."""
        if session is not None:
            self.forget(session)
        wanted = HOME if session is None else session.wanted
        return self._new(wanted, user)

    def forget(self, session: Session) -> None:
        """End a session."""
        self._sessions.pop(session.identifier, None)

    def _idle(self, session: Session) -> bool:
        return self._clock() - session.used > IDLE_LIMIT

    def _new(self, wanted: str, user: str = "") -> Session:
        self._sessions = {name: one for name, one in self._sessions.items() if not self._idle(one)}
        # 32 hexadecimal digits, as Tomcat's.
        session = Session(secrets.token_hex(16).upper(), next(self._numbers), self._clock(), wanted, user)
        self._sessions[session.identifier] = session
        return session
