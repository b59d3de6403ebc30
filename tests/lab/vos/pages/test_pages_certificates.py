"""Certificate Management: finding, looking, downloading, deleting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.certificates import pem
from lab.vos.pages.listing import ASKING, COLUMNS, OPERATORS, ROWS_PER_PAGE, Query, Row, page_of
from tests.lab.vos.pages.appliances import FQDN, NOW, Appliance, Run, appliance, certificate, installed_node
from tests.lab.vos.pages.browser import Browser, Page

LIST = "/cmplatform/certificateFindList.do"
TRUST = "/usr/local/platform/.security/tomcat/trust-certs"
OWN = "/usr/local/platform/.security/tomcat/certs/tomcat.pem"
HOSTS = [f"cvp{number:02}.lab.example" for number in range(1, 13)]


@pytest.fixture
def filled(vvb: Appliance) -> Appliance:
    for at, name in enumerate([*HOSTS, "Some Root CA"]):
        vvb.node.trust.add(certificate(name, ends=30 * at + 30), "Trust Certificate")
    vvb.node.trust.add(certificate("signed.lab.example", issuer="Some Root CA"), 'by <b>hand</b> & "so"')
    return vvb


@pytest.fixture
def browser(filled: Appliance) -> Browser:
    return filled.logged_in()


def names(page: Page) -> list[str]:
    """The Common Name column."""
    return [row[1] for row in page.rows if len(row) == len(COLUMNS) and row[0] != "Certificate"]


def test_the_list_is_empty_until_find_is_pressed(browser: Browser) -> None:
    assert names(browser.visit(LIST)) == []
    page = browser.find()
    assert page.status == "17 records found"
    assert "Certificate List (1 - 17 of 17)" in page.text
    assert names(page) == ["vvb1-EC.lab.example", FQDN, *names(page)[2:]]
    assert sorted(names(page)[2:]) == sorted([*HOSTS, FQDN, "Some_Root_CA", "signed.lab.example"])


def test_the_rows(browser: Browser) -> None:
    [heads, row] = browser.find(searchField0="commonName", searchLimit0="isExactly", searchString0="Some_Root_CA").rows[
        2:4
    ]
    assert heads == list(COLUMNS.values())
    expires = f"{NOW + timedelta(days=390):%m/%d/%Y}"
    name = "Some_Root_CA"
    assert row == ["tomcat-trust", name, "Self-signed", "EC", name, name, expires, "Trust Certificate"]
    [row] = browser.find(searchField0="type", searchString0="ca-").rows[3:4]
    assert row[2:6] == ["CA-signed", "EC", "signed.lab.example", name]
    assert row[7] == 'by <b>hand</b> & "so"'
    assert "<b>hand" not in browser.find().text


@pytest.mark.parametrize(
    "column, operator, text, found",
    [
        ("commonName", "beginsWith", "CVP0", HOSTS[:9]),
        ("commonName", "endsWith", "12.lab.example", HOSTS[11:]),
        ("commonName", "contains", "vp1", HOSTS[9:]),
        ("commonName", "isExactly", "cvp01", []),
        ("certificate", "isExactly", "tomcat", [FQDN]),
        ("certificate", "beginsWith", "ipsec", ["vvb1-EC.lab.example"]),
        ("description", "isEmpty", "", []),
        ("issuedBy", "beginsWith", "some", ["signed.lab.example", "Some_Root_CA"]),
        ("commonName", "contains", "<script>", []),
    ],
)
def test_the_filter(browser: Browser, column: str, operator: str, text: str, found: list[str]) -> None:
    page = browser.find(searchField0=column, searchLimit0=operator, searchString0=text)
    assert sorted(names(page)) == sorted(found)
    values = page.form.values
    assert (values["searchField0"], values["searchLimit0"], values["searchString0"]) == (column, operator, text)


def test_pages_of_rows(browser: Browser) -> None:
    page = browser.find(rowsPerPage="10", searchField0="commonName", searchString0="cvp")
    first = names(page)
    assert "(1 - 10 of 12)" in page.text
    assert "Previous" not in page.links
    page = browser.visit(page.links["Next"])
    assert "(11 - 12 of 12)" in page.text
    assert "Next" not in page.links
    assert sorted([*first, *names(page)]) == HOSTS
    assert names(browser.visit(page.links["Previous"])) == first


@pytest.mark.parametrize("ascending", [True, False])
def test_a_deep_link_shows_rows_at_once(browser: Browser, *, ascending: bool) -> None:
    page = browser.visit(LIST, sortColumn="expiration", sortAscend=str(ascending).lower(), searchString0="tomcat-t")
    trusted = [name for name in names(page) if name.startswith("cvp")]
    assert trusted == (HOSTS if ascending else HOSTS[::-1])


def test_the_detail_page_of_a_trust_certificate(filled: Appliance, browser: Browser) -> None:
    page = browser.visit(browser.find().links["cvp01.lab.example"])
    assert parse_qs(urlsplit(page.url).query) == {"cert": [f"{TRUST}/cvp01.lab.example.pem"]}
    assert [row for row in page.rows if len(row) == 2][1:] == [
        ["File Name", "cvp01.lab.example.pem"],
        ["Certificate Purpose", "tomcat-trust"],
        ["Certificate Type", "trust-certs"],
        ["Certificate Group", "product-cpi"],
        ["Description(friendly name)", "Trust Certificate"],
    ]
    assert "Subject Name: CN=cvp01.lab.example" in page.text
    assert "BEGIN CERTIFICATE" not in page.text
    assert page.form.buttons == {"deleteButton": "Delete"}
    assert not filled.changes


@pytest.mark.parametrize("path, name", [(OWN, "tomcat"), (f"{TRUST}/cvp01.lab.example.pem", "cvp01.lab.example")])
def test_downloads(filled: Appliance, browser: Browser, path: str, name: str) -> None:
    trusted = filled.node.trust.find(name)
    der = trusted.der if trusted else filled.node.own(name).chain[0]
    links = browser.visit("/cmplatform/certificateEdit.do", cert=path).links
    for label, suffix, content in (("PEM", "pem", pem(der)), ("DER", "der", der)):
        answer = browser.get(browser.home + links[f"Download .{label} File"], timeout=5)
        assert answer.content == content
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}.{suffix}"'


def test_an_own_certificate_has_its_pem_on_the_page_and_no_delete(filled: Appliance, browser: Browser) -> None:
    page = browser.visit("/cmplatform/certificateEdit.do", cert=OWN)
    assert "\n]-----BEGIN CERTIFICATE-----" in page.text
    assert page.form.buttons == {}
    assert "Only trust certificates can be deleted" in browser.submit(page).status
    assert filled.node.own("tomcat")
    assert not filled.changes


def test_delete(filled: Appliance, browser: Browser) -> None:
    page = browser.visit(browser.find().links["cvp01.lab.example"])
    assert browser.submit(page).status == "Certificate deleted successfully."
    assert "no token was supplied" in browser.submit(page).status
    assert "cvp01.lab.example.pem" not in filled.trusted
    assert len(filled.trusted) == 13
    assert "cvp01.lab.example" not in names(browser.find())
    assert filled.changes == ["POST /cmplatform/certificateDelete.do: tomcat-trust/cvp01.lab.example.pem: deleted"]


def test_delete_needs_a_token(filled: Appliance, browser: Browser) -> None:
    page = browser.visit(browser.find().links["cvp01.lab.example"])
    assert "no token was supplied" in browser.submit(page, token="0" * 32).status
    assert len(filled.trusted) == 14
    assert browser.submit(page).status == "Certificate deleted successfully."  # its own was not used up


@pytest.mark.parametrize("path", ["", "/etc/passwd", f"{TRUST}/gone.pem", f"{TRUST}/../certs/tomcat.pem"])
def test_a_certificate_that_does_not_exist(filled: Appliance, browser: Browser, path: str) -> None:
    for page in ("certificateEdit", "certificateDownload"):
        assert (
            browser.visit(f"/cmplatform/{page}.do", cert=path, format="pem").status == "The certificate does not exist."
        )
    known = browser.visit("/cmplatform/certificateEdit.do", cert=f"{TRUST}/cvp01.lab.example.pem")
    assert browser.submit(known, cert=path).status == "The certificate does not exist."
    assert len(filled.trusted) == 14


@pytest.fixture
def release_15(run: Run, tmp_path: Path) -> Iterator[Appliance]:
    with appliance(run, installed_node(tmp_path, "15.0(1)"), tmp_path, "15.0(1)") as one:
        yield one


def test_later_releases_name_the_serial_number(release_15: Appliance) -> None:
    release_15.node.trust.add(certificate("cvp01.lab.example"))
    browser = release_15.logged_in()
    [name] = names(browser.find(searchField0="commonName", searchString0="cvp01.lab.example_"))
    page = browser.visit(browser.find().links[name])
    assert name.rpartition("_")[2] == f"{release_15.node.trust.list()[0].certificate.serial_number:x}".zfill(40)
    assert "SubjectDN" in page.text


TEXTS = st.sampled_from(["", "1", "0", "-1", "10", "25", "250", "1e3", "٣", "9" * 5000, *COLUMNS, *OPERATORS, "\0"])
PARAMETERS = st.dictionaries(st.sampled_from([*Query().parameters(), *ASKING, "other"]), TEXTS | st.text())
ROWS = st.lists(
    st.builds(Row, *[st.sampled_from(["", "a", "A", "ab", "B"])] * 6, st.dates(date(1950, 1, 1)), st.text(), st.text())
)


@given(PARAMETERS, ROWS)
def test_whatever_is_asked_the_pages_together_show_what_was_found(parameters: dict[str, str], rows: list[Row]) -> None:
    query = Query.of(parameters)
    assert Query.of(query.parameters()) == Query.of({**query.parameters(), "findButton": "Find"})
    found = [row for row in rows if query.fits(row)]
    count = page_of(rows, query).count
    pages = [page_of(rows, Query.of({**parameters, "pageNumber": str(at + 1)})) for at in range(count)]
    assert sorted((row for page in pages for row in page.rows), key=repr) == sorted(found, key=repr)
    assert query.rows_per_page in ROWS_PER_PAGE
    for page in pages if found else []:
        assert page.last - page.first + 1 == len(page.rows) <= query.rows_per_page
