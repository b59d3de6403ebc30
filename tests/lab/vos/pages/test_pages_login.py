"""Coming in: the form, the page that was asked for, wrong passwords, lock-out, time-out, restart."""

from __future__ import annotations

import re
import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.cookiejar import Cookie
from typing import cast

import pytest
import requests

from lab.vos.pages.sessions import IDLE_LIMIT, Sessions
from tests.lab.vos.pages.appliances import ADDRESS, PASSWORD, USER, Appliance
from tests.lab.vos.pages.browser import Browser

HOME = "/showHome.do"
UPLOAD = "/cmplatform/certificateUpload.do"
REFUSED = "Log on failed - Invalid User ID or Password."


CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
CONTEXT.check_hostname, CONTEXT.verify_mode = False, ssl.CERT_NONE


def connect(vvb: Appliance) -> socket.socket:
    return socket.create_connection((ADDRESS, vvb.node.line.ports["tomcat"]), timeout=5)


def answer(plain: socket.socket, request: bytes) -> bytes:
    """The beginning of what comes back over TLS; nothing when the connection ends instead."""
    try:
        with CONTEXT.wrap_socket(plain) as secure:
            secure.sendall(request)
            return secure.recv(100)
    except OSError:
        return b""


def presented(vvb: Appliance) -> bytes | None:
    with connect(vvb) as plain, CONTEXT.wrap_socket(plain) as secure:
        return secure.getpeercert(binary_form=True)


def cookie(browser: Browser) -> Cookie:
    [one] = cast("list[Cookie]", list(browser.cookies))
    return one


@pytest.mark.parametrize(
    "asked, shown",
    [
        ("/cmplatform", HOME),
        ("/cmplatform/", HOME),
        (UPLOAD, "/certificateUpload.do"),
        ("/cmplatform/certificateFindList.do?rowsPerPage=25", "/certificateFindList.do?rowsPerPage=25"),
    ],
)
def test_the_page_that_was_asked_for_comes_after_the_log_in(vvb: Appliance, asked: str, shown: str) -> None:
    browser = vvb.browser()
    form = browser.visit(asked)
    assert set(form.form.values) == {"appNav", "j_username", "j_password"}
    assert form.form.values["appNav"] == "cmplatform"
    assert "Logout" not in form.text
    page = browser.submit(form, j_username=USER, j_password=PASSWORD)
    assert page.path == shown
    assert "Logout" in page.text or shown.startswith("/certificateUpload")
    assert browser.visit(asked).path == shown


def test_the_log_in_needs_no_visit_before_it(vvb: Appliance) -> None:
    browser = vvb.browser()
    data = {"appNav": "cmplatform", "j_username": USER, "j_password": PASSWORD}
    answer = browser.post(f"{browser.home}/cmplatform/j_security_check", data=data, timeout=5)
    assert answer.url.endswith(HOME)
    assert [step.status_code for step in answer.history] == [303]


def test_the_cookie_changes_at_the_log_in(vvb: Appliance) -> None:
    browser = vvb.browser()
    browser.visit()
    before = cookie(browser)
    browser.log_in(USER, PASSWORD)
    after = cookie(browser)
    assert before.name == after.name == "JSESSIONID"
    assert re.fullmatch("[0-9A-F]{32}", str(after.value))
    assert before.value != after.value
    assert after.secure
    assert after.path == "/cmplatform"
    stolen = vvb.browser()
    stolen.cookies.set_cookie(before)
    assert "j_password" in stolen.visit().text


def test_a_second_log_in_ends_the_first_session(vvb: Appliance) -> None:
    browser = vvb.logged_in()
    before = cookie(browser)
    data = {"j_username": USER, "j_password": PASSWORD}
    assert browser.post(f"{browser.home}/cmplatform/j_security_check", data=data, timeout=5).url.endswith(HOME)
    stolen = vvb.browser()
    stolen.cookies.set_cookie(before)
    assert "j_password" in stolen.visit().text


@pytest.mark.parametrize("user, password", [(USER, "wrong"), (USER, ""), ("admin", PASSWORD), ("", ""), (USER, "é\0")])
def test_a_wrong_password_brings_the_form_again(vvb: Appliance, user: str, password: str) -> None:
    browser = vvb.browser()
    page = browser.log_in(user, password, UPLOAD)
    assert REFUSED in page.text
    assert "j_password" in browser.visit(UPLOAD).text
    assert [(event.kind, event.channel, event.user) for event in vvb.events] == [("refused", "https", user)]
    assert browser.log_in(USER, PASSWORD, UPLOAD).path == "/certificateUpload.do"


def test_no_password_reaches_the_audit_log(vvb: Appliance) -> None:
    browser = vvb.browser()
    browser.log_in(USER, "wrong-secret")
    browser.log_in(USER, PASSWORD)
    browser.find()
    for secret in ("wrong-secret", PASSWORD, str(cookie(browser).value)):
        assert secret not in repr(vvb.events)


def test_three_wrong_passwords_lock_the_account_without_a_word(vvb: Appliance) -> None:
    browser = vvb.browser()
    answers = {browser.log_in(USER, "wrong").text for _ in range(3)}
    assert vvb.node.accounts.locked
    assert browser.log_in(USER, PASSWORD).text in answers
    assert len(answers) == 1
    later = vvb.node.accounts.now() + 301
    vvb.node.accounts.now = lambda: later
    assert browser.log_in(USER, PASSWORD).path == HOME


@pytest.mark.parametrize("kind", ["wrong_password", "locked_account"])
def test_a_log_in_that_fails_on_demand(vvb: Appliance, kind: str) -> None:
    vvb.fail(kind, times=1)
    browser = vvb.browser()
    assert REFUSED in browser.log_in(USER, PASSWORD).text
    assert browser.log_in(USER, PASSWORD).path == HOME
    vvb.fail(kind, account="somebody else")
    assert vvb.browser().log_in(USER, PASSWORD).path == HOME


def test_logout_ends_the_session(vvb: Appliance) -> None:
    browser = vvb.logged_in()
    browser.visit("/cmplatform/logout.do")
    assert "j_password" in browser.visit(UPLOAD).text


def test_a_session_times_out() -> None:
    now = 0.0
    sessions = Sessions(lambda: now)
    session = sessions.log_in(None, USER)
    now += IDLE_LIMIT
    assert sessions.find(session.identifier) is session
    now += IDLE_LIMIT  # every request begins the time anew
    assert sessions.find(session.identifier) is session
    now += IDLE_LIMIT + 1
    assert sessions.find(session.identifier) is None
    assert sessions.find("") is None


def test_a_form_of_a_lost_session_asks_for_the_log_in(vvb: Appliance) -> None:
    browser = vvb.logged_in()
    page = browser.visit(UPLOAD)
    vvb.fail("web_session_lost", times=1)
    login = browser.upload(b"x", page)
    assert "j_password" in login.text
    assert browser.submit(login, j_username=USER, j_password=PASSWORD).path == HOME


def test_a_restart_of_tomcat_presents_the_new_certificate_and_forgets_sessions(vvb: Appliance) -> None:
    browser = vvb.logged_in()
    old = vvb.node.own("tomcat").chain[0]
    new = vvb.run(vvb.node.regenerate("tomcat")).chain[0]
    assert presented(vvb) == old
    assert browser.visit().path == HOME
    vvb.restart_tomcat()
    assert presented(vvb) == new
    with pytest.raises(requests.exceptions.SSLError):
        browser.visit()
    again = vvb.browser()
    again.cookies.update(browser.cookies)
    assert "j_password" in again.visit().text


def test_a_handshake_that_ends_after_the_restart_leads_nowhere(vvb: Appliance) -> None:
    request = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    with connect(vvb) as early:
        with connect(vvb) as other:
            assert answer(other, request).startswith(b"HTTP/1.1 200")  # by now both have been accepted
        vvb.restart_tomcat()
        assert answer(early, request) == b""


def test_nobody_answers_while_the_appliance_is_off(vvb: Appliance) -> None:
    browser = vvb.logged_in()
    vvb.run(vvb.node.power_off())
    with pytest.raises(requests.ConnectionError):
        browser.visit()


@pytest.mark.parametrize(
    "method, path, status",
    [
        ("GET", "/", 200),
        ("HEAD", "/cmplatform/", 200),
        ("GET", "/elsewhere", 404),
        ("GET", "/cmplatform/nothing.do", 404),
        ("DELETE", "/cmplatform/certificateUpload.do", 404),
        ("GET", "/cmplatform/certificateDelete.do", 404),
    ],
)
def test_other_addresses(vvb: Appliance, method: str, path: str, status: int) -> None:
    browser = vvb.logged_in()
    assert browser.request(method, browser.home + path, timeout=5).status_code == status


@pytest.mark.parametrize("noise", [b"", b"HELLO\r\n\r\n", b"\x16\x03\x01" * 100, b"GET / HTTP/9.9\r\n\r\n"])
def test_noise_costs_one_connection(vvb: Appliance, noise: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    with connect(vvb) as plain, CONTEXT.wrap_socket(plain) as secure:
        secure.sendall(noise)
    assert vvb.browser().visit("/").text
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("seconds", [0, 600])
def test_the_date_is_the_node_s_clock(vvb: Appliance, seconds: int) -> None:
    vvb.fail("clock", seconds=seconds)
    browser = vvb.browser()
    date = parsedate_to_datetime(browser.get(f"{browser.home}/", timeout=5).headers["Date"])
    assert abs(date - datetime.now(UTC) - timedelta(seconds=seconds)) < timedelta(seconds=5)
