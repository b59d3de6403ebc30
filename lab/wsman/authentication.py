"""The identity of a client: Negotiate (NTLM, bare or in SPNEGO) and, where switched on, Basic."""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import struct
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import spnego

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from lab.contract import Account, WinRmHost
    from lab.wsman.settings import Audit, Behaviour

_AUTHENTICATE = b"NTLMSSP\0\x03\0\0\0"
_UNICODE = 0x00000001

_OFFERS: Mapping[str, tuple[str, ...]] = {"kerberos_alone": ("Kerberos",), "nothing_offered": ()}

_users_file_lock = threading.Lock()


@dataclass(frozen=True)
class Verdict:
    """The recognised account (None: not yet, or not at all) and the token to return with the answer."""

    account: Account | None
    token: bytes | None = None


@contextmanager
def _users_file(path: Path) -> Iterator[None]:
    """Let pyspnego's acceptor find the accounts of one host.

    The acceptor takes its accounts from the file that NTLM_USER_FILE names when a context is made and again when it
    is finished; there is no parameter for it. Many hosts with accounts of their own live in this process, so the
    variable is set for just as long as the acceptor runs, by one host at a time.
    """
    with _users_file_lock:
        before = os.environ.get("NTLM_USER_FILE")
        os.environ["NTLM_USER_FILE"] = str(path)
        try:
            yield
        finally:
            if before is None:
                del os.environ["NTLM_USER_FILE"]
            else:
                os.environ["NTLM_USER_FILE"] = before


def ntlm_user(token: bytes) -> str | None:
    r"""Return the user name in an NTLM AUTHENTICATE message, bare or in SPNEGO, as `DOMAIN\user`; None in other tokens.

    Read before the acceptor judges the token: a locked account is refused even with the right password, and a wrong
    password has to be counted for somebody.
    """
    start = token.find(_AUTHENTICATE)
    if start < 0:
        return None
    message = token[start:]
    try:
        domain_length, domain_offset, user_length, user_offset = struct.unpack_from("<H2xIH2xI", message, 28)
        (flags,) = struct.unpack_from("<I", message, 60)
        encoding = "utf-16-le" if flags & _UNICODE else "cp437"
        domain = message[domain_offset : domain_offset + domain_length].decode(encoding)
        user = message[user_offset : user_offset + user_length].decode(encoding)
    except (struct.error, UnicodeDecodeError):
        return None
    return f"{domain}\\{user}" if domain else user


class Authentication:
    """The identity of one TCP connection. NTLM recognises a connection: later requests carry no token."""

    def __init__(self, host: WinRmHost, *, secure: bool, audit: Audit, behaviour: Behaviour) -> None:
        self._host = host
        self._secure = secure
        self._behaviour = behaviour
        self._audit = audit
        self._account: Account | None = None
        self._user = ""
        self.context: spnego.ContextProxy | None = None

    @property
    def offers(self) -> tuple[str, ...]:
        """Return the WWW-Authenticate values of a refusal.

        Basic is offered only over TLS: AllowUnencrypted is off, as by default.
        """
        first = _OFFERS.get(self._behaviour.ntlm, ("Negotiate",))
        return (*first, 'Basic realm="WSMAN"') if self._basic_usable else first

    @property
    def _basic_usable(self) -> bool:
        return self._host.basic_allowed and self._secure

    def judge(self, authorization: str | None) -> Verdict:
        """Recognise the sender of a request by its Authorization header, or by what the connection proved before."""
        if authorization is None:
            return Verdict(self._account)
        scheme, _, credentials = authorization.partition(" ")
        try:
            token = base64.b64decode(credentials.strip(), validate=True)
        except (binascii.Error, ValueError):
            return Verdict(None)
        match scheme.lower():
            case "negotiate":
                return self._negotiate(token)
            case "basic":
                return Verdict(self._basic(token))
            case _:
                return Verdict(None)

    def _negotiate(self, token: bytes) -> Verdict:
        user = ntlm_user(token)
        ntlm = self._behaviour.ntlm
        if ntlm != "allowed" and not (ntlm == "blocked" and user is None):
            return self._forget()
        if user is not None:
            self._user = user
            if self._may_not_try(user):
                return self._forget()
        if self.context is None or self.context.complete:
            self._forget()
        try:
            answer = self._step(token)
        except Exception:  # noqa: BLE001 - garbage makes the acceptor raise almost anything; all of it means refused
            if user is not None:
                self._refuse(user, "wrong password", counted=True)
            return self._forget()
        if self.context is None or not self.context.complete:
            return Verdict(None, answer)
        self._user = self.context.client_principal or self._user  # the proved name, not the one that a token may claim
        self._account = self._host.account(self._user)
        self._host.accepted(self._user)
        return Verdict(self._account, answer)

    def _step(self, token: bytes) -> bytes | None:
        with _users_file(self._host.ntlm_users_file):
            if self.context is None:
                # pyspnego's own Negotiate on every system: the system's (SSPI) would accept this machine's accounts.
                self.context = spnego.server(protocol="negotiate", options=spnego.NegotiateOptions.use_negotiate)
            return self.context.step(token)

    def _forget(self) -> Verdict:
        self.context = None
        self._account = None
        return Verdict(None)

    def _basic(self, credentials: bytes) -> Account | None:
        user, separator, password = credentials.decode("utf-8", "replace").partition(":")
        if not separator:
            return None
        if not self._basic_usable:
            self._refuse(user, "Basic is not allowed", counted=False)
            return None
        if self._may_not_try(user):
            return None
        account = self._host.account(user)
        right = self._password(account.name) if account is not None else None
        if right is None or not hmac.compare_digest(right.encode("utf-8"), password.encode("utf-8")):
            self._refuse(user, "wrong password", counted=True)
            return None
        self._host.accepted(user)
        return account

    def _may_not_try(self, user: str) -> bool:
        """True if this user is refused whatever the password: an unknown or a locked account. Both are audited."""
        if self._host.account(user) is None:
            self._refuse(user, "unknown account", counted=False)
            return True
        if self._host.locked_out(user):
            self._refuse(user, "locked out", counted=False)
            return True
        return False

    def _refuse(self, user: str, reason: str, *, counted: bool) -> None:
        if counted:
            self._host.refused(user)
        self._audit("refused", user, reason, None, None)

    def _password(self, name: str) -> str | None:
        """Return the password of an account by its full name, from the file that NTLM uses."""
        wanted_domain, _, wanted_user = name.rpartition("\\")
        for line in self._host.ntlm_users_file.read_text("utf-8").splitlines():
            domain, _, rest = line.partition(":")
            user, _, password = rest.partition(":")
            if (domain.upper(), user.upper()) == (wanted_domain.upper(), wanted_user.upper()):
                return password
        return None
