"""Site files that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from lab.errors import LabError
from lab.passwords import of_state
from lab.site.site import BUILT_IN, load
from lab.windows.host.install import _system_environment
from lab.windows.host.layout import HostLayout
from tests.lab.hosts.labs import ADS, CVP, DUO

CASES = {
    "an unknown key": ("restrat: {}", "restrat: unknown key"),
    "what the lab writes": ("winrm: {scheme: https}", "winrm: not in a site file"),
    "no hosts": ("hosts: []", "hosts: cannot be []"),
    "a release that does not exist": ("release: '12.7(1)'", "release: cannot be '12.7(1)'"),
    "a name that is no name": ("site: a/b", "site: cannot be 'a/b'"),
    "a password": (
        "credentials: {windows: {username: x, password: y}}",
        "credentials.windows: password: not in a site",
    ),
    "a credential without a user": ("credentials: {windows: {}}", "credentials.windows: username: missing"),
    "a user that is none": ("credentials: {windows: {username: 'a:b'}}", "credentials.windows: username: cannot be"),
    "web services that are none": ("web_services: [crm]", "web_services: cannot be ['crm']"),
    "a credential that is missing": ("role_credentials: {cvp: nobody}", "credentials: 'nobody' is missing"),
    "a key of a host": (f"hosts: [{{fqdn: {CVP}, role: cvp, sied: A}}]", f"hosts[0] ({CVP}): sied: unknown key"),
    "an address": (f"hosts: [{{fqdn: {CVP}, role: cvp, address: 127.0.0.1}}]", "address: not in a site file"),
    "a side": (f"hosts: [{{fqdn: {CVP}, role: cvp, side: C}}]", "side: cannot be 'C'"),
    "no role": (f"hosts: [{{fqdn: {CVP}}}]", "role: missing"),
    "a role that does not exist": (f"hosts: [{{fqdn: {CVP}, role: cpv}}]", "role: there is no role 'cpv'"),
    "a node without a log-in": (f"hosts: [{{fqdn: {CVP}, role: vvb}}]", "credentials: 'vos' is missing"),
    "a server that nobody manages": (
        f"hosts: [{{fqdn: {CVP}, role: pg, managed: false}}]",
        "managed: pg presents 2 certificates; an inventory pins one",
    ),
    "another Java where there is one": (
        f"hosts: [{{fqdn: {CVP}, role: cvp, openjdk: true}}]",
        "openjdk: only for hosts of",
    ),
    "two leaves of a node that has one": (
        f"hosts: [{{fqdn: {CVP}, role: vvb, ecdsa_leaf: true}}]",
        "ecdsa_leaf: only for nodes that have an elliptic certificate",
    ),
    "Java options of a host without CVP": (
        f"hosts: [{{fqdn: {ADS}, role: ads, java_options: stock}}]",
        "java_options: only for CVP servers",
    ),
    "a Tomcat of CVP's": (f"hosts: [{{fqdn: {CVP}, role: cvp, tomcat: true}}]", "tomcat: only for hosts of the CCE"),
    "an ICM of CVP's": (f"hosts: [{{fqdn: {CVP}, role: cvp, icm: 'C:\\x'}}]", "icm: only for hosts of the CCE"),
    "an ICM on another drive": (f"hosts: [{{fqdn: {ADS}, role: ads, icm: 'D:\\icm'}}]", "icm: cannot be"),
    "a host of no release": (
        f"hosts: [{{fqdn: {CVP}, role: cvp, release: '12.7(1)'}}]",
        "release: cannot be '12.7(1)'",
    ),
    "a Java that there is none of": (f"hosts: [{{fqdn: {CVP}, role: cvp, java: 9}}]", "java: cannot be 9"),
    "a Java of a host without one": (
        "hosts: [{fqdn: ece.a.example, role: ece, java: 17}]",
        "java: only for hosts with a Java",
    ),
    "a signer of a web service": (
        "web_services: [{fqdn: crm.example.com, signed_by: verisign}]",
        "web_services[0] (crm.example.com): signed_by: cannot be 'verisign'",
    ),
    "a pin of a web service": ("web_services: [{fqdn: crm.example.com, sha256: AB}]", "sha256: not in a site file"),
    "a web service that is a host": (f"web_services: [{{fqdn: {CVP}}}]", "is there twice"),
    "an entry of no importer": (
        f"exchanged: [{{importer: nobody.example, exporter: {CVP}, port: wsm}}]",
        "exchanged[0]: importer: there is no host 'nobody.example'",
    ),
    "an entry without a port": (f"exchanged: [{{importer: {ADS}, exporter: {CVP}}}]", "exchanged[0]: port: missing"),
    "an entry of a port that is none": (
        f"exchanged: [{{importer: {ADS}, exporter: {CVP}, port: winrm}}]",
        "presents nothing on 'winrm'; it does on wsm, vxml, callserver_sip, callserver_https",
    ),
    "a foreign entry without an alias": (f"exchanged: [{{importer: {ADS}, is: foreign}}]", "alias: missing"),
    "an entry of a store that is none": (
        f"exchanged: [{{importer: {ADS}, store: keystore, exporter: {CVP}, port: wsm}}]",
        "has no store 'keystore'",
    ),
    "a bare name": ("hosts: [{fqdn: cvpa, role: cvp}]", "fqdn: cannot be 'cvpa'"),
    "a host twice": (f"hosts: [{{fqdn: {CVP}, role: cvp}}, {{fqdn: {CVP}, role: cvp}}]", "is there twice"),
    "an environment of numbers": (
        f"hosts: [{{fqdn: {CVP}, role: cvp, environment: {{CVP_HOME: 1}}}}]",
        "environment: cannot be {'CVP_HOME': 1}",
    ),
    "dependents of nothing": (
        f"hosts: [{{fqdn: {CVP}, role: cvp, dependents: {{Tomcat9: [X]}}}}]",
        "dependents: cvp has no service 'Tomcat9'",
    ),
    "dependents in a circle": (
        f"hosts: [{{fqdn: {CVP}, role: cvp, dependents: {{callserver: [vxmlserver], vxmlserver: [callserver]}}}}]",
        "a dependent cannot have dependents of its own",
    ),
}


@pytest.mark.parametrize("change, said", CASES.values(), ids=CASES.keys())
def test_a_site_file_is_refused_by_file_and_key(tmp_path: Path, change: str, said: str) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(yaml.safe_dump({**yaml.safe_load(DUO), **yaml.safe_load(change)}), encoding="utf-8")
    with pytest.raises(LabError) as error:
        load(str(file))
    assert str(error.value).startswith(str(file))
    assert said in str(error.value)


@pytest.mark.parametrize(
    "text, said", [("[", "not YAML"), ("- a", "a site file is a mapping"), ("{}", "site: missing")]
)
def test_what_is_no_site_file_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LabError, match=said):
        load(str(file))


@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_sites_can_be_read(name: str) -> None:
    assert load(name).name == name


def test_a_host_s_variables_are_those_that_somebody_has_set(tmp_path: Path) -> None:
    file, quoted = tmp_path / "set.yaml", '"C:\\Cisco\\CVP\\"'
    host = {"fqdn": CVP, "role": "cvp", "environment": {"CVP_HOME": quoted}, "short_names": False}
    file.write_text(yaml.safe_dump({**yaml.safe_load(DUO), "hosts": [host]}), encoding="utf-8")
    (found,) = load(str(file)).hosts
    assert found.short_names is False
    assert found.entry.keys() == {"fqdn", "role"}, "the inventory does not repeat them"
    layout = HostLayout(tmp_path, found, of_state(tmp_path))
    assert _system_environment(layout)["CVP_HOME"] == ("REG_SZ", quoted)
