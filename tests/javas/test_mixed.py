"""A site whose hosts have five releases, five Javas (8 is a stand-in) and eight languages, there and back."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

import pytest
import yaml

from lab.windows.spoken import LANGUAGES
from tests.lab.hosts.labs import lab_process
from tests.runbook.site_lab import SiteLab, site_lab
from tests.solution.test_releases import SITES, there_and_back

# By the bare name. Stores that one version has written are read by the services of all: the lab's own reader.
JAVAS = {
    "awa": 8,
    "awb": 11,
    "aw2b": 21,
    "rtr": 25,
    "pg1a": 17,
    "pg1b": 25,
    "cvpa": 8,
    "cvp2a": 11,
    "cvpb": 17,
    "cvprpt": 21,
    "studio": 25,
}


def mixed() -> str:
    """The site in the middle of its upgrade, each Java host with its version and its language."""
    site = yaml.safe_load(SITES["an upgrade under way"])
    languages = cycle(LANGUAGES)
    for host in site["hosts"]:
        version = JAVAS.get(host["fqdn"].partition(".")[0])
        host.update({} if version is None else {"java": version, "language": next(languages)})
    return str(yaml.safe_dump(site))


@pytest.fixture
def lab_with_javas(javas: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The lab's processes find them."""
    for name, home in javas.items():
        monkeypatch.setenv(name, home)


@pytest.mark.usefixtures("lab_with_javas")
def test_a_site_of_five_releases_five_javas_and_eight_languages_there_and_back(tmp_path: Path) -> None:
    with site_lab(tmp_path, site=mixed()) as lab:
        told = {name: _version(lab, f"{name}.any.example") for name in JAVAS if name != "studio"}
        assert told == {name: str(version) for name, version in JAVAS.items() if name != "studio"}
        there_and_back(lab, tmp_path)


def _version(lab: SiteLab, fqdn: str) -> str:
    """What `java -version` says on a host: its major version."""
    cvp = lab.hosts[fqdn]["role"].startswith("cvp")
    variables = lab._noted(fqdn, r"\Environment")
    home = r"%CVP_HOME%\jre" if cvp else ("%CCE_JAVA_HOME%" if "CCE_JAVA_HOME" in variables else "%JAVA_HOME%")
    said = lab.type_in(fqdn, rf'@"{home}\bin\java.exe" -version').split('"')[1]
    return "8" if said.startswith("1.8.") else said.partition(".")[0]


def test_a_java_that_is_not_there_is_asked_for_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAB_JAVA_17", raising=False)
    (tmp_path / "site.yaml").write_text(mixed(), encoding="utf-8")
    with (
        pytest.raises(AssertionError, match="the variable LAB_JAVA_"),
        lab_process(tmp_path, site=str(tmp_path / "site.yaml")),
    ):
        pass
