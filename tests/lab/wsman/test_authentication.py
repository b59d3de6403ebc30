"""Who gets in, who does not, and what is written about it."""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING, Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from winrm.exceptions import InvalidCredentialsError, WinRMTransportError

from lab.wsman import encryption
from lab.wsman.authentication import ntlm_user
from tests.lab.wsman.clients import pywinrm
from tests.lab.wsman.machine import OTHER, USER, FakeHost

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.lab.wsman.conftest import Served, Start


def refused(served: Served, **settings: Any) -> bool:
    client = pywinrm(served, **settings)
    try:
        client.open_shell()
    except InvalidCredentialsError:
        return True
    finally:
        client.transport.close_session()
    return False


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_a_wrong_password_is_refused_counted_and_recorded(serve: Start, *, secure: bool) -> None:
    served = serve(secure=secure)

    assert refused(served, password="wrong")

    assert served.host.wrong[USER.lower()] == 1
    assert served.records == [("refused", USER, "wrong password", None, None)]


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(serve: Start) -> None:
    served = serve()
    for _ in range(5):
        assert refused(served, password="wrong")

    assert refused(served)

    assert served.records[-1] == ("refused", USER, "locked out", None, None)
    assert not refused(served, user=OTHER)


def test_a_right_password_resets_the_count(serve: Start) -> None:
    served = serve()
    for _ in range(4):
        assert refused(served, password="wrong")

    assert not refused(served)

    assert served.host.wrong[USER.lower()] == 0


@pytest.mark.parametrize("user", ["LAB\\nobody", "runbook", "OTHER\\runbook"])
def test_an_unknown_account_is_refused_but_not_counted(serve: Start, user: str) -> None:
    served = serve()

    assert refused(served, user=user)

    assert served.host.wrong.total() == 0
    assert served.records == [("refused", user, "unknown account", None, None)]


def test_hosts_in_one_process_keep_their_accounts_apart(serve: Start, tmp_path: Path) -> None:
    first = serve()
    second = serve(host=FakeHost(tmp_path / "second", passwords={USER: "another"}))

    assert not refused(first)
    assert refused(second)
    assert not refused(second, password="another")
    assert "NTLM_USER_FILE" not in os.environ


def test_the_caller_s_own_users_file_variable_survives(serve: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NTLM_USER_FILE", "elsewhere")

    assert not refused(serve())

    assert os.environ["NTLM_USER_FILE"] == "elsewhere"


def test_basic_is_refused_as_windows_does_by_default(serve: Start) -> None:
    served = serve(secure=True)

    assert refused(served, transport="ssl")

    assert served.records == [("refused", USER, "Basic is not allowed", None, None)]
    answer = requests.post(served.url, verify=served.ca_file, timeout=5)
    assert (answer.status_code, answer.headers["WWW-Authenticate"], answer.content) == (401, "Negotiate", b"")


def test_basic_works_over_tls_once_switched_on(serve: Start, tmp_path: Path) -> None:
    served = serve(secure=True, host=FakeHost(tmp_path / "basic", basic_allowed=True, passwords={USER: "plain:word"}))

    assert not refused(served, transport="ssl", password="plain:word")
    assert refused(served, transport="ssl", password="wrong")

    assert served.host.wrong[USER.lower()] == 1
    answer = requests.post(served.url, verify=served.ca_file, timeout=5)
    assert answer.headers["WWW-Authenticate"] == 'Negotiate, Basic realm="WSMAN"'


def test_basic_knows_nobody_and_the_locked_out(serve: Start, tmp_path: Path) -> None:
    served = serve(secure=True, host=FakeHost(tmp_path / "basic", basic_allowed=True))
    served.host.wrong[USER.lower()] = 5

    assert refused(served, transport="ssl")
    assert refused(served, transport="ssl", user="nobody")

    assert [record[2] for record in served.records] == ["locked out", "unknown account"]


def test_basic_is_never_taken_without_tls(serve: Start, tmp_path: Path) -> None:
    served = serve(host=FakeHost(tmp_path / "basic", basic_allowed=True))

    assert refused(served, transport="plaintext")


def test_an_unencrypted_body_over_http_is_refused(serve: Start) -> None:
    served = serve()
    client = pywinrm(served, message_encryption="never")

    with pytest.raises(WinRMTransportError) as refusal:
        client.open_shell()

    client.transport.close_session()
    assert refusal.value.code == 500
    assert len(served.server.shells) == 0


@pytest.mark.parametrize(
    "header",
    [
        "Negotiate",
        "Negotiate !!!",
        "Negotiate TlRMTVNTUAADAAAA",
        "Negotiate TlRMTVNTUAABAAAA",
        "Negotiate YIIB",
        "Negotiate AAAA",
        "NTLM TlRMTVNTUAABAAAAt4II4gAAAAAAAAAAAAAAAAAAAAAKAGFKAAAADw==",
        "Basic Og==",
        "Basic bm9jb2xvbg==",
        "Digest username=x",
        "Kerberos YII=",
        "é",
    ],
)
def test_a_token_that_is_none_is_refused(serve: Start, header: str) -> None:
    served = serve()

    answer = requests.post(served.url, headers={"Authorization": header.encode("latin-1")}, timeout=5)

    assert (answer.status_code, answer.content) == (401, b"")
    assert not refused(served)


@pytest.mark.parametrize(
    "damage",
    [
        lambda body: body[:-40],
        lambda body: body.replace(b"Length=4", b"Length=5"),
        lambda body: body[:-30] + b"x" * 30,
        lambda body: body.replace(b"octet-stream\r\n\x10", b"octet-stream\r\n\xff"),
        lambda body: body[:-26] + b"xx" + body[-24:],
        lambda _: b"--",
        lambda body: body * 2,
    ],
    ids=["cut", "length", "end", "signature", "sealed", "nothing", "twice"],
)
def test_a_broken_seal_is_a_bad_request_and_the_server_lives(serve: Start, damage: Callable[[bytes], bytes]) -> None:
    served = serve()
    transport = pywinrm(served).transport
    with transport.build_session() as session:
        assert transport.encryption is not None
        sealed = transport.encryption.prepare_encrypted_request(session, served.url, b"<x/>")
        assert isinstance(sealed.body, bytes)
        damaged = sealed.body = damage(sealed.body)
        sealed.headers["Content-Length"] = str(len(damaged))
        answer = session.send(sealed, timeout=5)
        assert (answer.status_code, answer.content) == (400, b"")
    assert not refused(served)


def test_an_encrypted_body_without_an_ntlm_context_is_a_bad_request(serve: Start, tmp_path: Path) -> None:
    served = serve(secure=True, host=FakeHost(tmp_path / "basic", basic_allowed=True, passwords={USER: "plain"}))

    answer = requests.post(
        served.url,
        b"x",
        auth=(USER, "plain"),
        headers={"Content-Type": encryption.CONTENT_TYPE},
        verify=served.ca_file,
        timeout=5,
    )

    assert (answer.status_code, answer.headers["Connection"]) == (400, "close")


def test_an_account_without_a_password_is_refused(serve: Start, tmp_path: Path) -> None:
    served = serve(secure=True, host=FakeHost(tmp_path / "basic", basic_allowed=True))
    served.host.ntlm_users_file.write_text("", "utf-8")

    assert refused(served, transport="ssl")


def token(user: str, domain: str, *, unicode: bool) -> bytes:
    encoding = "utf-16-le" if unicode else "cp437"
    encoded_domain, encoded_user = domain.encode(encoding), user.encode(encoding)
    fields = b"".join(
        struct.pack("<HHI", size, size, offset)
        for size, offset in ((0, 0), (0, 0), (len(encoded_domain), 64), (len(encoded_user), 64 + len(encoded_domain)))
    )
    head = b"NTLMSSP\0\x03\0\0\0" + fields + bytes(16) + struct.pack("<I", 1 if unicode else 0)
    return head + encoded_domain + encoded_user


@given(st.text("abé", min_size=1, max_size=9), st.text("ABÉ", max_size=9), st.booleans())
def test_the_user_is_read_from_a_token(user: str, domain: str, unicode: bool) -> None:  # noqa: FBT001 - hypothesis
    expected = f"{domain}\\{user}" if domain else user

    assert ntlm_user(b"\x60\x30" + token(user, domain, unicode=unicode)) == expected


@given(st.binary(max_size=200))
def test_no_token_breaks_the_reading_of_its_user(rest: bytes) -> None:
    user = ntlm_user(b"NTLMSSP\0\x03\0\0\0" + rest)

    assert user is None or isinstance(user, str)
