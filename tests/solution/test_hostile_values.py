"""Values that mean harm, through a whole change: carried unharmed to the stores, never executed, inert on every page.

What is refused instead stands in `tests/fixtures/inventory/test_hostile_values.py` and in `test_change_id.py` beside
it; what hosts print, in `test_nasty_hosts.py`; certificates and aliases that break rules, in `test_odd_stores.py`.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import javaproperties
import jks
import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from tests.checks.made import certificate
from tests.checks.store_files import add, held, keytool
from tests.fixtures.nasty import FORBIDDEN
from tests.runbook.conftest import verify
from tests.runbook.kills import OWN
from tests.runbook.planned import planned, unplanned
from tests.runbook.runs import Finished, runbook
from tests.runbook.site_lab import ADS, CVP, DUO, SiteLab, site_lab

# What cmd.exe, a shell, Java, a distinguished name, HTML, a spreadsheet, a template and a reader's eye would obey.
SUBJECT = {
    NameOID.ORGANIZATIONAL_UNIT_NAME: ("organizational_unit", "</script><script>alert(1)</script>"),
    NameOID.ORGANIZATION_NAME: ("organization", "=cmd|' /C calc'!A1 & calc ^ > out.txt < in.txt !PATH!"),
    NameOID.LOCALITY_NAME: ("locality", "#$(calc) `calc`; a,b + c = d\\ && {{7*7}} ${x} {# x #}' OR 1=1 --"),
    NameOID.STATE_OR_PROVINCE_NAME: ("state", "-J-Dx=y [a](javascript:alert(2)) \u202evig\u202c *x* ../..\\ nul"),
}
WHO = "<img src=x onerror=alert(3)>"
HOLDER = {"who": WHO, "how": '=HYPERLINK("http://evil.example")\u202e', "done_by": "-@SUM(1)|'calc'!A1\u2028`x`"}
PASSWORD = "-x \"%PATH%!a!^&|<>'`$(calc)\\;,=+#{{7*7}}</script>:*?~"
ALIASES = (
    *("<script>alert(4)</script>", "=cmd|' /c calc'!a1", "..\\..\\con", "nul", "%path%", "!path!", 'a" & calc & "b'),
    *("-delete", "$(calc)`calc`", "{{7*7}}", "\u202egro", "x" * 300, "a,b;c=d\\", "[x](javascript:alert(5))"),
)
CHANGE = "C-h_g.1a"
_HOLDS_CODE = re.compile(r"\s*(?:alert|javascript)", re.IGNORECASE)
_PROMETHEUS = re.compile(r'(?:#.*|[a-z_]+(?:\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*\})? \S+)?')
_CALENDAR = re.compile(r"(?:[A-Z-]+[;:]| ).*")


def another_password(lab: SiteLab) -> None:
    """Give the CVP server's keystore a password that somebody has thought of."""
    file, old = lab.store_file(CVP), lab.store_password(CVP)
    store = ("-storetype", "JCEKS", "-keystore", file)
    for alias in OWN:
        keytool("-keypasswd", "-alias", alias, *store, "-storepass", old, "-keypass", old, "-new", PASSWORD)
    keytool("-storepasswd", *store, "-storepass", old, "-new", PASSWORD)
    properties = lab.folder(CVP) / "C/Cisco/CVP/conf/security.properties"
    content = javaproperties.loads(properties.read_text(encoding="ascii")) | {"Security.keystorePW": PASSWORD}
    properties.write_text(javaproperties.dumps(content, timestamp=False), encoding="ascii")
    lab._keystore_passwords[CVP] = PASSWORD
    lab.restart(CVP, "callserver", "vxmlserver", "WebServicesManager")


@dataclass(frozen=True)
class Story:
    """The runs, what was planned for them, and what the drives held before."""

    lab: SiteLab
    changed: Finished
    verified: Finished
    plan: dict[str, object]
    seen: int
    before: dict[str, tuple[str, int]]
    foreign: dict[str, bytes]


@pytest.fixture(scope="module")
def story(exchanged_duo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("hostile")
    with site_lab(folder, site=DUO, like=exchanged_duo) as lab:
        another_password(lab)
        add(lab.store_file(ADS), lab.store_password(ADS), {one: certificate(one[:60], dns=()) for one in ALIASES})
        lab.edit_inventory(renew="all", **dict(SUBJECT.values()))
        lab.edit_host(CVP, also_trusted_by=[HOLDER])
        foreign = trusted(lab)
        plan, seen, before = planned(lab, folder / "plan"), len(lab.audit()), lab.drives()
        changed = runbook(lab, folder / "out", f"--change={CHANGE}", f"--confirmed={CVP}:{WHO}")
        yield Story(lab, changed, verify(lab, folder / "out"), plan, seen, before, foreign)


def trusted(lab: SiteLab) -> dict[str, bytes]:
    """What the ADS server's store holds under the aliases of others, byte for byte."""
    return {alias: der for alias, der in held(lab.store_file(ADS), lab.store_password(ADS)).items() if alias in ALIASES}


def test_the_change_ends_well(story: Story) -> None:
    assert story.changed.exit_code == 0, story.changed.output
    assert story.verified.exit_code == 0, story.verified.output
    for done in (story.changed, story.verified):
        assert FORBIDDEN.findall(done.output) == []


def test_every_value_is_in_its_store_as_it_was_given(story: Story) -> None:
    store = jks.KeyStore.load(str(story.lab.store_file(CVP)), PASSWORD)
    assert set(store.private_keys) == set(OWN)
    for entry in store.private_keys.values():
        subject = x509.load_der_x509_certificate(entry.cert_chain[0][1]).subject
        found = {oid: [one.value for one in subject.get_attributes_for_oid(oid)] for oid in SUBJECT}
        assert found == {oid: [value] for oid, (_, value) in SUBJECT.items()}
    assert len(story.foreign) == len(ALIASES)
    assert trusted(story.lab) == story.foreign


def test_nothing_was_executed(story: Story) -> None:
    """Hosts were sent what the plan says, and no file was made but beside the stores."""
    assert unplanned(story.plan, story.lab.audit()[story.seen :]) == []
    made = {path for path in story.lab.drives().keys() - story.before.keys() if "runbook-" not in path}
    assert made == set()


@dataclass
class Page(HTMLParser):
    """What of a page would be obeyed."""

    obeyed: list[str] = field(default_factory=list)
    text: str = ""
    _in_script: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_script = tag == "script"
        if tag in ("img", "iframe", "object", "embed", "base", "form"):
            self.obeyed.append(tag)
        self.obeyed += [f"{tag} {name}={value}" for name, value in attrs if _obeyed(name, value or "")]

    def handle_data(self, data: str) -> None:
        if self._in_script and _HOLDS_CODE.match(data):
            self.obeyed.append(data)
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        self._in_script = self._in_script and tag != "script"


def _obeyed(name: str, value: str) -> bool:
    return name.startswith("on") or (name in ("href", "src", "action") and bool(_HOLDS_CODE.match(value)))


@pytest.mark.parametrize(
    "harm",
    [
        "<script>x = {}</script><script>alert(1)</script>",
        "<img src=x>",
        "<p onmouseover='x()'>",
        "<a href='javascript:alert(2)'>",
    ],
)
def test_what_a_page_would_obey_is_seen(harm: str) -> None:
    assert read(f"<p>{escape(harm)}</p>").obeyed == []
    assert len(read(f"<p>{harm}</p>").obeyed) == 1


def read(html: str) -> Page:
    page = Page()
    page.feed(html)
    return page


def files(story: Story) -> Iterator[Path]:
    """All that the plan, the change and the verification have left for people and programs."""
    for folder in (story.changed.evidence, story.changed.evidence.with_name("plan")):
        yield from (path for path in folder.rglob("*") if path.is_file())


def test_no_page_obeys_them(story: Story) -> None:
    pages = {path: read(path.read_text(encoding="utf-8")) for path in files(story) if path.suffix == ".html"}
    assert {path.name for path in pages} >= {"change-record.html", "plan.html"}
    assert {path: page.obeyed for path, page in pages.items() if page.obeyed} == {}
    for path in (story.changed.evidence / CHANGE / "change-record.html", *(one for one in pages if "plan" in one.name)):
        for shown in ("alert(1)", "=cmd|' /C calc'!A1", "{{7*7}}"):
            assert shown in pages[path].text, (path, shown)
    assert WHO in pages[story.changed.evidence / CHANGE / "change-record.html"].text
    assert not [path for path, page in pages.items() if FORBIDDEN.search(page.text.replace("\r", ""))]


def test_every_other_file_is_still_what_it_is(story: Story) -> None:
    assert {path.suffix for path in files(story)} >= {".json", ".jsonl", ".xml", ".ics", ".prom", ".txt"}
    for path in files(story):
        text = path.read_text(encoding="utf-8", errors="replace")
        match path.suffix:
            case ".json":
                json.loads(text)
            case ".jsonl":
                assert all(isinstance(json.loads(line), dict) for line in text.split("\n") if line)
            case ".xml":
                ET.fromstring(text)  # noqa: S314 - the run has just written it
            case ".prom":
                assert [line for line in text.split("\n") if not _PROMETHEUS.fullmatch(line)] == []
            case ".ics":
                assert [line for line in text.split("\n") if line and not _CALENDAR.fullmatch(line.rstrip("\r"))] == []
                assert text.count("BEGIN:") == text.count("END:")


def test_no_file_holds_the_password(story: Story) -> None:
    forms = {PASSWORD, escape(PASSWORD), json.dumps(PASSWORD)[1:-1], *story.lab.passwords()}
    for path in files(story):
        text = path.read_bytes().decode("utf-8", "replace")
        assert [one for one in forms if one in text] == [], path
    assert not [one for one in forms if one in story.changed.output + story.verified.output]
