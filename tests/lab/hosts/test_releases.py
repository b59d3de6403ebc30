"""A site of any release: paths, variables, Java options, and where a CVP's password is found."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from lab.set_up.state import State, prepare
from lab.site.site import load
from lab.tables.releases import RELEASES
from lab.tables.roles import PROCRUN, SYSTEM_ENVIRONMENT
from lab.windows.host.layout import HostLayout
from lab.windows.host.loading import load as load_service
from lab.windows.host.registry import JsonRegistry
from lab.windows.host.stores import read
from tests.lab.hosts.labs import LabInside
from tests.lab.hosts.solution import CVPRPT
from tests.lab.hosts.test_winrm import audit, connect, run

ORACLE = r"C:\Program Files (x86)\Java\jre1.8.0_221"
OPENJDK = r"C:\Program Files (x86)\OpenJDK\jre-8.0"
ICM = r"C:\icm\ssl\cacerts"


@dataclass(frozen=True)
class Expected:
    """What is different in a release."""

    truststore: str  # begins with
    tools: str  # the variable that names the Java home
    sealed: bool
    named: bool  # Tomcat's Java options name the trust store
    stores: int  # that Tomcat loads


CASES = {
    ("12.5(1)", False): Expected(ORACLE, "JAVA_HOME", sealed=False, named=False, stores=1),
    ("12.5(1)", True): Expected(OPENJDK, "CCE_JAVA_HOME", sealed=False, named=False, stores=1),
    ("12.5(2)", False): Expected(OPENJDK, "CCE_JAVA_HOME", sealed=False, named=False, stores=1),
    ("12.6(1)", False): Expected(ICM, "CCE_JAVA_HOME", sealed=False, named=True, stores=1),
    ("12.6(2)", False): Expected(ICM, "CCE_JAVA_HOME", sealed=True, named=True, stores=2),
    ("15.0(1)", False): Expected(ICM, "CCE_JAVA_HOME", sealed=True, named=True, stores=2),
}


@dataclass(frozen=True)
class Installed:
    """Two hosts of a release, not started."""

    ads: HostLayout
    cvp: HostLayout
    expected: Expected


def site(release: str, *, openjdk: bool) -> str:
    return f"""
site: any
release: "{release}"
certificate: {{organization: Any}}
credentials: {{windows: {{username: 'LAB\\runbook'}}}}
hosts:
  - {{fqdn: awa.any.example, role: ads, side: A, principal: true{", openjdk: true" if openjdk else ""}}}
  - {{fqdn: cvprpt.any.example, role: cvp_reporting, side: A}}
"""


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case[0] + " with ES55" * case[1])
def installed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    release, openjdk = request.param
    folder = tmp_path_factory.mktemp("release")
    (folder / "site.yaml").write_text(site(release, openjdk=openjdk), encoding="utf-8")
    with ThreadPoolExecutor(2) as pool:
        state: State = prepare(folder / "state", load(str(folder / "site.yaml")), pool)
    ads, cvp = (state.layout(host) for host in state.site.hosts)
    return Installed(ads, cvp, CASES[request.param])


def test_every_release_is_tried() -> None:
    assert {release for release, _ in CASES} == set(RELEASES)


def test_tomcats_trust_store_lies_where_the_release_has_it(installed: Installed) -> None:
    kind = installed.ads.stores["cacerts"]
    assert installed.ads.windows(kind.path).startswith(installed.expected.truststore)
    assert len(read(installed.ads.on_disk(kind.path), installed.ads.factory_password(kind), "JKS").trusted) == 20
    [jre_store] = {*installed.ads.stores} - {"cacerts"} or {"cacerts"}
    assert installed.ads.windows(installed.ads.stores[jre_store].path).endswith(r"\lib\security\cacerts")


def test_the_variable_names_a_java_home_with_its_tools(installed: Installed) -> None:
    registry = JsonRegistry(installed.ads.registry_file)
    [home] = registry.value(SYSTEM_ENVIRONMENT, installed.expected.tools)
    assert installed.ads.on_disk(rf"{home}\bin\keytool.exe").is_file()
    [old] = registry.value(SYSTEM_ENVIRONMENT, "JAVA_HOME") or (home,)
    assert installed.ads.on_disk(old).exists() == (old == home)  # what an older Java left behind names nothing
    assert not registry.value(SYSTEM_ENVIRONMENT, "CCE_JAVA_HOME") or installed.expected.tools == "CCE_JAVA_HOME"


def test_tomcats_options_name_the_store_or_leave_it_to_java(installed: Installed) -> None:
    registry = JsonRegistry(installed.ads.registry_file)
    options = registry.value(rf"{PROCRUN}\Tomcat9\Parameters\Java", "Options")
    named = [option.partition("=")[2] for option in options if "trustStore=" in option]
    assert named == ([ICM] if installed.expected.named else [])
    [tomcat] = [service for service in installed.ads.role_data.services if service.name == "Tomcat9"]
    loaded = load_service(installed.ads, registry, tomcat)
    assert len(loaded.anchors) == installed.expected.stores
    assert len(loaded.trusted) == 20


def test_the_keystores_password_is_plain_or_sealed(installed: Installed) -> None:
    layout = installed.cvp
    password = layout.factory_password(layout.stores["keystore"])
    text = layout.on_disk(r"C:\Cisco\CVP\conf\security.properties").read_text(encoding="ascii")
    assert "Security.keystorePW = " in text
    assert (password in text) is not installed.expected.sealed
    assert layout.configured_password() == password
    assert layout.on_disk(r"C:\Cisco\CVP\bin\DecryptKeystoreUtil.bat").exists() is installed.expected.sealed


def test_a_sealed_password_that_somebody_wrote_is_none(installed: Installed) -> None:
    if not installed.expected.sealed:
        return
    file = installed.cvp.on_disk(r"C:\Cisco\CVP\conf\security.properties")
    text = file.read_text(encoding="ascii")
    file.write_text(text.replace("keystorePW = ", "keystorePW = x"), encoding="ascii")
    assert installed.cvp.configured_password() is None
    file.write_text(text, encoding="ascii")


@pytest.mark.parametrize(
    "line",
    [
        r"@%CVP_HOME%\bin\DecryptKeystoreUtil.bat",
        r'@cd /d "%CVP_HOME%\bin" && .\decryptkeystoreutil.bat <nul',
        r'@cmd /c ""%CVP_HOME%\bin\DecryptKeystoreUtil""',
    ],
)
def test_the_utility_prints_the_password(solution: LabInside, line: str) -> None:
    layout = solution.host(CVPRPT).layout
    password = layout.factory_password(layout.stores["keystore"])
    folder = solution.lab._options.state.parent
    protocol = connect(folder, CVPRPT)
    assert run(protocol, line) == (f"{password}\r\n", 0)
    assert audit(folder)[-1]["changed"] is False
    keystore = layout.on_disk(layout.stores["keystore"].path)
    assert "wsm_certificate" in read(keystore, password, "JCEKS").key_chains
