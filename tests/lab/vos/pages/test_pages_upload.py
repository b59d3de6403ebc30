"""Uploads: what the page says, what the trust list then has, and the token that is good once."""

from __future__ import annotations

import pytest

from lab.vos.pages.upload import SAID
from lab.vos.trust import Added
from tests.lab.vos.pages.appliances import FQDN, Appliance, certificate
from tests.lab.vos.pages.browser import Browser

CVP, FILE = "cvp1.lab.example", "cvp1.lab.example.pem"
UPLOAD = "/cmplatform/certificateUpload.do"
SUCCESS = "Success: Certificate Uploaded"
NO_TOKEN = "The form has already been processed or no token was supplied, please try again."
NO_CSR = "File /usr/local/platform/.security/tomcat/keys/tomcat.csr Does Not Exist"


@pytest.fixture
def browser(vvb: Appliance) -> Browser:
    return vvb.logged_in()


def stored(vvb: Appliance) -> bytes | None:
    entry = vvb.node.trust.find(FILE)
    return entry.der if entry else None


@pytest.mark.parametrize("encoding", ["PEM", "DER"])
@pytest.mark.parametrize(
    "description, shown",
    [("", "Trust Certificate"), (" é <i>\r\n x ", "é <i> x"), ("-----BEGIN CERTIFICATE-----", "BEGIN CERTIFICATE")],
)
def test_success(vvb: Appliance, browser: Browser, encoding: str, description: str, shown: str) -> None:
    page = browser.upload(certificate(CVP, encoding=encoding), description=description)
    assert page.status.startswith(SUCCESS)
    assert vvb.trusted == {FILE: shown}
    assert vvb.changes == [f"POST {UPLOAD}: tomcat-trust: CN={CVP}: stored"]
    assert page.form.options["name"] == ["ipsec", "tomcat", "tomcat-trust"]


# What is stored before, what is uploaded, what the page says, what is stored afterwards (the first or the second).
@pytest.mark.parametrize(
    "first, second, says, kept",
    [
        pytest.param({}, {"number": 2}, SUCCESS, "second", id="same start date"),
        pytest.param({"begins": -20}, {}, SUCCESS, "second", id="newer"),
        pytest.param({}, {"begins": -20}, SUCCESS, "first", id="older: success in words alone"),
        pytest.param({}, {}, "Error: Certificate already exists.", "first", id="the same"),
        pytest.param({"begins": -20}, {"ends": -1}, "Error: The certificate has expired.", "first", id="expired"),
        pytest.param({}, {"begins": 5}, SUCCESS, "second", id="not yet valid"),
    ],
)
def test_one_certificate_a_common_name(
    vvb: Appliance, browser: Browser, first: dict[str, int], second: dict[str, int], says: str, kept: str
) -> None:
    ders = {"first": certificate(CVP, encoding="DER", **first), "second": certificate(CVP, encoding="DER", **second)}
    assert browser.upload(ders["first"]).status.startswith(SUCCESS)
    vvb.events.clear()
    assert browser.upload(ders["second"]).status.startswith(says)
    assert stored(vvb) == ders[kept]
    assert list(vvb.trusted) == [FILE]
    assert bool(vvb.changes) == (kept == "second")


@pytest.mark.parametrize(
    "purpose, content, says",
    [
        ("tomcat-trust", b"", "Error: Error while reading the certificate."),
        ("tomcat-trust", b"\0\xff junk", "Error: Error while reading the certificate."),
        ("tomcat-trust", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "Error: Error while"),
        ("tomcat-trust", certificate("*.lab.example"), "Error: Certificates with a wildcard entry"),
        ("tomcat", certificate(CVP), NO_CSR),
        ("tomcat", certificate(CVP, issuer=FQDN), "CA Certificate is Not Available in the Trust-Store"),
        ("tomcat", b"junk", "Error: Error while reading the certificate."),
        ("cup-xmpp-trust", certificate(CVP), "Error: Invalid certificate type."),
        ("", certificate(CVP), "Error: Invalid certificate type."),
    ],
)
def test_what_is_refused(vvb: Appliance, browser: Browser, purpose: str, content: bytes, says: str) -> None:
    page = browser.upload(content, purpose=purpose)
    assert page.status.startswith(says)
    assert SUCCESS not in page.text
    assert not vvb.trusted
    assert not vvb.changes
    assert browser.upload(certificate(CVP), page).status.startswith(SUCCESS)


def test_the_page_has_words_for_every_outcome() -> None:
    assert set(SAID) == set(Added)


def test_the_first_purpose_is_not_the_trust_list(browser: Browser) -> None:
    assert browser.visit(UPLOAD).form.values["name"] == "tomcat"


def test_a_form_without_a_file(vvb: Appliance, browser: Browser) -> None:
    page = browser.visit(UPLOAD)
    for files in ({"other": ("x", b"x")}, {"file": ("", b"")}, None):
        page = browser.submit(page, files=files, name="tomcat-trust")
        assert page.status == "Error: Please select a file to upload."
    assert not vvb.changes


def test_each_answer_carries_the_next_token(vvb: Appliance, browser: Browser) -> None:
    page = browser.visit(UPLOAD)
    tokens = {page.token}
    for number in range(3):
        page = browser.upload(certificate(f"cvp{number}"), page)
        assert page.status.startswith(SUCCESS)
        tokens.add(page.token)
    assert len(tokens) == 4
    assert all(token and len(token) == 32 and token.isalnum() and token.upper() == token for token in tokens)
    assert len(vvb.trusted) == 3


@pytest.mark.parametrize(
    "values",
    [{"token": "A" * 32}, {"token": ""}, {"token": "é"}, {"struts.token.name": "other"}, {"struts.token.name": ""}],
)
def test_a_wrong_token(vvb: Appliance, browser: Browser, values: dict[str, str]) -> None:
    page = browser.visit(UPLOAD)
    page.form.values.update(values)
    assert browser.upload(certificate(CVP), page).status == NO_TOKEN
    assert not vvb.trusted


def test_a_token_is_good_once_and_for_the_last_form_alone(vvb: Appliance, browser: Browser) -> None:
    first, second = browser.visit(UPLOAD), browser.visit(UPLOAD)
    assert browser.upload(certificate(CVP), first).status == NO_TOKEN
    assert browser.upload(certificate(CVP), second).status.startswith(SUCCESS)
    assert browser.upload(certificate("other"), second).status == NO_TOKEN
    assert list(vvb.trusted) == [FILE]


def test_a_token_is_its_session_s_own(vvb: Appliance, browser: Browser) -> None:
    page = vvb.logged_in().visit(UPLOAD)
    browser.visit(UPLOAD)
    assert browser.upload(certificate(CVP), page).status == NO_TOKEN


def test_a_success_message_that_lies(vvb: Appliance, browser: Browser) -> None:
    vvb.fail("upload_not_stored", match=f"{CVP}$", times=1)
    assert browser.upload(certificate("other")).status.startswith(SUCCESS)
    assert browser.upload(certificate(CVP)).status.startswith(SUCCESS)
    assert list(vvb.trusted) == ["other.pem"]
    assert CVP not in browser.find().text
    assert f"POST {UPLOAD}: tomcat-trust: CN={CVP}: not stored" in [event.text for event in vvb.events]
    assert len(vvb.changes) == 1
    assert browser.upload(certificate(CVP)).status.startswith(SUCCESS)
    assert FILE in vvb.trusted


def test_an_older_one_may_be_refused_in_words(vvb: Appliance, browser: Browser) -> None:
    vvb.fail("older_upload_refused")
    browser.upload(certificate(CVP, encoding="DER"))
    assert browser.upload(certificate(CVP, begins=-20)).status == "Error: A newer certificate with this name exists."
    assert stored(vvb) == certificate(CVP, encoding="DER")


def test_a_form_may_come_without_its_token(vvb: Appliance, browser: Browser) -> None:
    vvb.fail("no_form_token", times=1)
    page = browser.visit(UPLOAD)
    assert page.token is None
    assert browser.upload(certificate(CVP), page).status == NO_TOKEN
    assert browser.upload(certificate(CVP)).status.startswith(SUCCESS)


@pytest.mark.parametrize(
    "content_type, body, status",
    [
        ("multipart/form-data", b"no boundary", 400),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken", 400),
        ("multipart/form-data; boundary=x", b"", 400),
        ("text/plain", b"token", 200),
        ("application/x-www-form-urlencoded", b"%%%=%ff&token", 200),
        ("application/x-www-form-urlencoded", b"a" * 2_000_000, 413),
    ],
)
def test_a_form_that_is_none(
    vvb: Appliance,
    browser: Browser,
    content_type: str,
    body: bytes,
    status: int,
    capfd: pytest.CaptureFixture[str],
) -> None:
    headers = {"Content-Type": content_type}
    answer = browser.post(browser.home + UPLOAD, data=body, headers=headers, timeout=5)
    assert answer.status_code == status
    assert not vvb.changes
    assert capfd.readouterr() == ("", "")
