"""What `-m verify` finds: each wrong state is made by hand on a site whose exchange is done, and is named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jks
import pytest

from tests.runbook.conftest import verify
from tests.runbook.runs import Finished
from tests.runbook.site_lab import ADS, CVP, DUO, SiteLab, site_lab

_SUBJECT = "OU=Contact Center, O=Duo\\, Inc., L=San Jose, ST=California, C=US"
Break = Callable[[SiteLab], None]


def generate(lab: SiteLab, alias: str, options: str, cn: str = CVP) -> None:
    """Make an own certificate anew, by hand, with other options than the runbook's."""
    lab.keytool(CVP, f"-delete -alias {alias}")
    lab.keytool(
        CVP,
        f'-genkeypair -alias {alias} -keyalg RSA -dname "CN={cn}, {_SUBJECT}" -keypass:env PW {options}',
    )


def weak_certificates(lab: SiteLab) -> None:
    good = f"-ext san=dns:{CVP} -validity 1095"
    generate(lab, "wsm_certificate", "-keysize 2048 -sigalg SHA256withRSA -validity 1095", cn="cvpa")
    generate(lab, "vxml_certificate", f"{good} -keysize 2048 -sigalg SHA384withRSA")
    generate(lab, "callserver_certificate", f"{good} -keysize 1024 -sigalg SHA256withRSA")
    lab.restart(CVP, "callserver", "vxmlserver", "WebServicesManager")


def untimely_certificates(lab: SiteLab) -> None:
    good = f"-ext san=dns:{CVP} -keysize 2048 -sigalg SHA256withRSA"
    generate(lab, "wsm_certificate", f"{good} -validity 90")
    generate(lab, "vxml_certificate", f"{good} -startdate -1100d -validity 1095")
    generate(lab, "callserver_certificate", f"{good} -startdate +10d -validity 1095")
    lab.restart(CVP, "callserver", "vxmlserver", "WebServicesManager")


def exporter_not_restarted(lab: SiteLab) -> None:
    good = f"-ext san=dns:{CVP} -keysize 2048 -sigalg SHA256withRSA -validity 1095"
    generate(lab, "wsm_certificate", good)
    lab.restart(CVP, "callserver", "vxmlserver")


def importer_not_restarted(lab: SiteLab) -> None:
    lab.keytool(ADS, f"-changealias -alias {CVP} -destalias elsewhere")
    lab.keytool(ADS, f"-changealias -alias elsewhere -destalias {CVP}")


def wrong_alias(lab: SiteLab) -> None:
    lab.keytool(ADS, f"-changealias -alias {CVP} -destalias wsmcsa")
    lab.restart(ADS, "Tomcat9")


def empty_store(lab: SiteLab) -> None:
    empty = jks.KeyStore.new("jks", []).saves(lab.store_password(ADS))
    lab.store_file(ADS).write_bytes(empty)
    lab.restart(ADS, "Tomcat9")


def file_of_no_bytes(lab: SiteLab) -> None:
    lab.store_file(ADS).write_bytes(b"")


def old_certificate_left(lab: SiteLab) -> None:
    name = f'-dname "CN={CVP}" -ext san=dns:{CVP} -keyalg RSA -keysize 2048'
    other = "-storetype JKS -keystore c:\\temp\\other.jks -storepass:env PW"
    keytool = '@"%JAVA_HOME%\\bin\\keytool.exe"'
    lab.type_in(ADS, f"{keytool} -genkeypair -alias x {name} {other} -keypass:env PW", PW="secret-of-mine")
    lab.type_in(ADS, f"{keytool} -export -alias x -file c:\\temp\\old.cer {other}", PW="secret-of-mine")
    lab.keytool(ADS, "-import -noprompt -alias Util-cvpa-8111 -file c:\\temp\\old.cer")
    lab.restart(ADS, "Tomcat9")


def another_trust_store(lab: SiteLab) -> None:
    path = lab.folder(ADS) / "registry.json"
    text = path.read_text(encoding="utf-8")
    option = r"-Djavax.net.ssl.trustStore=C:\\icm\\ssl\\cacerts"
    assert "-Djavax.net.ssl.trustStorePassword=" in text
    path.write_text(
        text.replace('"-Djavax.net.ssl.trustStorePassword=', f'"{option}", "-Djavax.net.ssl.trustStorePassword='),
        encoding="utf-8",
    )
    json.loads(path.read_text(encoding="utf-8"))


CASES: dict[str, tuple[Break, list[str]]] = {
    "weak": (
        weak_certificates,
        [
            f"{CVP} WSM certificate on port {{wsm}}: common name: expected {CVP}, found cvpa",
            f"{CVP} VXML certificate on port {{vxml}}: signature algorithm: expected SHA256withRSA, found SHA384",
            (
                f"{CVP} CallServer certificate on port {{callserver_sip}}: key: expected RSA of 2048 bits or more, "
                "found RSA 1024"
            ),
        ],
    ),
    "untimely": (
        untimely_certificates,
        [
            f"{CVP} WSM certificate on port {{wsm}}: validity: expected 1095 days, found 90 days",
            f"{CVP} VXML certificate on port {{vxml}}: end of validity: expected after now",
            f"{CVP} CallServer certificate on port {{callserver_https}}: start of validity: expected before now",
        ],
    ),
    "exporter not restarted": (
        exporter_not_restarted,
        [f"{CVP} WSM certificate on port {{wsm}}: presented = stored: expected ", "Restart WebServicesManager"],
    ),
    "importer not restarted": (
        importer_not_restarted,
        [f"{ADS} Tomcat9: live: expected started after the last write of cacerts", "Restart Tomcat9 (step 1.2.d)"],
    ),
    "wrong alias": (
        wrong_alias,
        [f"{ADS} cacerts trust in {CVP}: alias: expected {CVP}, found wsmcsa. Run step 1.2.c for {ADS}."],
    ),
    "empty store": (
        empty_store,
        [f"{ADS} cacerts trust in {CVP}: certificate under alias {CVP}: expected ", "found no entry"],
    ),
    "file of no bytes": (
        file_of_no_bytes,
        [f"{ADS} %RUNBOOK_JAVA_HOME%\\lib\\security\\cacerts: store: expected a JKS store, found"],
    ),
    "old certificate left": (
        old_certificate_left,
        [f"{ADS} cacerts alias util-cvpa-8111: superseded certificate of {CVP}: expected none, found "],
    ),
    "another trust store": (
        another_trust_store,
        [
            (
                f"{ADS} Tomcat9: trust store it reads: expected C:\\Program Files (x86)\\Java\\jre1.8.0_221\\lib\\"
                "security\\cacerts, found C:\\icm\\ssl\\cacerts"
            )
        ],
    ),
}


@pytest.fixture
def broken(request: pytest.FixtureRequest, tmp_path: Path, exchanged_duo: Path) -> Iterator[SiteLab]:
    with site_lab(tmp_path, site=DUO, like=exchanged_duo) as lab:
        request.param(lab)
        yield lab


@pytest.mark.parametrize(
    "broken, messages", CASES.values(), ids=[name.replace(" ", "-") for name in CASES], indirect=["broken"]
)
def test_a_wrong_state_is_found_and_named(broken: SiteLab, messages: list[str], tmp_path: Path) -> None:
    seen = len(broken.audit())

    found = verify(broken, tmp_path / "out")

    assert found.exit_code == 1, found.output
    ports = broken.hosts[CVP]["ports"]
    for message in messages:
        assert message.format(**ports) in found.output
    assert "Traceback" not in found.output
    assert not [line for line in broken.audit()[seen:] if line["changed"] or line["changed_services"]]
    told = document(found)
    assert told["outcome"] == "WRONG"
    said = "\n".join(finding["message"] for finding in told["findings"])
    for message in messages:
        assert message.format(**ports) in said


def document(found: Finished) -> dict[str, Any]:
    """What a night tells other programs."""
    (path,) = found.evidence.glob("verify-*/verification.json")
    return dict(json.loads(path.read_text(encoding="utf-8")))


def test_a_site_in_order_is_found_in_order_until_a_host_cannot_be_asked(duo: SiteLab, tmp_path: Path) -> None:
    found = verify(duo, tmp_path / "out")

    assert found.exit_code == 0, found.output

    duo.fail(host=CVP, kind="unreachable")
    unknown = verify(duo, tmp_path / "later")

    assert unknown.exit_code == 10, unknown.output
    told = document(unknown)
    assert told["outcome"] == "UNKNOWN"
    assert {finding["host"] for finding in told["findings"]} >= {CVP}
    assert {finding["outcome"] for finding in told["findings"]} == {"could not find out"}
    verdicts = {
        importer: {one["verdict"] for one in told["edges"] if one["importer"] == importer} for importer in (ADS, CVP)
    }
    assert verdicts == {ADS: {"HOLDS"}, CVP: {"UNKNOWN"}}
