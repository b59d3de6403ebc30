"""Parsers of what hosts print and send."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from itertools import product
from typing import Any

import requests
from winrm.exceptions import WinRMTransportError
from winrm.protocol import Protocol

from checks.tls.java_tls import parse_java_version
from checks.windows_path import cleaned, is_a_path, is_absolute, may_be_short, same_spelling
from fixtures.connections.command import Answer, Command, Success, fits, said
from fixtures.connections.errors import ConnectionFault, DeadlinePassed, ProtocolFault
from fixtures.connections.reading_lines import changes_nothing
from fixtures.connections.vos.known_hosts import parse_known_hosts
from fixtures.connections.vos.screen import Replies
from fixtures.connections.winrm import client as winrm_client
from fixtures.connections.winrm.autorun import greeted
from fixtures.connections.winrm.connection import RawAnswer, WinRmConnection
from fixtures.connections.winrm.sealing import BrokenSeal, is_sealed, is_soap, missing_strength, unseal
from fixtures.connections.winrm.target import WinRmTarget
from fixtures.facts.notes import parse_note
from fixtures.hosts import vos_services
from fixtures.parsers import (
    cvp,
    decoding,
    folders,
    java,
    java_options,
    keytool,
    lines,
    properties,
    service_control,
    spog,
    store_file,
    windows,
)
from fixtures.parsers.errors import Unreadable
from fixtures.parsers.vos import broadcasts, cmplatform, echo, html_page, terminal
from fixtures.parsers.vos import cli as vos
from fixtures.run.lock_owner import Owner
from fixtures.secrets.credentials import Secret, SecretStore
from fixtures.stores.command_line import unspeakable
from tests.hostile import samples
from tests.hostile.parser import Parser, each

_UNIT, _LINE = "tomcat-trust", "show cert own tomcat"
_SECRETS = ("tomcat", "secret", "aaaaaa", "    ab", "000000")


# -- the pages of a node -----------------------------------------------------------------------------------------------


def _pages(text: str) -> None:
    page = html_page.parse_page(text)
    for form in (cmplatform.login_form(page), cmplatform.upload_form(page), cmplatform.find_form(page), *page.forms):
        if form is not None:
            cmplatform.has_token(form)
            cmplatform.rows_per_page(form)
            form.filled({})
    cmplatform.parse_span(page)
    cmplatform.parse_entries(page, _UNIT)
    cmplatform.outcome_of(cmplatform.message_of(page, html_page.Page()))
    page.control("download", "pem")


# -- WinRM -------------------------------------------------------------------------------------------------------------

_TARGET = WinRmTarget("a.example.com", "192.0.2.1", 5985, "http", "u", Secret("p"))


class _Said:
    """What stands in the place of a transport: it has received this, and an HTTP error if so."""

    def __init__(self, body: bytes, code: int) -> None:
        self._body, self._code = body, code

    def send_message(self, _: object) -> bytes:
        if self._code != requests.codes.ok:
            raise WinRMTransportError("http", self._code, self._body.decode("utf-8", "replace"))
        return self._body

    def close_session(self) -> None:
        pass


LATE = DeadlinePassed("h", "no end", "Look.")
_ASKED: tuple[Callable[[WinRmConnection, Protocol], object], ...] = (
    lambda connection, protocol: connection._receive(protocol, "1", time.monotonic() + 0.05, LATE),
    lambda _, protocol: protocol.open_shell(),
    lambda _, protocol: protocol.run_command("1", "x"),
    lambda _, protocol: protocol.send_command_input("1", "1", b""),
)


def _wsman(body: bytes) -> None:
    """Read a body as each of the answers that a connection waits for; the last fault that comes of it."""
    fault: ConnectionFault | None = None
    for code, ask in product((200, 500), _ASKED):
        protocol: Any = Protocol(_TARGET.endpoint, transport="ntlm", username="u", password="p")
        protocol.transport = _Said(body, code)
        connection = WinRmConnection(_TARGET)
        connection._pauses = ()
        try:
            with connection._faults("a command"):
                ask(connection, protocol)
        except ConnectionFault as one:
            fault = one
    if fault is not None:
        raise fault


def _head(text: str) -> None:
    """What a header says of logging in."""
    winrm_client._SCHEME.findall(text)
    winrm_client._token(text)
    is_sealed(text)
    missing_strength(text.encode("utf-8", "replace"))


def _sealed(body: bytes) -> None:
    is_soap(body)
    unseal(body, lambda sealed, _: sealed)


# -- others ------------------------------------------------------------------------------------------------------------


def _redacted(text: str) -> None:
    shop = SecretStore()
    for secret in _SECRETS:
        shop.hold(Secret(secret), secret)
    shop.redact(text)


_LINES = ('@sc stop "{service}"', "@x {a} {b} {c} y", "{a}{b}", "x")
_FORMS = tuple(Command("h", text, "p", changes=True) for text in _LINES)
_SUCCESSES = tuple(
    one.success
    for commands in (vos_services.restarts("h", whole=True), vos_services.restarts("h", whole=False))
    for one in commands
)


def _answered(text: str) -> None:
    answer = Answer(0, text, text[:100], 0.1)
    for success in (*_SUCCESSES, Success(prints=vos.IMPORTED), Success(prints=vos.REGENERATED)):
        success.finding(answer)
        success.is_denied(answer)
    said(text)
    if "\n" not in text and "\r" not in text:
        for form in _FORMS:
            fits(_Text(text), form)  # type: ignore[arg-type]


class _Text:
    """A command of any length."""

    def __init__(self, text: str) -> None:
        self.host, self.changes, self.text = "h", True, text


def _paths(text: str) -> None:
    for one in (cleaned(text), text):
        is_a_path(one), is_absolute(one), may_be_short(one)
    same_spelling(text, "C:\\x")
    changes_nothing(text)
    changes_nothing(f"@{text}")
    unspeakable(text)


def _owner(text: str) -> None:
    Owner.parse(text)


def _terminal(text: str) -> None:
    terminal.waiting_for(text)
    terminal.may_wait_for_a_command(text)
    terminal.asks_for_a_letter(text)


def _broadcasts(text: str) -> None:
    assert len(broadcasts.without_broadcasts(text)) <= len(text)
    list(broadcasts.broadcasts(text))


def _echoed(line: str, text: str) -> None:
    echo.after_echo(text, line)


def _listed(text: str) -> None:
    for one in vos.parse_list(text):
        one.named_after("tomcat")


_READINGS: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "windows": (
        (
            windows.parse_registry,
            windows.parse_own_name,
            windows.parse_multi_string,
            partial(windows.parse_ticks, count=2),
            windows.parse_ssl_hashes,
            windows.parse_machine_store,
            windows.parse_file_hash,
            windows.parse_access,
            windows.is_elevated,
        ),
        (*samples.WINDOWS, *samples.ACCESS, *samples.REGISTRY, *samples.FOLDERS),
    ),
    "service_control": (
        (
            service_control.parse_service,
            service_control.parse_process,
            partial(service_control.unexpected_state, expected=(4,)),
            service_control.tells_a_state,
            service_control.parse_start_type,
            service_control.parse_dependents,
            service_control.parse_running,
        ),
        samples.WINDOWS,
    ),
    "folders": (
        (
            partial(folders.parse_variable, "CVP_HOME"),
            folders.parse_footing,
            folders.parse_names,
            folders.parse_short_names,
            parse_note,
        ),
        samples.FOLDERS,
    ),
    "java_options": (
        (java_options.parse_procrun, java_options.parse_launcher, partial(java_options.lists_key, name="x")),
        (*samples.REGISTRY, *samples.LAUNCHER),
    ),
    "java": ((partial(java.start_failure, 1), parse_java_version), samples.JAVA),
    "lines": ((lines.lines_of, lines.whole_lines_of, lines.value_of), samples.WINDOWS),
    "keytool": (
        (
            keytool.parse_listing,
            keytool.failure_of,
            keytool.error_of,
            keytool.alias_not_found,
            keytool.parse_presented,
        ),
        samples.KEYTOOL,
    ),
    "store_file": ((store_file.parse_first_bytes,), samples.FOLDERS),
    "properties": (
        (partial(properties.parse_property, key="Security.keystorePW"), properties.unfolded),
        samples.PROPERTIES,
    ),
    "spog": ((spog.parse_statuses,), samples.SPOG),
    "cvp": ((cvp.parse_security_properties, cvp.parse_decrypted_password), (*samples.CVP, *samples.PROPERTIES)),
    "vos.cli": (
        (vos.exit_code, vos.parse_certificate, _listed, vos.parse_services, vos.parse_status),
        samples.NODE,
    ),
    "vos.terminal": ((_terminal, terminal.plain, terminal.set_apart), samples.NODE),
    "vos.broadcasts": ((_broadcasts,), samples.NODE),
    "vos.echo": (
        tuple(partial(_echoed, line) for line in (_LINE, "a", "aa", "a a", "0")),
        (*samples.NODE, f"admin:{_LINE}\r\n\r\nanswer\r\nadmin:"),
    ),
    "vos.cmplatform": (
        (cmplatform.outcome_of,),
        ("Success: Certificate Uploaded", "Error: not uploaded", *samples.NODE),
    ),
}

PARSERS = (
    *(
        Parser(
            name.rpartition(".")[2],
            each(*calls),
            (Unreadable,),
            given,
            (f"fixtures.parsers.{name}", "checks.x509.certificate", "checks.tls.java_tls"),
        )
        for name, (calls, given) in _READINGS.items()
    ),
    Parser(
        "pages", each(_pages), (), samples.PAGES, ("fixtures.parsers.vos.html_page", "fixtures.parsers.vos.cmplatform")
    ),
    Parser("decoding", each(decoding.decode), (), samples.WINDOWS, ("fixtures.parsers.decoding",), wide=False),
    Parser("wsman", each(_wsman), (ConnectionFault,), samples.WSMAN, (), wide=False),
    Parser(
        "headers",
        each(_head),
        (),
        samples.HEADERS,
        ("fixtures.connections.winrm.client", "fixtures.connections.winrm.sealing"),
    ),
    Parser(
        "seals",
        each(_sealed),
        (BrokenSeal,),
        ("--Encrypted Boundary\r\n",),
        ("fixtures.connections.winrm.sealing",),
        wide=False,
    ),
    Parser(
        "autorun",
        each(lambda data: greeted("h", RawAnswer(0, data, b""))),
        (ProtocolFault,),
        ("runbook-begins\r\n",),
        (),
        wide=False,
    ),
    Parser(
        "known hosts",
        each(lambda data: [one.type for one in parse_known_hosts(data).keys_of(["fin1.example.com"])]),
        (),
        samples.KNOWN_HOSTS,
        (),
        wide=False,
    ),
    Parser(
        "replies",
        each(lambda text: Replies.read(text.encode("utf-8", "replace"))),
        (),
        (samples.PEM, "yes\n"),
        ("checks.x509.certificate",),
    ),
    Parser("answers", each(_answered), (), (*samples.NODE, *samples.COMMANDS), ("fixtures.connections.command",)),
    Parser("redaction", each(_redacted), (), ("tomcat secret aaaaaa",), ()),
    Parser(
        "paths",
        each(_paths),
        (),
        ("C:\\Cisco\\CVP\\..\\x", "\\\\?\\UNC\\a\\b"),
        ("checks.windows_path", "fixtures.stores.command_line"),
    ),
    Parser("lock notes", each(_owner), (), samples.FOLDERS, ("fixtures.run.lock_owner", "fixtures.actions.locks")),
)
