"""Log-ins to the web pages: cookies, single-use form tokens, time-outs."""

from __future__ import annotations

import secrets
import string
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

HOME = "/cmplatform/showHome.do"
IDLE_LIMIT = 1800.0  # seconds; the CLI's default limit, for no source names the pages' own
TOKEN_SIGNS = string.digits + string.ascii_uppercase
TOKEN_LENGTH = 32


@dataclass
class Session:
    """What the server knows of one browser."""

    identifier: str  # the cookie: whoever has it is logged in
    number: int  # its name in the audit log
    used: float  # when it was last heard of
    wanted: str = HOME  # the page that was asked for before the log-in
    user: str = ""  # empty until somebody has logged in
    token: str = ""  # the one form token that is good now

    def new_token(self) -> str:
        """A token for the form that is about to be shown. Struts keeps one a session: those of older pages are void."""
        self.token = "".join(secrets.choice(TOKEN_SIGNS) for _ in range(TOKEN_LENGTH))
        return self.token

    def redeem(self, token: str) -> bool:
        """Whether this is the token that is good now; then it is good no longer."""
        good = bool(self.token) and secrets.compare_digest(self.token.encode(), token.encode())
        if good:
            self.token = ""
        return good


class Sessions:
    """Every session of one started Tomcat: a restart forgets them all."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sessions: dict[str, Session] = {}
        self._numbers = count(1)

    def find(self, identifier: str) -> Session | None:
        """The session a cookie names, unless it was idle for too long."""
        session = self._sessions.get(identifier)
        if session is None:
            return None
        if self._idle(session):
            self.forget(session)
            return None
        session.used = self._clock()
        return session

    def open(self, wanted: str) -> Session:
        """A session for somebody who has not logged in yet and wants this page."""
        return self._new(wanted)

    def log_in(self, session: Session | None, user: str) -> Session:
        """The session of a recognised user: Tomcat gives it a new name."""
        if session is not None:
            self.forget(session)
        wanted = HOME if session is None else session.wanted
        return self._new(wanted, user)

    def forget(self, session: Session) -> None:
        """The session is over."""
        self._sessions.pop(session.identifier, None)

    def _idle(self, session: Session) -> bool:
        return self._clock() - session.used > IDLE_LIMIT

    def _new(self, wanted: str, user: str = "") -> Session:
        self._sessions = {name: one for name, one in self._sessions.items() if not self._idle(one)}
        # 32 hexadecimal digits, as Tomcat's.
        session = Session(secrets.token_hex(16).upper(), next(self._numbers), self._clock(), wanted, user)
        self._sessions[session.identifier] = session
        return session
